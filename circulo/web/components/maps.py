"""Counts on a map: circles whose area is the number, over the shapes of the places.

The drawing is for the eye and the mouse: beside it stands a table of the same figures with the same
links, which the keyboard and a screen reader use.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from circulo.lib.atlas import WIDTH, Drawn, Place
from circulo.lib.errors import Text
from circulo.lib.format import number

LARGEST, SMALLEST = 52, 9  # radii of circles


@dataclass(frozen=True)
class Spot:
    """One place, what it is called, how many there are (`shown` as text) and where that leads."""

    code: str
    label: Text
    count: int
    shown: str
    url: str


def places(name: str, spots: Sequence[Spot]) -> SafeString:
    """The map of this name (`spain`, `world`) with its circles, the largest below the others."""
    drawn, known = _drawn().get(name), {spot.code: spot for spot in spots}
    if drawn is None:
        return SafeString("")
    most = max((spot.count for spot in spots), default=1)
    shapes = "".join(_shape(place, known.get(code)) for code, place in drawn.places.items())
    circles = "".join(
        _circle(drawn.places[spot.code], spot, most)
        for spot in sorted(spots, key=lambda spot: -spot.count)
        if spot.code in drawn.places
    )
    return format_html(
        '<svg class="places" viewBox="0 0 {} {}" aria-hidden="true">'
        '<path class="rule" d="{}"/>{}{}{}</svg>',
        *(WIDTH, drawn.height, drawn.frame, SafeString(shapes), SafeString(circles)),
        _legend(WIDTH - 90 if drawn.frame else 190, drawn.height, most),
    )


def _shape(place: Place, spot: Spot | None) -> str:
    if not place.path:
        return ""
    shape = format_html('<path d="{}"/>', place.path)
    return shape if spot is None else _linked(spot, shape)


def _circle(place: Place, spot: Spot, most: int) -> SafeString:
    circle = '<circle cx="{}" cy="{}" r="{}"/>'
    return _linked(spot, format_html(circle, place.x, place.y, _radius(spot.count, most)))


def _linked(spot: Spot, drawn: SafeString) -> SafeString:
    return format_html(
        '<a href="{}" tabindex="-1"><title>{}: {}</title>{}</a>',
        *(spot.url, spot.label, spot.shown, drawn),
    )


def _radius(count: float, most: int) -> int:
    return max(round(LARGEST * sqrt(count / most)), SMALLEST)


def _legend(at: int, height: int, most: int) -> SafeString:
    """Two circles with what they stand for, in a corner where there is sea."""
    drawn, floor = SafeString(""), height - 12
    for count in dict.fromkeys((most, -(-most // 4))):
        radius = _radius(count, most)
        label = (at - LARGEST - 12, floor - 2 * radius + 18, number(count))
        drawn += format_html(
            '<circle class="key" cx="{}" cy="{}" r="{}"/><text x="{}" y="{}">{}</text>',
            *(at, floor - radius, radius, *label),
        )
    return drawn


@cache
def _drawn() -> dict[str, Drawn]:
    """The maps that were drawn at set-up."""
    kept = Path(settings.HOME) / "maps" / "places.json"
    if not kept.exists():
        return {}
    return {name: Drawn.of(one) for name, one in json.loads(kept.read_bytes()).items()}
