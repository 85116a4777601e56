"""Whoever changes a record over the API has seen the version that stands: every kind of record."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from circulo.accounts.models import User
from circulo.api.tests.calls import Program
from circulo.catalog.models import Coupon
from circulo.lib import ids
from circulo.records.actions.own_fields import add_field
from circulo.records.models import Load, SavedView
from circulo.records.rest.operations import JSON, operations
from circulo.sales.models import Pipeline
from circulo.testing.make import make_price_rule, make_team, make_user
from circulo.testing.overheard import is_one_of, overheard
from circulo.testing.world_of_rights import a_world

pytestmark = pytest.mark.django_db
CHANGES = sorted(one.path for one in operations() if one.method == "PATCH")
ACTS = sorted(
    one.path for one in operations()
    if one.method == "POST" and "/{id}/" in one.path and one.takes_type == JSON
)  # fmt: skip
# What has no version that one could send, or what the world of the rights holds none of.
UNVERSIONED = {"adjustments", "change-sets", "mails", "notifications", "sittings"}


def test_every_change_of_the_api_refuses_a_stale_version_and_tells_both() -> None:
    world = a_world("admin", "")
    program = Program(world.user)
    records = [*world.records["own"].values(), *_more_records(world.user)]
    faults = []

    for path in CHANGES:
        where, seen = _first_there(program, path, records)
        if seen is None:
            faults.append(f"{path}: the world holds none, or it cannot be read")
            continue
        stale = program.patch(where, {}, If_Match='"older"')
        error = stale.json().get("error", {})
        if (stale.status_code, error.get("code")) != (409, "stale"):
            faults.append(f"{path} takes a stale version: {stale.status_code}")
        elif not {"current", "yours"} <= set(error):
            faults.append(f"{path} does not tell both values")
        fresh = program.patch(where, {}, If_Match=seen.headers.get("ETag", '"none"'))
        if fresh.status_code == 409:
            faults.append(f"{path} refuses the version that it gave")

    assert CHANGES and not faults


def test_every_act_on_a_record_refuses_a_stale_version_and_is_done_on_the_one_that_stands() -> None:
    world = a_world("admin", "")
    program = Program(world.user)
    records = [*world.records["own"].values(), *_more_records(world.user)]
    faults, without = [], set()

    for path in ACTS:
        _resource, _id, act = path.partition("/{id}")
        where, seen = _first_there(program, path.removesuffix(act), records)
        if seen is None or "ETag" not in seen.headers:
            without.add(path.partition("/")[0])
            continue
        stale = program.post(where + act, {}, If_Match='"older"')
        error = stale.json().get("error", {})
        if (stale.status_code, error.get("code")) != (409, "stale"):
            faults.append(f"{path} takes a stale version: {stale.status_code}")
        elif stale.headers.get("ETag") != seen.headers["ETag"] or "current" not in error:
            faults.append(f"{path} does not tell what stands")
        with transaction.atomic():
            fresh = program.post(where + act, {}, If_Match=seen.headers["ETag"])
            transaction.set_rollback(True)
        if b'"stale"' in fresh.content:
            faults.append(f"{path} refuses the version that it gave")

    assert not faults and without == UNVERSIONED


def _more_records(user: User) -> list[str]:
    """What nobody owns, and what the firm of the rights does not hold."""
    field = add_field("contacts", "text", {"label_es": "Color"}, by=user)
    make_price_rule(coupon="FERIA")
    kinds: list[tuple[str, type[Model]]] = [
        ("coupon", Coupon), ("pipeline", Pipeline), ("view", SavedView),
    ]  # fmt: skip
    keys = [(kind, model._default_manager.values_list("pk").first()) for kind, model in kinds]
    found = [ids.encode(kind, key[0]) for kind, key in keys if key]
    people = [ids.encode("team", make_team().pk), ids.encode("user", make_user().pk)]
    load = Load.objects.create(type="contacts", name="x.csv", path="x", size=1, sha256="", by=user)
    return [*found, *people, field.public_id, load.public_id]


def _first_there(program: Program, path: str, records: list[str]) -> tuple[str, Any]:
    """The address of the first record that is there to read, and how it is read."""
    asked: set[str] = set()
    for identifier in records:
        if asked and not is_one_of(asked, identifier):
            continue
        where = path.replace("{id}", identifier)
        with overheard() as asked:
            answer = program.get(where)
        if answer.status_code == 200:
            return where, answer
    return path, None
