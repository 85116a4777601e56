"""Maps out of open data: places by their codes, shapes without gaps, what is too small."""

import json

from circulo.lib.atlas import Drawn, spain, world

TRANSFORM = {"scale": [1, 1], "translate": [-10, 30]}
# Two squares that share an edge, and one far away: 28, 19 and, in the Canaries, 35 and 38.
ARCS = [
    [[6, 10], [0, 2]],
    [[6, 12], [-2, 0], [0, -2], [2, 0]],
    [[6, 10], [2, 0], [0, 2], [-2, 0]],
    [[0, 0], [1, 0], [0, -2], [-1, 0], [0, 2]],
    [[3, 0], [1, 0], [0, -2], [-1, 0], [0, 2]],
]


def topology(name, geometries):
    shapes = [{"type": "Polygon", "id": code, "arcs": [ring]} for code, ring in geometries]
    return {"transform": TRANSFORM, "arcs": ARCS, "objects": {name: {"geometries": shapes}}}


def test_provinces_have_a_shape_and_a_centre_and_the_canaries_a_frame():
    drawn = spain(topology("provinces", [("28", [0, 1]), ("19", [2, ~0]), ("35", [3]),
                                         ("38", [4]), ("54", [3])]))  # fmt: skip

    assert set(drawn.places) == {"28", "19", "35", "38"}
    west, east = drawn.places["28"], drawn.places["19"]
    assert west.x < east.x and west.y == east.y
    assert drawn.places["38"].x > drawn.places["35"].x and drawn.places["35"].y > west.y
    assert all(place.path.startswith("M") for place in drawn.places.values())
    assert drawn.frame.startswith("M")
    assert drawn.height > 0 and all(0 <= one.y <= drawn.height for one in drawn.places.values())


def test_countries_go_by_two_letters_and_small_ones_have_a_centre_alone():
    drawn = world(
        topology("countries", [("724", [0, 1]), ("250", [2, ~0]), ("010", [3])]),
        topology("countries", [("724", [0, 1]), ("020", [3]), (None, [4])]),
    )

    assert {code for code, one in drawn.places.items() if one.path} == {"ES", "FR"}
    assert {code for code, one in drawn.places.items() if not one.path} == {"AD"}


def test_a_country_across_the_date_line_is_drawn_in_one_piece():
    across = topology("countries", [("643", [0])])
    across |= {"transform": {"scale": [1, 1], "translate": [0, 0]},
               "arcs": [[[170, 60], [9, 0], [-358, 5], [-10, 0], [359, -5]]]}  # fmt: skip

    drawn = world(across, topology("countries", []))

    assert drawn.height < 1000  # nothing of it lies at the other edge of the world


def test_a_map_is_kept_as_it_was_drawn():
    drawn = spain(topology("provinces", [("28", [0, 1]), ("35", [3]), ("38", [4])]))

    assert Drawn.of(json.loads(json.dumps(drawn.as_json()))) == drawn
