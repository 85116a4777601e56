"""One style sheet out of many files, and hashed names for modules that import each other.

The style sheet is written in small files, static/web/css/*.css, whose names give their order. The
finder below hands collectstatic their concatenation as `web/circulo.css`; nothing built lies in the
checkout. What only a few pages need is a sheet of its own, css/pages/*.css, gathered as
`web/pages/*.css`, which these pages ask for.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import (  # type: ignore[import-untyped]  # it has no types
    CompressedManifestStaticFilesStorage,
)

SHEETS = Path(__file__).parent / "static" / "web" / "css"
TOGETHER = "web/circulo.css"


def style_sheet() -> str:
    """What every page needs: all layers, in the order of the files' names."""
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sorted(SHEETS.glob("*.css")))


def page_sheets() -> dict[str, str]:
    """The sheets that a few pages need, by the name under which these ask for them."""
    return {f"web/pages/{sheet.name}": sheet.read_text(encoding="utf-8")
            for sheet in sorted((SHEETS / "pages").glob("*.css"))}  # fmt: skip


class _Made(InMemoryStorage):
    """Files that exist only while static files are gathered."""

    def path(self, name: str) -> str:
        return f"(made) {name}"


class StyleFinder(BaseFinder):
    """Finds the style sheets."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Nothing on disk: they exist only once gathered."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        made = _Made()
        for name, text in {TOGETHER: style_sheet(), **page_sheets()}.items():
            made.save(name, ContentFile(text.encode()))
            yield name, made


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped package
    """Hashed and compressed; names inside modules are hashed too; without set-up, plain names."""

    manifest_strict = False
    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("web/js/*.js", _imports))

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
