"""Where the values of a run go in a statement that was compiled once."""

from datetime import date

import pytest
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from circulo.lib.slots import Keys, Members, Slot, Unkept, template

ONE, TWO = Slot(0), Slot(1)


def filled(sql, parameters, *values):
    made = template(sql, parameters)
    return made.numbered, made.filled(values)


@pytest.mark.parametrize(
    ("parameter", "value", "sent"),
    [
        (ONE, 7, 7),
        (int(ONE), 7, 7),
        (Int8(int(ONE)), 7, 7),
        (str(ONE), "a_b%", "a_b%"),
        (f"%{ONE}%", "a_b%\\", "%a\\_b\\%\\\\%"),
        (f"{ONE}%", "x", "x%"),
        (Keys(ONE), [3, 4], "{3,4}"),
    ],
)
def test_a_value_takes_the_form_that_its_slot_came_out_in(parameter, value, sent):
    assert filled("a = %s", [parameter], value) == ("a = $1", [sent])


def test_what_never_changes_is_part_of_the_statement():
    sql, sent = filled("a = %s AND b LIKE 'x%%' AND c = %s", ["it's 5 %", TWO], 0, 9)
    assert sql == "a = 'it''s 5 %' AND b LIKE 'x%' AND c = $1"
    assert sent == [9]


@pytest.mark.parametrize("members", [Members(ONE), int(Members(ONE))])
def test_a_list_may_have_any_number_of_members(members):
    assert filled("NOT (a IN (%s))", [members], [1, 2]) == ("NOT (a = ANY($1))", [[1, 2]])


def test_json_is_sent_as_json():
    _sql, (sent,) = filled("a @> %s", [Jsonb(ONE)], ["x"])
    assert isinstance(sent, Jsonb) and sent.obj == ["x"]


@pytest.mark.parametrize(
    ("sql", "parameter"),
    [
        ("a = %s", date(2026, 1, 1)),
        ("a = %s", f"{ONE}/"),
        ("f(%s)", Members(ONE)),
        ("a IN (%s, 2)", Members(ONE)),
    ],
)
def test_what_cannot_be_kept_says_so(sql, parameter):
    with pytest.raises(Unkept):
        template(sql, [parameter])
