"""The rules of the house that no linter knows: each names the places that break it."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import DecimalField, GeneratedField, Index, UniqueConstraint
from django.urls import get_resolver

from circulo.lib import money
from circulo.records.tracking import tracked
from circulo.timeline.kinds import LOOKS, Kind

HOUSE = Path(__file__).resolve().parents[1]
CHECKOUT = HOUSE.parent
CODE = sorted(p for p in HOUSE.rglob("*.py") if "migrations" not in p.parts)
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))


def place(path, line=0):
    return f"{path.relative_to(CHECKOUT)}{f':{line}' if line else ''}"


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_no_file_is_longer_than_400_lines():
    long = [place(p) for p in CODE if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    assert not long


def test_no_function_is_longer_than_60_lines():
    long = [
        place(path, node.lineno)
        for path in CODE
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert not long


def test_every_model_says_what_it_is():
    silent = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("circulo")
        and (not model.__doc__ or model.__doc__.startswith(f"{model.__name__}("))
    ]
    assert not silent


def test_no_key_has_an_index_that_another_one_begins_with():
    """Each index is written with every row; a longer one that begins alike finds as much."""

    def begins(index):
        if getattr(index, "condition", None) is not None:
            return None
        first = next(iter(index.expressions or index.fields), None)
        first = getattr(first, "expression", first)  # within a descending order
        return getattr(first, "name", first)

    twice = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("circulo")
        for field in model._meta.local_fields
        if field.is_relation and getattr(field, "db_index", False) and not field.unique
        for index in [*model._meta.indexes, *model._meta.constraints]
        if type(index) in (Index, UniqueConstraint) and begins(index) == field.name
    ]
    assert not twice


def test_every_public_function_of_the_rules_says_what_it_does():
    rooms = ("actions", "selectors", "overview", "criteria", "paging", "lib")
    silent = [
        place(path, node.lineno)
        for path in CODE
        if "tests" not in path.parts and (set(path.parts) | {path.stem}) & set(rooms)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_every_file_of_code_begins_by_saying_what_it_holds():
    silent = [
        place(path)
        for path in CODE
        if "tests" not in path.parts
        and path.stem not in ("apps", "__init__")
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_every_partial_begins_by_saying_what_it_needs():
    silent = [
        place(path)
        for path in TEMPLATES
        if path.name.startswith("_")
        and not path.read_text(encoding="utf-8").startswith("{#")
        and not path.read_text(encoding="utf-8").startswith("{% comment")
    ]
    assert not silent


def test_no_template_carries_styles_or_scripts_of_its_own():
    pattern = re.compile(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.I)
    loud = [
        place(path)
        for path in TEMPLATES
        if pattern.search(
            path.read_text(encoding="utf-8").replace('type="application/json"', "src=")
        )
    ]
    assert not loud


def test_what_only_asks_puts_no_form_into_an_address():
    """Addresses are kept in logs: what a form that writes holds stays out, its token first."""
    in_a_search = {"_condition.html", "_condition_field.html"}
    tag = re.compile(r"<\w[^>]*\bhx-get=[^>]*>")
    whole = [
        place(path)
        for path in TEMPLATES
        if path.name not in in_a_search
        for found in tag.findall(path.read_text(encoding="utf-8"))
        if re.search(r'hx-include="[^"]*form"', found) and "hx-params=" not in found
    ]
    assert not whole


def test_nothing_is_marked_safe_past_the_escaping():
    pattern = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
    assert not [place(p) for p in TEMPLATES if pattern.search(p.read_text(encoding="utf-8"))]


def test_views_find_records_only_through_what_the_user_may_see():
    """`Model.objects` in a view is followed by `visible_to` (or a look at nobody's record)."""
    pattern = re.compile(r"\b[A-Z]\w+\.objects(?!\.visible_to\()")
    views = [
        p for p in CODE if p.stem in ("views", "api") or {"views", "api"} & set(p.parent.parts[-1:])
    ]
    open_doors = [
        place(path, number)
        for path in views
        if "tests" not in path.parts and path.is_relative_to(HOUSE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not open_doors


def test_nothing_acts_unseen():
    pattern = re.compile(r"django\.(db\.models|dispatch|core)\.?signals?|@receiver|def save\(self")
    hidden = [
        place(p)
        for p in CODE
        if p != Path(__file__) and pattern.search(p.read_text(encoding="utf-8"))
    ]
    assert not hidden


def test_nothing_is_left_for_later():
    pattern = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|coming soon)\b")
    files = [p for p in (*CODE, *TEMPLATES) if p != Path(__file__)]
    assert not [place(p) for p in files if pattern.search(p.read_text(encoding="utf-8"))]


def test_every_kind_has_its_look():
    assert set(LOOKS) == set(Kind)


def test_every_url_has_a_name():
    def nameless(resolver, prefix=""):
        for pattern in resolver.url_patterns:
            where = f"{prefix}{pattern.pattern}"
            if hasattr(pattern, "url_patterns"):
                yield from nameless(pattern, where)
            elif not pattern.name:
                yield where

    assert not list(nameless(get_resolver()))


@pytest.mark.parametrize("room", ["rights", "fields", "panels", "menu"])
def test_what_apps_hand_down_can_be_imported(room):
    for config in apps.get_app_configs():
        if config.name.startswith("circulo") and (Path(config.path) / f"{room}.py").exists():
            assert inspect.ismodule(import_module(f"{config.name}.{room}"))


def test_an_amount_and_its_currency_are_put_back_together():
    apart = [
        f"{table.kind}.{amount}"
        for table in tracked().values()
        for amount, currency in amounts_of(table.model)
        if currency not in table.with_column(amount)
    ]
    assert not apart


def test_what_goes_together_are_columns_that_the_ledger_keeps_each_of_one_group():
    wrong = {}
    for table in tracked().values():
        kept = {field.column for field in table.model._meta.concrete_fields}
        kept -= {*table.derived, table.bumped, table.touched, "id"}
        named = [name for group in table.together for name in group]
        if not kept.issuperset(named) or len(named) != len(set(named)):
            wrong[table.kind] = named
    assert not wrong


def test_an_amount_keeps_all_decimals_that_any_currency_has():
    short = [
        f"{model._meta.label}.{amount}"
        for model in apps.get_models()
        for amount, _currency in amounts_of(model)
        if getattr(model._meta.get_field(amount), "decimal_places", 0) < money.MOST_DECIMALS
    ]
    assert not short


def amounts_of(model):
    """The columns of money that a model has beside a currency, each with that; what counts units,
    rates and percentages is none.
    """
    fields = model._meta.concrete_fields
    names = {field.name for field in fields}
    for field in fields:
        if isinstance(field, GeneratedField) or not isinstance(field, DecimalField):
            continue
        if re.search(r"quantity|discount|rate$", field.name):
            continue
        currency = next((n for n in (f"{field.name}_currency", "currency") if n in names), None)
        if currency:
            yield field.name, currency
