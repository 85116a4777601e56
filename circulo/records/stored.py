"""Where the files that were brought in are kept."""

import hashlib
import shutil
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings


def media(path: str) -> Path:
    """Where a stored file is."""
    return Path(settings.HOME) / "media" / path


def stored(file: IO[bytes]) -> tuple[str, str, int]:
    """Copy the file under a random name; the name, its digest and its size."""
    path = f"loads/{uuid4().hex}"
    place = media(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)
    with place.open("rb") as copy:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
    return path, digest, place.stat().st_size
