"""Text can be read in both themes: 4.5 to 1, computed from the theme's own colours."""

import re

import pytest

from circulo.web.staticfiles import style_sheet

COLOURS = {
    name: pair
    for name, *pair in re.findall(
        r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", style_sheet()
    )
}
GROUNDS = ["paper", "surface", "raised", "sunken"]
PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft", "ink-faint") for ground in GROUNDS),
    *((voice, ground) for voice in ("accent", "good", "bad", "spark") for ground in GROUNDS),
    *((voice, f"{voice}-wash") for voice in ("accent", "good", "bad", "spark")),
    *(
        (text, f"{wash}-wash")
        for text in ("ink", "ink-soft")
        for wash in ("accent", "spark", "bad")
    ),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-deep"),
    ("bad-ink", "bad"),
    ("night-ink", "night"),
    ("night-soft", "night"),
    ("night-spark", "night"),
    ("accent", "accent-wash"),
]


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(text, ground, theme):
    assert _contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_field_and_the_focus_can_be_seen(ground, theme):
    assert _contrast(COLOURS["focus"][theme], COLOURS[ground][theme]) >= 3
    if ground != "sunken":
        assert _contrast(COLOURS["line-field"][theme], COLOURS[ground][theme]) >= 3
