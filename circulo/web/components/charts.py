"""Charts as SVG from the server: theme colours, direct labels, each with its table of data.

A series is a list of `(label, value)`, or of dicts with `label`, `value`, `shown` (the value as
text), `tone` ("soft", "spark") and `url`. A chart fits a panel; `wide` is for the width of a page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.lib.errors import Text
from circulo.lib.format import number

NARROW, WIDE = 360, 840
FLOOR, RISE, HIGH = 140, 116, 160  # where bars stand, how high they reach, and the whole
LETTER = 6.6  # about the width of one
ROW, LABELS = 26, 128  # of lying bars: one row, and the room for labels


@dataclass(frozen=True)
class Point:
    """One value of a series."""

    label: str
    value: float
    shown: str
    tone: str = ""
    url: str = ""


def bars(series: Iterable[Any], title: Text, wide: bool = False) -> SafeString:
    """Upright bars, each with its value above and its label below."""
    points, width = _points(series), WIDE if wide else NARROW
    step = width / max(len(points), 1)
    every = _label_every(points, step)
    top = _top(points)
    drawn = [_bar(p, i, step, p.value / top, i % every == 0) for i, p in enumerate(points)]
    return _figure(title, points, _axis(width) + SafeString("".join(drawn)), width)


def rows(series: Iterable[Any], title: Text, wide: bool = False) -> SafeString:
    """Lying bars: label, bar, value; for long labels."""
    points, width = _points(series), WIDE if wide else NARROW
    room, top = width - LABELS - 64, _top(points)
    drawn = [_row(p, i * ROW, p.value / top * room) for i, p in enumerate(points)]
    high = max(len(points) * ROW, ROW)
    return _figure(title, points, SafeString("".join(drawn)), width, high)


def line(
    series: Iterable[Any], title: Text, before: Iterable[Any] = (), wide: bool = False
) -> SafeString:
    """A curve over time, the last value marked; `before` is the period before it, dashed."""
    points, past, width = _points(series), _points(before), WIDE if wide else NARROW
    top = _top([*points, *past])
    drawn = _axis(width)
    if past:
        drawn += format_html('<path class="curve second" d="{}"/>', _path(past, top, width))
    if points:
        path = _path(points, top, width)
        drawn += format_html('<path class="area" d="{0}L{1},{2}L0,{2}Z"/>', path, width, FLOOR)
        drawn += format_html('<path class="curve" d="{}"/>', path) + _ends(points, top, width)
    return _figure(title, points, drawn, width)


def sparkline(values: Sequence[float], label: Text, wide: bool = False) -> SafeString:
    """The course of a number, as small as a word; `label` says it to who cannot see it."""
    low, top = min(values, default=0), max(values, default=1)
    spread, step = (top - low) or 1, 96 / max(len(values) - 1, 1)
    spots = [f"{i * step:.1f},{22 - (v - low) / spread * 20:.1f}" for i, v in enumerate(values)]
    return format_html(
        '<svg class="sparkline {}" viewBox="0 0 96 24" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><path d="M{}"/></svg>',
        *("wide" if wide else "", label, "L".join(spots) or "0,0"),
    )


def _points(series: Iterable[Any]) -> list[Point]:
    return [_point(**p) if isinstance(p, dict) else _point(p[0], p[1]) for p in series]


def _point(label: Text, value: Any, shown: Text = "", tone: str = "", url: str = "") -> Point:
    return Point(str(label), float(value or 0), str(shown or number(value or 0)), tone, url)


def _top(points: Sequence[Point]) -> float:
    return max([p.value for p in points], default=0) or 1


def _label_every(points: Sequence[Point], step: float) -> int:
    """Labels must not touch: every bar has one, or every second, third…"""
    longest = max((max(len(p.label), len(p.shown)) for p in points), default=1)
    return max(1, -(-int(longest * LETTER + 4) // max(int(step), 1)))


def _bar(point: Point, at: int, step: float, share: float, labelled: bool) -> SafeString:
    width, high, middle = min(step * 0.68, 64), max(share * RISE, 1), at * step + step / 2
    shape = format_html(
        '<rect class="bar-of {}" x="{}" y="{}" width="{}" height="{}" rx="3">'
        "<title>{}: {}</title></rect>",
        *(point.tone, _f(middle - width / 2), _f(FLOOR - high), _f(width), _f(high)),
        *(point.label, point.shown),
    )
    if point.url:
        said = f"{point.label}: {point.shown}"
        shape = format_html('<a href="{}" aria-label="{}">{}</a>', point.url, said, shape)
    if not labelled:
        return shape
    return shape + format_html(
        '<text class="value" x="{0}" y="{1}" text-anchor="middle">{2}</text>'
        '<text x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        *(_f(middle), _f(FLOOR - high - 5), point.shown, FLOOR + 15, point.label),
    )


def _row(point: Point, y: int, length: float) -> SafeString:
    return format_html(
        '<text x="0" y="{0}">{1}</text>'
        '<rect class="bar-of {2}" x="{3}" y="{4}" width="{5}" height="14" rx="3"/>'
        '<text class="value" x="{6}" y="{0}">{7}</text>',
        *(y + 16, point.label, point.tone, LABELS, y + 5, _f(max(length, 1))),
        *(_f(LABELS + length + 8), point.shown),
    )


def _axis(width: int) -> SafeString:
    return format_html('<line class="axis" x1="0" x2="{0}" y1="{1}" y2="{1}"/>', width, FLOOR)


def _path(points: Sequence[Point], top: float, width: int) -> str:
    step = width / max(len(points) - 1, 1)
    spots = [f"{i * step:.1f},{FLOOR - p.value / top * RISE:.1f}" for i, p in enumerate(points)]
    return "M" + "L".join(spots)


def _ends(points: Sequence[Point], top: float, width: int) -> SafeString:
    last = points[-1]
    y = FLOOR - last.value / top * RISE
    return format_html(
        '<circle class="last" cx="{0}" cy="{1}" r="5"/>'
        '<text class="value" x="{0}" y="{2}" text-anchor="end">{3}</text>'
        '<text x="0" y="{4}">{5}</text><text x="{0}" y="{4}" text-anchor="end">{6}</text>',
        *(width, _f(y), _f(y - 11), last.shown, FLOOR + 15, points[0].label, last.label),
    )


def _figure(
    title: Text, points: Sequence[Point], drawn: SafeString, width: int, high: int = HIGH
) -> SafeString:
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="end">{}</td></tr>',
        ((p.label, p.shown) for p in points),
    )
    return format_html(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
        "<details><summary>{}</summary>"
        '<table class="grid"><caption class="unseen">{}</caption><tbody>{}</tbody></table>'
        "</details></figure>",
        *(width, high, title, drawn, _("Show the figures"), title, body),
    )


def _f(value: float) -> str:
    return f"{value:.1f}"
