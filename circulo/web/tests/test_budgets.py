"""The first page stays light: styles, own scripts and all scripts, compressed."""

import gzip
from pathlib import Path

import django_htmx

from circulo.web.staticfiles import SHEETS, page_sheets, style_sheet

SCRIPTS = SHEETS.parent / "js"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"


def _compressed(text: bytes) -> int:
    return len(gzip.compress(text, 9))


def test_the_style_sheets_of_any_page_are_under_20_kb():
    own = max(_compressed(text.encode()) for text in page_sheets().values())

    assert _compressed(style_sheet().encode()) + own < 20_000


def test_own_scripts_are_under_25_kb_and_all_of_them_under_100():
    own = sum(_compressed(path.read_bytes()) for path in SCRIPTS.glob("*.js"))

    assert own < 25_000
    assert own + _compressed(HTMX.read_bytes()) < 100_000


def test_no_script_needs_what_the_policy_forbids():
    for path in SCRIPTS.glob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert "eval(" not in code and "new Function" not in code and ".style." not in code
