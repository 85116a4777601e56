"""Maps drawn from the open data of others: provinces of Spain and countries, as paths of an SVG.

The sources are TopoJSON: arcs of a grid that neighbours share, so that no gap opens between them
however much is left out. Each place becomes a path and a centre; what is too small to be drawn
has a centre alone. `python -m circulo.config.prepare` draws them once and keeps them as JSON.

Boundaries: Instituto Geográfico Nacional (CC BY 4.0, through es-atlas) and Natural Earth (public
domain, through world-atlas).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

from babel.core import get_global

Spot = tuple[float, float]
Project = Callable[[float, float], Spot]
WIDTH, MARGIN = 1000, 10  # of the drawing, and around it
FINE, ROUGH = 0.016, 0.5  # steps, in degrees, that are worth a line


@dataclass(frozen=True)
class Place:
    """Where a place lies on a map, and its shape where it has one."""

    x: int
    y: int
    path: str = ""


@dataclass(frozen=True)
class Drawn:
    """A map: how high it is for its width, its places by code, and frames around what is moved."""

    height: int
    places: dict[str, Place]
    frame: str = ""

    def as_json(self) -> dict[str, Any]:
        """It as it is kept."""
        places = {code: [one.x, one.y, one.path] for code, one in self.places.items()}
        return {"height": self.height, "places": places, "frame": self.frame}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Drawn:
        """It as it was kept."""
        places = {code: Place(*said) for code, said in kept["places"].items()}
        return cls(kept["height"], places, kept["frame"])


@dataclass
class _Shapes:
    """The polygons of each place, projected, before they are brought to the size of the map."""

    rings: dict[str, list[list[Spot]]] = field(default_factory=dict)
    only_centres: set[str] = field(default_factory=set)

    def drawn(self, frame: Sequence[Spot] = ()) -> Drawn:
        shown = (ring for code, rings in self.rings.items() for ring in rings
                 if code not in self.only_centres)  # fmt: skip
        spots = [*frame, *(spot for ring in shown for spot in ring)]
        left, top = min(x for x, _y in spots), min(y for _x, y in spots)
        right, bottom = max(x for x, _y in spots), max(y for _x, y in spots)
        scale = (WIDTH - 2 * MARGIN) / (right - left)

        def place(spot: Spot) -> Spot:
            return MARGIN + (spot[0] - left) * scale, MARGIN + (spot[1] - top) * scale

        places = {code: self._place(code, place) for code in self.rings}
        height = round((bottom - top) * scale) + 2 * MARGIN
        return Drawn(height, places, _path([place(spot) for spot in frame]))

    def _place(self, code: str, place: Callable[[Spot], Spot]) -> Place:
        rings = [[place(spot) for spot in ring] for ring in self.rings[code]]
        x, y = _centre(max(rings, key=lambda ring: abs(_area(ring))))
        path = "" if code in self.only_centres else "".join(map(_path, rings))
        return Place(round(x), round(y), path)


def spain(topology: Mapping[str, Any]) -> Drawn:
    """The provinces of Spain by the first two digits of their postal codes.

    The Canary Islands stand in a frame below, where there is room.
    """
    shapes = _Shapes()
    for code, rings in _rings(topology, "provinces", FINE):
        if not code.isdecimal() or not 1 <= int(code) <= 52:
            continue
        project = _canaries if code in ("35", "38") else _mainland
        shapes.rings[code] = [[project(*spot) for spot in ring] for ring in rings]
    islands = [spot for code in ("35", "38") for ring in shapes.rings[code] for spot in ring]
    left, right = min(x for x, _y in islands) - 0.15, max(x for x, _y in islands) + 0.15
    top, bottom = min(y for _x, y in islands) - 0.15, max(y for _x, y in islands) + 0.15
    return shapes.drawn([(left, top), (right, top), (right, bottom), (left, bottom)])


def world(topology: Mapping[str, Any], finer: Mapping[str, Any]) -> Drawn:
    """Countries by their two letters; those that only the `finer` data knows by their centre."""
    shapes = _Shapes()
    for source in (topology, finer):
        for number, rings in _rings(source, "countries", ROUGH):
            code = _letters(number)
            if code in ("", "AQ") or code in shapes.rings:
                continue
            shapes.rings[code] = [[_equal_earth(*spot) for spot in ring] for ring in rings]
            if source is finer:
                shapes.only_centres.add(code)
    return shapes.drawn()


def _letters(number: str) -> str:
    """The two letters of a country that a source knows by its number."""
    known = get_global("territory_aliases").get(number, [])
    return str(known[0]) if len(known) == 1 and len(known[0]) == 2 else ""


def _mainland(longitude: float, latitude: float) -> Spot:
    return longitude * cos(radians(40)), -latitude


def _canaries(longitude: float, latitude: float) -> Spot:
    """At the scale of the mainland, moved to the south of Portugal."""
    x, y = longitude * cos(radians(28)), -latitude
    return x + 9.1, y - 6.1


def _equal_earth(longitude: float, latitude: float) -> Spot:
    """Equal Earth: countries keep the size that they have to each other."""
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    below = 9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * below)
    return x, -(d * t**9 + c * t**7 + b * t**3 + a * t)


def _rings(
    topology: Mapping[str, Any], name: str, coarse: float
) -> Iterator[tuple[str, list[list[Spot]]]]:
    """Each geometry of a topology with the rings of its polygons in degrees."""
    unpacked = (list(_unpacked(arc, topology["transform"])) for arc in topology["arcs"])
    arcs = [_thinned(arc, coarse) for arc in unpacked]
    for geometry in topology["objects"][name]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = [_joined(ring, arcs) for polygon in polygons for ring in polygon]
        yield str(geometry.get("id") or ""), rings


def _thinned(arc: list[Spot], coarse: float) -> list[Spot]:
    """An arc without steps too short to see; neighbours that share it see the same."""
    kept = arc[:1]
    for spot in arc[1:-1]:
        if hypot(spot[0] - kept[-1][0], spot[1] - kept[-1][1]) >= coarse:
            kept.append(spot)
    return [*kept, arc[-1]] if len(kept) > 3 or len(arc) > 60 else arc


def _unpacked(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Spot]:
    """An arc in degrees: it is kept as steps on a grid."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield x * wide + west, y * high + south


def _joined(ring: Sequence[int], arcs: Sequence[list[Spot]]) -> list[Spot]:
    """A ring out of its arcs; one that is numbered below zero is walked backwards."""
    spots: list[Spot] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        spots += arc[1:] if spots else arc
    return _unbroken(spots)


def _unbroken(ring: list[Spot]) -> list[Spot]:
    """A ring that crosses the date line goes on beyond it, and does not jump to the other side."""
    whole = ring[:1]
    for longitude, latitude in ring[1:]:
        turns = round((whole[-1][0] - longitude) / 360)
        whole.append((longitude + 360 * turns, latitude))
    return whole


def _path(ring: Sequence[Spot]) -> str:
    """A ring in whole units, as steps from one spot to the next."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = [
        (x - before_x, y - before_y)
        for (before_x, before_y), (x, y) in zip(whole, whole[1:], strict=False)
    ]
    said = "".join(f"{x} {y} " for x, y in steps if x or y).rstrip()
    return f"M{whole[0][0]} {whole[0][1]}l{said}z" if said else ""


def _area(ring: Sequence[Spot]) -> float:
    turns = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in turns) / 2


def _centre(ring: Sequence[Spot]) -> Spot:
    """The centre of gravity of a polygon."""
    area = _area(ring)
    if not area:
        return ring[0]
    x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        turn = x0 * y1 - x1 * y0
        x, y = x + (x0 + x1) * turn, y + (y0 + y1) * turn
    return x / (6 * area), y / (6 * area)
