"""What a public form may ask, and what its texts are: read for the settings and the API alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.lib.addresses import parted
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.records.rest import reading

# What can be asked, with how it is called where the form says nothing else.
ASKABLE: dict[str, str | Promise] = {
    "name": lazy("Your name"),
    "given_name": lazy("Given name"),
    "first_surname": lazy("First surname"),
    "second_surname": lazy("Second surname"),
    "company": lazy("Company"),
    "job_title": lazy("Job title"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "city": lazy("City"),
    "postal_code": lazy("Postal code"),
    "region": lazy("Province"),
    "message": lazy("How can we help you?"),
}
REACHES = ("email", "phone")
PURPOSES: dict[str, str | Promise] = {
    "contact": pgettext_lazy("consent", "To answer this request"),
    "marketing": pgettext_lazy("consent", "To be told of offers and news"),
    "profiling": pgettext_lazy("consent", "To be known better"),
}
LANGUAGES = ("es", "en")
MOST_TEXT, MOST_SITES = 2_000, 20
TEXTS = {"name": 120, "title": 200, "button": 60, "source": 100, "campaign": 100}
FORM = (*TEXTS, "intro", "thanks", "thanks_url", "language", "fields", "consents", "tags", "sites",
        "is_active")  # fmt: skip
_HOST = re.compile(
    r"https://(?=[^/]{1,190}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    r"(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?"
)


def read_form(said: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns of a form that were said; `before` are those of one that is there."""
    known = reading.known(said, FORM)
    with reading.collecting() as take:
        found = {name: take(name, _READERS[name], value) for name, value in known.items()}
    whole = {**(before or {}), **found}
    refused = _refusals(whole)
    if refused:
        raise Invalid(refused)
    if "consents" in found:
        found["consents"] = _versioned(found["consents"], (before or {}).get("consents", []))
    return found


def _refusals(whole: Mapping[str, Any]) -> dict[str, Text]:
    refused: dict[str, Text] = {}
    for name in ("name", "title"):
        if not whole.get(name):
            refused[name] = _("This is needed.")
    asked = [one["name"] for one in whole.get("fields", [])]
    if not set(asked) & set(REACHES):
        refused["fields"] = _("Ask at least for an e-mail address or a phone.")
    page, sites = whole.get("thanks_url", ""), whole.get("sites", [])
    if page and site_of(page) not in sites:
        refused["thanks_url"] = _("The page must lie on one of the sites of this form.")
    return refused


def site_of(address: str) -> str:
    """The site of an address, as it is kept: `https://shop.example`."""
    parts = parted(address)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _versioned(said: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> list[Any]:
    """Each consent with the number of its text, which grows with every other wording."""
    old = {one["purpose"]: one for one in before}
    found = []
    for one in said:
        known = old.get(one["purpose"])
        same = known is not None and known["text"] == one["text"]
        version = 1 if known is None else known["version"] + (0 if same else 1)
        found.append(one | {"version": version})
    return found


def _line(most: int) -> Callable[[Any], str]:
    return lambda value: clean(reading.word(value or ""), limit=most)


def _lines(value: Any) -> str:
    return clean(reading.word(value or ""), limit=MOST_TEXT, lines=True)


def _language(value: Any) -> str:
    if value not in LANGUAGES:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(LANGUAGES)})
    return str(value)


def _objects(value: Any, names: tuple[str, ...], most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > most:
        raise Invalid({"": _("This must be a list of at most %d values.") % most})
    if any(not isinstance(one, dict) or set(one) - set(names) for one in value):
        raise Invalid({"": _("Each of these has: %s.") % ", ".join(names)})
    return value


def _fields(value: Any) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in _objects(value, ("name", "label", "is_required"), len(ASKABLE)):
        name = one.get("name")
        if not isinstance(name, str) or name not in ASKABLE or name in found:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(ASKABLE)})
        label = clean(reading.word(one.get("label") or ""), limit=120)
        required = reading.flag(one.get("is_required", False))
        found[name] = {"name": name, "label": label, "is_required": required}
    return list(found.values())


def _consents(value: Any) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in _objects(value, ("purpose", "text", "is_required", "version"), len(PURPOSES)):
        purpose = one.get("purpose")
        if not isinstance(purpose, str) or purpose not in PURPOSES or purpose in found:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(PURPOSES)})
        text = clean(reading.word(one.get("text") or ""), limit=MOST_TEXT, lines=True)
        if not text:
            raise Invalid({"": _("Say what they agree to.")})
        required = reading.flag(one.get("is_required", False))
        found[purpose] = {"purpose": purpose, "text": text, "is_required": required}
    return list(found.values())


def _words(most: int, longest: int) -> Callable[[Any], list[str]]:
    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > most:
            raise Invalid({"": _("This must be a list of at most %d values.") % most})
        words = [clean(reading.word(one), limit=longest) for one in value]
        return list(dict.fromkeys(filter(None, words)))

    return read


def _sites(value: Any) -> list[str]:
    found = [one.lower().rstrip("/") for one in _words(MOST_SITES, 200)(value)]
    for one in found:
        if not _HOST.fullmatch(one):
            text = _("“%s” is not a site, such as https://www.example.com.")
            raise Invalid({"": text % one[:60]})
    return found


def _page(value: Any) -> str:
    text = clean(reading.word(value or ""), limit=500)
    has_odd_sign = any(sign in text for sign in "\\@ \"'<>")
    if text and (has_odd_sign or not _HOST.fullmatch(site_of(text))):
        raise Invalid({"": _("Write a whole address that begins with https://.")})
    return text


_READERS: dict[str, Callable[[Any], Any]] = {
    **{name: _line(most) for name, most in TEXTS.items()},
    "intro": _lines,
    "thanks": _lines,
    "thanks_url": _page,
    "language": _language,
    "fields": _fields,
    "consents": _consents,
    "tags": _words(50, 50),
    "sites": _sites,
    "is_active": reading.flag,
}
