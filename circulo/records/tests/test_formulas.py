from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from circulo.records.formulas import BadFormula, Sql, check, evaluate, parse, sql_of, written
from circulo.records.formulas.checking import LABELS
from circulo.records.formulas.functions import FUNCTIONS
from circulo.records.formulas.tree import (
    Binary,
    Call,
    Holds,
    Name,
    Number,
    Text,
    Truth,
    Unary,
)

TODAY = date(2026, 11, 26)
FIELDS = {
    "points": Holds.NUMBER, "price": Holds.NUMBER, "note": Holds.TEXT, "tier": Holds.TEXT,
    "since": Holds.DATE, "until": Holds.DATE, "vip": Holds.YES_NO,
}  # fmt: skip
VALUES: dict[str, Any] = {
    "points": Decimal(120), "price": Decimal("12.50"), "note": "Peña", "tier": None,
    "since": date(2020, 2, 29), "until": None, "vip": True,
}  # fmt: skip


def value(text, **values):
    node = parse(text)
    check(node, FIELDS)
    return evaluate(node, VALUES | values, TODAY)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("-points / 7", Decimal("-17.1428571428")),
        ("round(points / 7, 2)", Decimal("17.14")),
        ("points / 0", None),
        ('if(points > 100, "gold", "none")', "gold"),
        ('if(not vip or points < 1, "a", "b")', "b"),
        ('concat(note, " ", points / 8, tier)', "Peña 15"),
        ('first(tier, note, "x")', "Peña"),
        ("empty(tier) and not empty(note)", True),
        ('tier = "x"', False),
        ('tier != "x"', False),
        ("max(points, price, 3)", Decimal(120)),
        ("years(since, today())", Decimal(6)),
        ("years(since, since + 365)", Decimal(0)),
        ("today() - since", Decimal(2462)),
        ("since + 1", date(2020, 3, 1)),
        ("since + 1000000000", None),
        ("max(since, until)", date(2020, 2, 29)),
        ("year(since) * 100 + month(since)", Decimal(202002)),
        ("length(note) + length(tier)", Decimal(4)),
        ("left(note, 2)", "Pe"),
        ('contains(note, "ña")', True),
        ("price * 100000000000000 * 10000", None),
        ("abs(price - points)", Decimal("107.5")),
        ("no or yes", True),
    ],
)
def test_a_formula_means_what_it_says(text, result):
    assert value(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "(1", "1)", "a b", "'x'", '"x', "1 < 2 < 3", "points ** 2", "points.x", "x[0]",
        "lambda: 1", "__import__(1)", "unknown", "nothing(1)", 'points + "a"', "if(points, 1, 2)",
        'if(vip, 1, "a")', "round(1, price)", "round(1, 7)", "note < tier", "min(vip)", "today(1)",
        "1" * 16, "(" * 40 + "1" + ")" * 40, "1" + " + 1" * 300, "x" * 1001,
        '"a\nb"', "since + vip",
        "left(note, 0)", "min()", 'concat(since, "a")', "and", "not", "\0", "ñ",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_reason(text):
    with pytest.raises(BadFormula) as refused:
        check(parse(text), FIELDS)
    assert refused.value.why


def test_every_function_has_an_example_that_can_be_read_and_every_kind_its_word():
    assert set(LABELS) == set(Holds)
    for name, function in FUNCTIONS.items():
        assert getattr(parse(function.example), "name", "") == name


@given(some.text(max_size=40) | some.text('ab1"\\,.()+-*/<>=! or', max_size=60))
def test_reading_raises_nothing_but_its_own_error(text):
    try:
        node = parse(text)
        check(node, FIELDS)
    except BadFormula:
        return
    evaluate(node, VALUES, TODAY)


NUMBERS = some.decimals(0, 10**6, places=2).map(abs) | some.integers(0, 99).map(Decimal)
WORDS = some.text("aáñz \"\\'%{}0", max_size=6)


@cache
def of(holds, depth):
    """Formulas that hold something, at most so deep."""
    leaves = {
        Holds.NUMBER: some.builds(Number, NUMBERS) | some.sampled_from(
            [Name("points"), Name("price")]),
        Holds.TEXT: some.builds(Text, WORDS) | some.sampled_from([Name("note"), Name("tier")]),
        Holds.DATE: some.sampled_from([Name("since"), Name("until"), Call("today", ())]),
        Holds.YES_NO: some.builds(Truth, some.booleans()) | some.just(Name("vip")),
    }  # fmt: skip
    return leaves[holds] if depth == 0 else leaves[holds] | compound(holds, depth - 1)


@cache
def compound(holds, depth):
    number, text, day, truth = (of(kind, depth) for kind in Holds)
    same = {Holds.NUMBER: number, Holds.TEXT: text, Holds.DATE: day, Holds.YES_NO: truth}[holds]

    def call(name, *arguments):
        return some.builds(lambda *given: Call(name, given), *arguments)

    def binary(signs, left, right):
        return some.builds(Binary, some.sampled_from(signs), left, right)

    either = call("if", truth, same, same) | call("first", same, same)
    places = some.integers(1, 6).map(lambda n: Number(Decimal(n)))
    return either | {
        Holds.NUMBER: lambda: (
            binary(["+", "-", "*", "/"], number, number) | binary(["-"], day, day)
            | some.builds(Unary, some.just("-"), number) | call("round", number, places)
            | call("min", number, number) | call("max", number, number, number)
            | call("length", text) | call("year", day) | call("years", day, day)
            | call("abs", number)
        ),
        Holds.TEXT: lambda: call("concat", text, number, text) | call("left", text, places),
        Holds.DATE: lambda: binary(["+", "-"], day, number) | call("min", day, day),
        Holds.YES_NO: lambda: (
            binary(["=", "!=", "<", "<=", ">", ">="], number, number)
            | binary(["=", "!="], text, text) | binary(["and", "or"], truth, truth)
            | some.builds(Unary, some.just("not"), truth) | call("empty", text)
            | call("contains", text, text) | binary(["<", ">="], day, day)
        ),
    }[holds]()  # fmt: skip


FORMULAS = some.sampled_from(list(Holds)).flatmap(lambda holds: of(holds, 3))
RECORDS = some.fixed_dictionaries(
    {
        "points": some.none() | NUMBERS,
        "price": some.none() | NUMBERS.map(lambda number: -number),
        "note": some.none() | WORDS.filter(bool),
        "tier": some.none() | some.just("gold"),
        "since": some.none() | some.dates(date(1000, 1, 1), date(9999, 12, 31)),
        "until": some.none() | some.dates(TODAY - timedelta(900), TODAY + timedelta(900)),
        "vip": some.none() | some.booleans(),
    }
)


@given(FORMULAS)
@settings(max_examples=200)
def test_what_is_written_reads_back_as_the_same(node):
    assert parse(written(node)) == node


def literal(value, holds):
    kinds = {Holds.NUMBER: "numeric", Holds.TEXT: "text", Holds.DATE: "date",
             Holds.YES_NO: "boolean"}  # fmt: skip
    return "NULL::" + kinds[holds] if value is None else (
        "'" + str(value).replace("'", "''") + "'::" + kinds[holds]
    )  # fmt: skip


@pytest.mark.django_db
@given(FORMULAS, RECORDS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow,
          HealthCheck.function_scoped_fixture])  # fmt: skip
def test_the_database_computes_what_python_computes(node, values):
    fields = {name: literal(value, FIELDS[name]) for name, value in values.items()}
    holds = check(node, FIELDS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT " + sql_of(node, Sql(fields, FIELDS, TODAY)))
        (computed,) = cursor.fetchone()

    mine = evaluate(node, values, TODAY)
    if holds is Holds.YES_NO:
        computed, mine = bool(computed), bool(mine)
    assert computed == mine
