"""Charts as SVG from the server: theme colours, direct labels, each with its table of data.

A series is a list of `(label, value)`, or of dicts with `label`, `value`, `shown` (the value as text),
`tone` ("soft", "spark") and `url`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circulo.lib.errors import Text
from circulo.lib.format import number

WIDE, HIGH = 640, 200


@dataclass(frozen=True)
class Point:
    """One value of a series."""

    label: str
    value: float
    shown: str
    tone: str = ""
    url: str = ""


def _points(series: Iterable[Any]) -> list[Point]:
    return [_point(**p) if isinstance(p, dict) else _point(p[0], p[1]) for p in series]


def _point(label: Text, value: Any, shown: Text = "", tone: str = "", url: str = "") -> Point:
    return Point(str(label), float(value or 0), str(shown or number(value or 0)), tone, url)


def bars(series: Iterable[Any], title: Text) -> SafeString:
    """Upright bars, each with its value above and its label below."""
    points = _points(series)
    top = max([p.value for p in points], default=0) or 1
    step = WIDE / max(len(points), 1)
    every = _label_every(points, step)
    drawn = [_bar(p, i, step, top, i % every == 0) for i, p in enumerate(points)]
    axis = format_html('<line class="axis" x1="0" x2="{}" y1="172" y2="172"/>', WIDE)
    return _figure(title, points, SafeString("".join(drawn)) + axis)


def _label_every(points: Sequence[Point], step: float) -> int:
    longest = max((max(len(p.label), len(p.shown)) for p in points), default=1)
    return max(1, -(-int(longest * 6.6 + 8) // max(int(step), 1)))


def _bar(point: Point, at: int, step: float, top: float, labelled: bool) -> SafeString:
    width, high = min(step * 0.66, 64), max(point.value / top * 146, 1)
    left, middle = at * step + (step - width) / 2, at * step + step / 2
    shape = format_html(
        '<rect class="bar-of {}" x="{}" y="{}" width="{}" height="{}" rx="3">'
        "<title>{}: {}</title></rect>",
        *(point.tone, _f(left), _f(172 - high), _f(width), _f(high), point.label, point.shown),
    )
    if point.url:
        shape = format_html(
            '<a href="{}" aria-label="{}: {}">{}</a>', point.url, point.label, point.shown, shape
        )
    if not labelled:
        return shape
    return shape + format_html(
        '<text class="value" x="{0}" y="{1}" text-anchor="middle">{2}</text>'
        '<text x="{0}" y="190" text-anchor="middle">{3}</text>',
        *(_text(middle), _text(166 - high), point.shown, point.label),
    )


def rows(series: Iterable[Any], title: Text) -> SafeString:
    """Lying bars: label, bar, value; the one for long labels and for phones."""
    points = _points(series)
    top = max([p.value for p in points], default=0) or 1
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="bar-of {}" x="200" y="{}" width="{}" height="14"'
        ' rx="3"/><text class="value" x="{}" y="{}">{}</text>',
        (
            (
                i * 28 + 16,
                p.label,
                p.tone,
                i * 28 + 5,
                _text(max(p.value / top * 360, 1)),
                _text(208 + p.value / top * 360),
                i * 28 + 16,
                p.shown,
            )
            for i, p in enumerate(points)
        ),
    )
    return _figure(title, points, drawn, high=max(len(points) * 28, 28))


def line(series: Iterable[Any], title: Text, before: Iterable[Any] = ()) -> SafeString:
    """A curve over time, the last value marked; `before` is the period before it, dashed."""
    points, past = _points(series), _points(before)
    top = max([p.value for p in [*points, *past]], default=0) or 1
    path = _path([p.value for p in points], top)
    drawn = format_html('<line class="axis" x1="0" x2="{}" y1="172" y2="172"/>', WIDE)
    if past:
        drawn += format_html(
            '<path class="curve second" d="{}"/>', _path([p.value for p in past], top)
        )
    if points:
        drawn += format_html('<path class="area" d="{}L{},172L0,172Z"/>', path, WIDE)
        drawn += format_html('<path class="curve" d="{}"/>', path)
        drawn += _ends(points, top)
    return _figure(title, points, drawn)


def _ends(points: Sequence[Point], top: float) -> SafeString:
    last = points[-1]
    y = 172 - last.value / top * 146
    return format_html(
        '<circle class="last" cx="{0}" cy="{1}" r="5"/><text class="value" x="{0}" y="{2}"'
        ' text-anchor="end">{3}</text><text x="0" y="190">{4}</text>'
        '<text x="{0}" y="190" text-anchor="end">{5}</text>',
        *(WIDE, _text(y), _text(max(y - 12, 10)), last.shown, points[0].label, last.label),
    )


def _path(values: Sequence[float], top: float, wide: float = WIDE, high: float = 146) -> str:
    step = wide / max(len(values) - 1, 1)
    spots = [f"{i * step:.1f},{172 - v / top * high:.1f}" for i, v in enumerate(values)]
    return "M" + "L".join(spots) if spots else "M0,0"


def sparkline(values: Sequence[float], label: Text, wide: bool = False) -> SafeString:
    """The course of a number, as small as a word; `label` says it to who cannot see it."""
    low, top = min(values, default=0), max(values, default=1)
    spread = (top - low) or 1
    step = 96 / max(len(values) - 1, 1)
    spots = [f"{i * step:.1f},{22 - (v - low) / spread * 20:.1f}" for i, v in enumerate(values)]
    return format_html(
        '<svg class="sparkline {}" viewBox="0 0 96 24" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><path d="M{}"/></svg>',
        *("wide" if wide else "", label, "L".join(spots) or "0,0"),
    )


def _figure(
    title: Text, points: Sequence[Point], drawn: SafeString, high: int = HIGH
) -> SafeString:
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="end">{}</td></tr>',
        ((p.label, p.shown) for p in points),
    )
    return format_html(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg><details><summary>'
        '{}</summary><table class="grid"><caption class="unseen">{}</caption><tbody>{}</tbody></table>'
        "</details></figure>",
        *(WIDE, high, title, drawn, _("Show the figures"), title, body),
    )


def _f(value: float) -> str:
    return _text(value)


def _text(value: float) -> str:
    return mark_safe(f"{value:.1f}")
