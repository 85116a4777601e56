"""The catalogue of words: what the sources say, beside what `locale/es` has for it.

`python -m circulo.testing.catalogue` tells what is missing, stale or doubtful; with `--update` it
also writes new texts into the catalogue, empty, and drops those that nothing says any more.
Python files are read as Python reads them (inside f-strings too, and under whatever name gettext is
imported); templates are turned into calls of gettext by Django itself and read by Babel, so that no
other tool needs to be installed.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[1]
SPANISH = HOUSE / "locale" / "es" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_WANTED = {
    "ngettext": 2, "ngettext_lazy": 2, "pgettext": 2, "pgettext_lazy": 2, "npgettext": 3,
}  # fmt: skip
_PLACE = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")
Message = tuple[str | tuple[str, ...], str | None, str]


def said() -> Catalog:
    """Everything that the sources say, with the places where they say it."""
    catalogue = Catalog(locale="en")
    for message, context, place in sorted(_messages(), key=lambda found: found[2]):
        catalogue.add(message, context=context, locations=[(place, 0)])
    return catalogue


def spanish() -> Catalog:
    """The Spanish catalogue as it stands."""
    if not SPANISH.exists():
        return Catalog(locale="es")
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es")


def faults() -> dict[str, list[str]]:
    """What is wrong with the Spanish catalogue, by kind of fault."""
    known, wanted = spanish(), said()
    found: dict[str, list[str]] = {"missing": [], "doubtful": [], "other places": [], "unsaid": []}
    for message in wanted:
        if not message.id:
            continue
        translated = known.get(message.id, context=message.context)
        texts = _texts(translated.string) if translated else []
        if not texts or not all(texts):
            found["missing"].append(_first(message.id))
        elif translated is not None and translated.fuzzy:
            found["doubtful"].append(_first(message.id))
        elif not _fits(message.id, texts):
            found["other places"].append(_first(message.id))
    for message in known:
        if message.id and wanted.get(message.id, context=message.context) is None:
            found["unsaid"].append(_first(message.id))
    return found


def update() -> None:
    """Write the catalogue anew: what is said, with the Spanish that is known for it."""
    known, wanted = spanish(), said()
    fresh = Catalog(locale="es", charset="utf-8", fuzzy=False, project="Círculo", version="1")
    for message in wanted:
        if not message.id:
            continue
        old = known.get(message.id, context=message.context)
        string = old.string if old and any(_texts(old.string)) else ""
        flags = {"python-format"} & set(message.flags)
        fresh.add(message.id, string, locations=message.locations, flags=flags,
                  context=message.context)  # fmt: skip
    SPANISH.parent.mkdir(parents=True, exist_ok=True)
    with SPANISH.open("wb") as file:
        write_po(file, fresh, omit_header=False, sort_output=True, include_lineno=False, width=100)
    text = SPANISH.read_text(encoding="utf-8")
    SPANISH.write_text(re.sub(r'"(POT-Creation|PO-Revision)-Date:.*\n', "", text), encoding="utf-8")


def _messages() -> Iterator[Message]:
    for path in HOUSE.rglob("*.py"):
        if not {"tests", "migrations", "testing"} & set(path.parts):
            place = str(path.relative_to(HOUSE.parent))
            yield from _called(ast.parse(path.read_bytes()), place)
    for path in HOUSE.rglob("templates/**/*.*"):
        if path.suffix in (".html", ".txt"):
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            flat = "\n".join(line.lstrip() for line in code.splitlines())
            yield from _extracted(path, flat.encode())


def _called(tree: ast.AST, place: str) -> Iterator[Message]:
    """Every text that a call of gettext in a Python file is given."""
    names = _names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            name = names.get(node.func.id, "")
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            said = [text for text in texts if isinstance(text, str)]
            if not name or len(said) < _WANTED.get(name, 1):
                continue
            context = said.pop(0) if "pgettext" in name else None
            yield (tuple(said[:2]) if "ngettext" in name else said[0]), context, place


def _names(tree: ast.AST) -> dict[str, str]:
    """What the functions of gettext are called in a file."""
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    aliases = (alias for node in imported for alias in node.names if alias.name in KEYWORDS)
    return {alias.asname or alias.name: alias.name for alias in aliases}


def _extracted(path: Path, code: bytes) -> Iterator[Message]:
    place = str(path.relative_to(HOUSE.parent))
    found = extract("python", io.BytesIO(code), KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        yield message, context, place


def _fits(message: str | tuple[str, ...] | list[str], texts: list[str]) -> bool:
    """Whether the translation has the very places to be filled that the source has."""
    sources = _texts(message)
    wanted = {frozenset(_PLACE.findall(text)) for text in sources}
    return all(frozenset(_PLACE.findall(text)) in wanted for text in texts)


def _texts(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, tuple | list) else [str(value or "")]


def _first(message: object) -> str:
    return _texts(message)[0]


def main(arguments: list[str]) -> int:
    """Tell the faults; 1 when there are any."""
    if "--update" in arguments:
        update()
    found = faults()
    for kind, messages in found.items():
        for message in messages:
            print(f"{kind}: {message!r}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
