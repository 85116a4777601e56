"""The press: sheets of typst filled with data, printed as PDF or shown as a picture.

Every print runs in a process of its own with a limit of time and memory and a folder of its own,
which is gone afterwards. What people wrote reaches typst as data in a JSON file and never as code.
The same data give the same bytes: no sheet asks for the time.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.lib.errors import RuleBroken

logger = logging.getLogger(__name__)
SHEETS = Path(__file__).parent / "sheets"
_WORKER = Path(__file__).parent / "worker.py"
SECONDS, MEGABYTES = 20, 2048
SECONDS_OF_MANY = 120
SCREEN = 80.0
_NEVER = 1_000_000_000
_PAGES = re.compile(r"the document only has (\d+) page")
Files = Mapping[str, bytes | Path]


class Unprintable(RuleBroken):
    """What was given cannot be printed: it is broken, or too much at once.

    The `detail` is what the press itself says of it.
    """

    detail = ""


class Protected(Unprintable):
    """A PDF that only opens with a password."""


def print_pdf(
    sheet: str, data: Mapping[str, Any], files: Files | None = None, *, seconds: int = SECONDS
) -> bytes:
    """A sheet as a tagged PDF (PDF/UA-1)."""
    return _printed(sheet, data, files or {}, {"format": "pdf", "ppi": None, "seconds": seconds})


def picture(
    sheet: str, data: Mapping[str, Any], files: Files | None = None, *, seconds: int = SECONDS
) -> bytes:
    """The first page of a sheet as a PNG."""
    return _printed(sheet, data, files or {}, {"format": "png", "ppi": SCREEN, "seconds": seconds})


def pages_of(file: Path, *, seconds: int = SECONDS) -> int:
    """How many pages a PDF has; Unprintable where it is broken, Protected where it is locked.

    The press is asked for a page that no PDF has, and tells how many there are.
    """
    try:
        picture("page", {"page": _NEVER}, {"brought.pdf": file}, seconds=seconds)
    except Unprintable as told:
        if found := _PAGES.search(told.detail):
            return int(found[1])
        if "encrypted" in told.detail:
            raise Protected(_("This PDF is protected by a password.")) from told
        raise
    raise Unprintable(_("This cannot be printed: the file is broken or protected."))


def _printed(sheet: str, data: Mapping[str, Any], files: Files, job: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        root = Path(folder)
        for name in ("common.typ", f"{sheet}.typ"):
            shutil.copy(SHEETS / name, root / name)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in files.items():
            if isinstance(content, Path):
                shutil.copy(content, root / name)
            else:
                (root / name).write_bytes(content)
        said = job | {"root": folder, "input": str(root / f"{sheet}.typ"), "megabytes": MEGABYTES}
        return _run(said | {"fonts": [str(settings.FONTS)]})


def _run(job: dict[str, Any]) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=json.dumps(job).encode(),
            capture_output=True,
            cwd=job["root"],
            env={"HOME": job["root"], "PATH": "", "RAYON_NUM_THREADS": "2"},
            timeout=job["seconds"] + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise Unprintable(_("Printing this takes too long: print less at once.")) from slow
    if done.returncode:
        logger.warning("press: %s", done.stderr.decode("utf-8", "replace")[:2000])
    if done.returncode < 0 or (done.returncode and not done.stderr):
        raise Unprintable(_("Printing this takes too much time or memory: print less at once."))
    if done.returncode:
        broken = Unprintable(_("This cannot be printed: the file is broken or protected."))
        broken.detail = done.stderr.decode("utf-8", "replace")
        raise broken
    return done.stdout
