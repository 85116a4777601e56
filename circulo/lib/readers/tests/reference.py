"""Real files to read: they are not in the repository, so tests say what they miss without them."""

import os
from pathlib import Path

import pytest


def reference(folder: str) -> Path:
    """A folder of the reference data, or the test is skipped with the reason."""
    root = os.environ.get("CIRCULO_REFERENCE_DATA")
    if not root or not (Path(root) / folder).is_dir():
        pytest.skip(f"CIRCULO_REFERENCE_DATA does not name a folder that holds {folder}")
    return Path(root) / folder
