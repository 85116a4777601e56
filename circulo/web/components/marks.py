"""Small marks: icons, rings, keys, chips."""

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from circulo.lib.errors import Text

_SVG = "{http://www.w3.org/2000/svg}"
KEYS = {"Enter": pgettext_lazy("key", "Enter")}
TONES = ((0.66, "warm"), (0.33, "cool"), (0.0, "cold"))


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """A Lucide icon, inlined; decoration only, so a label must stand beside it."""
    drawing = ElementTree.fromstring(_drawings().read(f"{name}.svg"))
    shapes = "".join(_shape(shape) for shape in drawing)
    return mark_safe(
        f'<svg width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f"{shapes}</svg>"
    )


@cache
def _drawings() -> ZipFile:
    """Every icon there is, kept at hand: reading their list takes as long as all icons of a page.

    In memory, for processes born of one another would share the place where a file is read.
    """
    return ZipFile(BytesIO(Path(lucide.__path__[0], "lucide.zip").read_bytes()))


def _shape(shape: ElementTree.Element) -> str:
    attributes = " ".join(f'{key}="{value}"' for key, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(_SVG)} {attributes}/>"


def ring(
    thing: Any = None, *, size: str = "", share: float | None = None, company: bool = False
) -> SafeString:
    """The avatar of a party or user: initials in a ring as closed as the relationship is alive.

    `thing` has a `name` (or is one) and may have `initials`, `alive` (0 to 1, None before there is
    a score) and `is_organisation`.
    """
    alive = getattr(thing, "alive", None) if share is None else share
    firm = company or bool(getattr(thing, "is_organisation", False))
    percent = None if alive is None else round(alive * 100)
    label = "" if percent is None else _("%(percent)s %% active") % {"percent": percent}
    return _ring(initials_of(thing), size, percent, label, firm)


def initials_of(thing: Any) -> str:
    """Its own initials, or those of the first two words of its name."""
    given = getattr(thing, "initials", "")
    if given:
        return str(given)[:3]
    return _initials(str(thing if isinstance(thing, str) else getattr(thing, "name", "") or ""))


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum() and word[:1].isupper()]
    letters = [word[0] for word in (words or name.split())[:2]]
    return "".join(letters).upper() or "·"


@lru_cache(maxsize=4096)
def _ring(initials: str, size: str, percent: int | None, label: str, company: bool) -> SafeString:
    tone, arc, said = "plain", mark_safe(""), mark_safe(' aria-hidden="true"')
    if percent is not None:
        tone = next(tone for least, tone in TONES if percent / 100 >= least)
        arc = format_html(
            '<circle class="arc" cx="20" cy="20" r="18" pathLength="100"'
            ' stroke-dasharray="{} 100" transform="rotate(-90 20 20)"/>',
            percent,
        )
        said = format_html(' role="img" aria-label="{}"', label)
    core = _SQUARE if company else _DISC
    return format_html(
        '<svg class="ring {} {}" viewBox="0 0 40 40"{}>'
        '<circle class="track" cx="20" cy="20" r="18"/>{}{}'
        '<text x="20" y="20.5"{} aria-hidden="true">{}</text></svg>',
        *(tone, size, said, arc, core, _LONG if len(initials) > 2 else "", initials),
    )


_DISC = mark_safe('<circle class="core" cx="20" cy="20" r="14.5"/>')
_SQUARE = mark_safe('<rect class="core" x="8.5" y="8.5" width="23" height="23" rx="6"/>')
_LONG = mark_safe(' class="long"')


def step(number: int, share: float | None = None) -> SafeString:
    """The ring of one of the four steps of the circle."""
    return ring(str(number), size="small", share=share)


def chip(text: Text, tone: str = "", mark: str = "") -> SafeString:
    """A word about the thing beside it. Tones: good, bad, accent, spark, line."""
    return _chip(text if isinstance(text, SafeString) else str(text), tone, mark)


@lru_cache(maxsize=4096)
def _chip(text: str, tone: str, mark: str) -> SafeString:
    return format_html(
        '<span class="chip {}">{}{}</span>', tone, icon(mark, 12) if mark else "", text
    )


def kbd(keys: str) -> SafeString:
    """Keys as they are pressed: "Ctrl K" is two keys at once, "g c" one after the other."""
    named = (KEYS.get(key, key) for key in keys.split())
    return SafeString(" ".join(format_html("<kbd>{}</kbd>", key) for key in named))
