"""The colour of a firm as the accent of a page, on which white, or at night black, is legible."""

from __future__ import annotations

# What WCAG asks between a text and what it stands on.
LEGIBLE = 4.5
_STEP = 0.92


def accents(colour: str) -> str:
    """The rules of style that make a colour, written #rrggbb, the accent of a page."""
    light = _legible(colour)
    dark = f"color-mix(in oklab, {light}, white 55%)"
    return (
        ":root {"
        f" --accent: light-dark({light}, {dark});"
        f" --accent-deep: light-dark(color-mix(in oklab, {light}, black 20%), {dark});"
        " --accent-ink: light-dark(#ffffff, #16181b);"
        f" --accent-line: light-dark(color-mix(in oklab, {light}, white 60%), {light});"
        f" --accent-wash: light-dark(color-mix(in oklab, {light}, white 88%),"
        f" color-mix(in oklab, {light}, black 60%)); }}\n"
    )


def contrast_with_white(colour: str) -> float:
    """How far a colour stands out from white: from 1, not at all, to 21."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _legible(colour: str) -> str:
    while contrast_with_white(colour) < LEGIBLE:
        colour = "#" + "".join(f"{int(part * _STEP):02x}" for part in _parts(colour))
    return colour


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
