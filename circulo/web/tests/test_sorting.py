"""The headings of a table, and the orders that they lead to."""

import pytest
from django.http import QueryDict

from circulo.web.components.sorting import choices_of, headings_of, sort_in
from circulo.web.components.tables import Column

COLUMNS = [Column(name, name.title(), sort=name != "d") for name in "abcd"]


def headings(sort, widths=None):
    return {one.column.name: one for one in headings_of(COLUMNS, sort, "q=x&", widths or {})}


def test_a_click_orders_by_one_heading_and_another_turns_it_round():
    assert headings("")["a"].url == "?q=x&sort=a"
    assert headings("a")["a"].url == "?q=x&sort=-a"
    assert headings("-a")["a"].url == "?q=x&sort=a"
    assert headings("a,b")["b"].url == "?q=x&sort=b"
    assert headings("a")["d"].url == ""


def test_with_shift_a_heading_joins_the_order_turns_in_its_place_and_is_the_third_at_most():
    assert headings("a")["b"].also == "?q=x&sort=a,b"
    assert headings("a,b")["b"].also == "?q=x&sort=a,-b"
    assert headings("a,-b")["a"].also == "?q=x&sort=-a,-b"
    assert headings("a,b,d")["c"].also == "?q=x&sort=a,b,c"


def test_a_heading_says_its_rank_and_direction_and_only_the_first_is_the_sorted_one():
    drawn = headings("-a,b")

    assert (drawn["a"].order, drawn["a"].rank, drawn["a"].is_down) == ("descending", 1, True)
    assert (drawn["b"].order, drawn["b"].rank, drawn["b"].is_down) == ("", 2, False)
    assert (drawn["a"].said, bool(drawn["b"].said)) == ("", True)
    assert (drawn["c"].rank, drawn["c"].order, drawn["c"].said) == (0, "", "")


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=a,-b", "a,-b"),
        ("sort=a&sort=-b&sort=", "a,-b"),
        ("sort=a&sort=-a&sort=b", "a,b"),
        ("sort=", ""),
        ("", ""),
    ],
)
def test_an_address_says_an_order_at_once_or_key_by_key(query, order):
    assert sort_in(QueryDict(query)) == order


def test_a_menu_offers_what_can_be_sorted_both_ways():
    assert [value for value, _label in choices_of(COLUMNS)] == ["a", "-a", "b", "-b", "c", "-c"]


def test_where_one_column_has_a_width_all_have_one():
    assert headings("")["a"].width is None
    drawn = headings("", {"a": 300})
    assert (drawn["a"].width, drawn["b"].width) == (300, 160)
