"""What an administrator says of an own field, checked: keys, choices, formulas, defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean, slug
from circulo.records import formulas
from circulo.records.formulas.tree import depends_on_today
from circulo.records.models import OwnField
from circulo.records.own import values
from circulo.records.own.definitions import defined
from circulo.records.own.fields import kinds_with_own_fields

MOST_FIELDS, MOST_CHOICES, LONGEST_CHOICE = 200, 200, 60
TEXTS = {
    "label_es": 60, "label_en": 60, "help_es": 200, "help_en": 200, "section": 60,
}  # fmt: skip
FLAGS = ("is_required", "is_searchable", "is_fast")
NAMES = frozenset({*TEXTS, *FLAGS, "choices", "default", "currency", "formula", "target"})
Kind = OwnField.Kind
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CHOOSING = (Kind.CHOICE, Kind.CHOICES)
_SEARCHED = (Kind.TEXT, Kind.LONG_TEXT)
_NEVER_FAST = (Kind.LONG_TEXT, Kind.FILE)
_NEVER_REQUIRED = (Kind.FILE, Kind.COMPUTED)


def key_of(resource: str, said: str, label: str) -> str:
    """The key of a new field: as said, or made of its label."""
    key = said.strip() or slug(label, 40).replace("-", "_")
    if not _KEY.fullmatch(key):
        raise Invalid({"key": _("A key begins with a letter and has only a-z, 0-9 and _.")})
    kind = kinds_with_own_fields()[resource]
    if key in kind.fields or key in ("custom", "id", "yes", "no", "and", "or", "not"):
        raise Invalid({"key": _("Every record has a field called “%s” already.") % key})
    if OwnField.objects.filter(resource=resource, key=key).exists():
        raise Invalid({"key": _("There is a field with the key “%s” already.") % key})
    return key


def checked(field: OwnField, said: Mapping[str, Any]) -> dict[str, Any]:
    """The values to set on a field (which has its kind and resource); Invalid by name."""
    found: dict[str, Any] = {}
    refused: dict[str, Text] = {}
    for name, value in said.items():
        try:
            found[name] = _READERS[name](field, value) if name in _READERS else _flag(value)
        except Invalid as invalid:
            refused[name] = next(iter(invalid.fields.values()))
        except formulas.BadFormula as bad:
            refused[name] = bad.why
    if not refused and not (found.get("label_es") or field.label_es):
        refused["label_es"] = _("A label is needed.")
    if refused:
        raise Invalid(refused)
    return found


def finished(field: OwnField) -> None:
    """What the parts of a field mean together; Invalid where they do not fit each other."""
    kind = Kind(field.kind)
    if kind in _CHOOSING and not field.offered():
        raise Invalid({"choices": _("Say at least one choice.")})
    if kind is Kind.LINK and not field.target:
        raise Invalid({"target": _("Say what it links to.")})
    if kind is Kind.COMPUTED and not field.formula:
        raise Invalid({"formula": _("Write the formula.")})
    if kind is not Kind.COMPUTED:
        field.formula = field.gives = ""
    field.is_searchable &= kind in _SEARCHED
    field.is_fast &= kind not in _NEVER_FAST
    field.is_required &= kind not in _NEVER_REQUIRED
    if kind is Kind.COMPUTED:
        _compute(field)
    field.default = _default(field)


def _compute(field: OwnField) -> None:
    """Check the formula with the fields of now, and note what it gives."""
    about = defined(field.resource)
    readable = {key: holds for key, holds in about.readable.items() if key != field.key}
    node = formulas.parse(field.formula)
    try:
        field.gives = formulas.check(node, readable).value
    except formulas.BadFormula as bad:
        raise Invalid({"formula": bad.why}) from bad
    if field.is_fast and depends_on_today(node):
        raise Invalid({"is_fast": _("What depends on today changes by itself: no index holds it.")})


def readers_of(field: OwnField) -> list[OwnField]:
    """The computed fields whose formulas read this one."""
    about = defined(field.resource)
    return [one for one in about.computed.values() if field.name in about.reads(one)]


def _default(field: OwnField) -> Any:
    if field.default is None or field.kind in (Kind.COMPUTED, Kind.FILE):
        return None
    try:
        return values.read(field, field.default)
    except Invalid as invalid:
        raise Invalid({"default": next(iter(invalid.fields.values()))}) from invalid


def _text(name: str) -> Callable[[OwnField, Any], str]:
    def read(field: OwnField, value: Any) -> str:
        if not isinstance(value, str):
            raise Invalid({"": _("This must be text.")})
        return clean(value, limit=TEXTS[name])

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid({"": _("This must be true or false.")})
    return value


def _choices(field: OwnField, value: Any) -> list[dict[str, Any]]:
    """The choices in their order; one that is left out stays known for the records that hold it."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_CHOICES:
        raise Invalid({"": _("This must be a list of at most %d choices.") % MOST_CHOICES})
    found: dict[str, dict[str, Any]] = {}
    for one in value:
        choice = _choice(one, found, field)
        found[choice["key"]] = choice
    gone = [one | {"gone": True} for one in field.choices if one["key"] not in found]
    return [*found.values(), *gone]


def _choice(said: Any, taken: Mapping[str, Any], field: OwnField) -> dict[str, Any]:
    said = {"es": said} if isinstance(said, str) else said
    if not isinstance(said, Mapping) or not set(said) <= {"key", "es", "en", "gone"}:
        raise Invalid({"": _("A choice has a key and a label in each language.")})
    labels = {word: said.get(word) or "" for word in ("es", "en")}
    if not all(isinstance(label, str) for label in (*labels.values(), said.get("key") or "")):
        raise Invalid({"": _("A choice has a key and a label in each language.")})
    labels = {word: clean(label, limit=LONGEST_CHOICE) for word, label in labels.items()}
    if not (labels["es"] or labels["en"]):
        raise Invalid({"": _("A choice needs a label.")})
    labels["es"] = labels["es"] or labels["en"]
    known = {one["es"]: one["key"] for one in field.choices}
    key = said.get("key") or known.get(labels["es"]) or _free_key(labels["es"], taken)
    is_double = key in taken or labels["es"] in [one["es"] for one in taken.values()]
    if is_double or not _KEY.fullmatch(key):
        raise Invalid({"": _("Two choices are the same: “%s”.") % labels["es"]})
    return {"key": key, **labels, **({"gone": True} if said.get("gone") else {})}


def _free_key(label: str, taken: Mapping[str, Any]) -> str:
    stem = slug(label, 36).replace("-", "_")
    stem = stem if _KEY.fullmatch(stem) else f"c_{stem}".rstrip("_")[:36]
    number, key = 2, stem
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def _one_of(known: Sequence[str]) -> Callable[[OwnField, Any], str]:
    def read(field: OwnField, value: Any) -> str:
        if value not in ("", *known):
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
        return str(value)

    return read


def _currency(field: OwnField, value: Any) -> str:
    text = value.strip().upper() if isinstance(value, str) else "?"
    if text and not re.fullmatch("[A-Z]{3}", text):
        raise Invalid({"": _("A currency is three capital letters, such as EUR.")})
    return text


def _formula(field: OwnField, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    return formulas.written(formulas.parse(value)) if value.strip() else ""


_READERS: dict[str, Callable[[OwnField, Any], Any]] = {
    **{name: _text(name) for name in TEXTS},
    "choices": _choices,
    "target": _one_of(OwnField.Target.values),
    "currency": _currency,
    "formula": _formula,
    "default": lambda field, value: value if value != "" else None,
}
