"""Lists whose statements were compiled once show what the queryset would."""

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from circulo.accounts.models import Role, User
from circulo.accounts.rights import RoleName
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.quotes.models import Approval, Quote
from circulo.records import criteria, markers, paging, rows
from circulo.records.conditions import operators_of
from circulo.records.paging import BadSort
from circulo.records.periods import PERIODS
from circulo.records.resources import Type, resource
from circulo.records.tests.test_own_fields import field
from circulo.sales.models import Deal, DealShare
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_deal,
    make_interaction,
    make_lead,
    make_product,
    make_quote,
    make_task,
    make_team,
    make_territory,
    make_user,
)

pytestmark = pytest.mark.django_db
LISTS = ("contacts", "companies", "deals", "leads", "quotes", "tasks", "appointments", "products",
         "interactions")  # fmt: skip
WORDS = ("Ana", "ana", "Ñ", "50%_\\x", "Web", "Madrid", "a", "")
NUMBERS = (0, 1, 10, 12.5, "100", -1, 10**17, 0.001)
TAGS = ("vip", "50%_\\x", "norte")


@pytest.fixture
def people():
    """One person of each reach, some of whom do not get to see some fields."""
    north = make_team("North")
    below = make_team("Below", parent=north)
    boss, seller = make_user(RoleName.ADMIN), make_user(RoleName.SELLER, team=below)
    manager, loose = make_user(RoleName.MANAGER, team=north), make_user(RoleName.MANAGER)
    agent = make_user(RoleName.AGENT, team=north)
    placed = make_user(RoleName.MARKETER, team=make_team("South"))
    everything = {"view": "territory", "edit": "territory"}
    kinds = ("contacts", "companies", "deals", "leads", "quotes", "tasks", "interactions")
    Role.objects.filter(pk=RoleName.MARKETER).update(rights=dict.fromkeys(kinds, everything))
    Role.objects.filter(pk=RoleName.AGENT).update(
        hidden={"deals": ["amount"], "contacts": ["emails", "custom.puntos"]}
    )
    make_territory("Web", {"field": "source", "op": "is", "value": "Web"}, members=[placed])
    keys = [one.pk for one in (boss, seller, manager, loose, agent, placed)]
    return [User.objects.select_related("role", "team").get(pk=key) for key in keys]


@pytest.fixture
def world(people):
    """A few records of every list, of everybody and nobody, with own fields."""
    field("number", "Puntos")
    field("money", "Cuota")
    field("date", "Alta")
    field("text", "Mote")
    field("yes_no", "Fiel")
    field("choices", "Gustos", choices=["Té", "Café"])
    field("computed", "Doble", formula="puntos * 2")
    field("computed", "Años", formula="years(alta, today())")
    draw = random.Random(7)
    for n, owner in enumerate(itertools.islice(itertools.cycle(people), 18)):
        own = {"puntos": n % 5, "alta": f"2026-0{1 + n % 9}-02", "fiel": n % 2 == 0,
               "mote": draw.choice(WORDS[:5])}  # fmt: skip
        tags = draw.sample(TAGS, n % 3)
        ana = make_contact(
            owner=owner, given_name=f"{draw.choice(WORDS[:6])} {n % 4}", tags=tags, custom=own,
            source=draw.choice(WORDS), emails=[f"ana{n}@example.com"],
        )  # fmt: skip
        firm = make_company(owner=owner, tags=tags, industry=draw.choice(WORDS))
        deal = make_deal(owner=owner, party=draw.choice([ana, firm]), tags=tags,
                         source=draw.choice(WORDS))  # fmt: skip
        Deal.objects.filter(pk=deal.pk).update(
            amount=draw.choice([None, Decimal(10), Decimal("12.5"), Decimal(100)]),
            expected_on=date(2026, 1, 1) + timedelta(days=n),
        )
        DealShare.objects.create(deal=deal, user=draw.choice(people), percent=10)
        make_lead(owner=draw.choice([owner, None]), by=owner, source=draw.choice(WORDS))
        make_interaction(party=ana, by=owner, subject=draw.choice(WORDS))
        make_task(owner=owner, title=draw.choice(WORDS[:6]))
        make_appointment(owner=owner, title=draw.choice(WORDS[:6]))
        make_product(price=n, name=f"{draw.choice(WORDS[:6])} {n % 3}")
    for owner, asked in zip(people[:3], people[3:], strict=True):
        Approval.objects.create(quote=make_quote(owner=owner), people=[asked.pk])
    Party.objects.filter(
        pk__in=draw.sample([*Party.objects.values_list("pk", flat=True)], 6)
    ).update(owner=None)
    tables = {resource(name).model._meta.db_table for name in LISTS}  # type: ignore[union-attr]
    with connection.cursor() as cursor:  # whatever other tests left: these are few
        cursor.execute(f"ANALYZE {', '.join(sorted(tables))}, quotes_approval")
    return draw


def value_of(draw, one, links):
    """A value that fits a field, more often than not."""
    if one.type is Type.CHOICE or (one.type is Type.LIST and one.choices):
        return draw.choice([*(one.choices or dict)()] or ["x"])
    if one.type is Type.LINK:
        return draw.choice(links.get(one.link) or [ids.encode(one.link, 1)])
    values = {
        Type.NUMBER: NUMBERS,
        Type.DATE: ("2026-01-05", "2026-03-02", "1999-12-31"),
        Type.MOMENT: ("2026-01-05T10:00:00+01:00", f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"),
        Type.TIME: ("09:30",),
        Type.YES_NO: (True, False),
        Type.LIST: TAGS,
    }
    return draw.choice(values.get(one.type, WORDS))


def condition(draw, fields, links):
    one = draw.choice(fields)
    op = draw.choice(operators_of(one))
    said = {"field": one.name, "op": op}
    if op in ("in", "within"):
        said["value"] = [value_of(draw, one, links) for _ in range(draw.randint(0, 3))]
    elif op == "between":
        said["value"] = [value_of(draw, one, links), value_of(draw, one, links)]
    elif op == "during":
        said["value"] = draw.choice([*PERIODS])
    elif op == "empty":
        said["value"] = draw.choice([True, False])
    elif op.endswith("_days"):
        said["value"] = draw.choice([0, 7, 4000])
    elif op != "changed":
        said["value"] = value_of(draw, one, links)
    if one.when and draw.random() < 0.3:
        said["within_days"] = 30
    return said


def criterion(draw, fields, links, level=0):
    if level == 2 or draw.random() < 0.5:
        return condition(draw, fields, links)
    word = draw.choice(["all", "any", "not"])
    if word == "not":
        return {"not": criterion(draw, fields, links, level + 1)}
    return {word: [criterion(draw, fields, links, level + 1) for _ in range(draw.randint(0, 3))]}


def walked(found, sort, among, draw):
    """The keys of every page, the pages of two having been leafed through both ways."""
    seen, cursor = [], None
    while True:
        page = paging.page_of_keys(found, sort, limit=5, cursor=cursor, among=among)
        seen += page.rows
        if page.previous and draw.random() < 0.5:
            back = paging.page_of_keys(found, sort, limit=5, cursor=page.previous, among=among)
            assert back.rows == seen[-len(page.rows) - 5 : -len(page.rows)]
        if page.next is None:
            return seen
        cursor = page.next


def links_of():
    named: dict[str, Any] = {"party": Party, "deal": Deal, "quote": Quote, "user": User}
    return {kind: [ids.encode(kind, key) for key in model.objects.values_list("pk", flat=True)[:5]]
            for kind, model in named.items()}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_whatever_is_asked_a_kept_statement_finds_what_the_queryset_does(name, people, world):
    listed, draw, links = resource(name), random.Random(name), links_of()
    asked = refused = 0
    while asked < 25:
        user = draw.choice(people)
        said = criterion(draw, [*listed.criteria_for(user).values()], links)
        sorts = [one.name for one in listed.fields_for(user).values() if one.sort_by]
        names = draw.sample(sorts, min(len(sorts), draw.randint(1, 2)))
        sort = paging.sort_of(listed, ",".join(draw.choice(["", "-"]) + n for n in names), user)
        seen = rows.seen_rows(listed, user)
        try:
            found = rows.fulfilling(seen, listed, said)
        except criteria.BadCriteria:
            with pytest.raises(criteria.BadCriteria):
                criteria.compile_for(listed, said, user)
            refused += 1
            assert refused < 400
            continue
        asked += 1
        plain = criteria.narrow(listed.visible(user), listed, said, user)
        wanted = [*sort.prepared(plain).order_by(*sort.order_by()).values_list("pk", flat=True)]

        assert walked(found, sort, None, draw) == wanted, (said, sort.text, user.role_id)
        assert walked(found, sort, seen, draw) == wanted, (said, sort.text, user.role_id)
        few = paging.few(found, seen)
        assert few.keys is None or sorted(few.keys) == sorted(wanted)
        assert paging.Gathered().count(found)[0] == len(wanted)
        assert walked(seen.with_keys(wanted), sort, None, draw) == wanted


@pytest.mark.parametrize("name", LISTS)
def test_other_values_of_the_same_question_compile_nothing(name, people, world):
    listed, draw, links = resource(name), random.Random(name), links_of()
    user, other = people[2], User.objects.select_related("role", "team").get(pk=people[2].pk)
    fields = [one for one in listed.criteria_for(user).values() if set(operators_of(one)) & {"is"}]
    sort = paging.sort_of(listed, "", user)
    for one in fields:
        first, second = (
            {"field": one.name, "op": "is", "value": value_of(draw, one, links)} for _ in "ab"
        )
        ask = [rows.seen_rows(listed, user), rows.seen_rows(listed, other)]
        try:
            paging.page_of_keys(rows.fulfilling(ask[0], listed, first), sort, limit=5)
            same = rows.fulfilling(ask[1], listed, second)
        except criteria.BadCriteria:
            continue
        if rows.fulfilling(ask[0], listed, first).shape != same.shape:
            continue
        with mock.patch.object(paging, "compiled", side_effect=AssertionError(one.name)):
            paging.page_of_keys(same, sort, limit=5)


def test_a_marker_that_was_made_up_is_refused_before_anything_is_asked():
    user = make_user(RoleName.ADMIN)
    make_deal(amount=10, owner=user)
    listed = resource("deals")
    sort = paging.sort_of(listed, "-amount,expected_on", user)
    for key in (["x", "2026-01-01", 1], ["1", "2026-13-01", 1], ["1", 7, 1]):
        marker = markers.written(sort.text, key, False)
        with pytest.raises(BadSort):
            paging.page_of_keys(rows.seen_rows(listed, user), sort, limit=2, cursor=marker)
