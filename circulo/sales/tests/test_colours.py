"""Colours by rule: which one a deal has, who may know it, and how rules are made and taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.rosters import Tint
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.actions.colours import MOST_COLOURS
from circulo.sales.models import ColourRule
from circulo.sales.selectors.colours import tints_of
from circulo.testing.cost import query_cost
from circulo.testing.make import make_colour_rule, make_deal, make_team, make_user

pytestmark = pytest.mark.django_db

LARGE = {"field": "amount", "op": "gte", "value": 10_000}


def is_(field, value, op="is"):
    return {"field": field, "op": op, "value": value}


def test_the_first_rule_that_a_deal_fulfils_decides():
    user = make_user("manager", team=make_team("Norte"))
    both, large, fair, plain = (
        make_deal(owner=user, amount=amount, source=source)
        for amount, source in ((20_000, "Feria"), (10_000, ""), (5, "Feria"), (5, ""))
    )
    keys = [deal.pk for deal in (both, large, fair, plain)]
    assert tints_of(user, keys) == {}

    first = make_colour_rule(LARGE, label="Grande", tone="spark")
    second = make_colour_rule(is_("source", "feria"), label="De feria", tone="good")
    grand, fairly = Tint("Grande", "spark"), Tint("De feria", "good")
    assert tints_of(user, keys) == {both.pk: grand, large.pk: grand, fair.pk: fairly}

    actions.order_colours([second.pk, first.pk], by=None)
    assert tints_of(user, keys) == {both.pk: fairly, large.pk: grand, fair.pk: fairly}
    actions.change_colour(second, {"is_active": False}, by=None)
    assert tints_of(user, keys) == {both.pk: grand, large.pk: grand}
    assert tints_of(user, [plain.pk]) == tints_of(user, []) == {}


def test_a_rule_may_ask_for_days_from_now_and_other_values_cost_no_more():
    user = make_user("admin")
    today = timezone.localdate()
    soon, late = (
        make_deal(owner=user, expected_on=(today + timedelta(days=days)).isoformat())
        for days in (3, 30)
    )
    make_colour_rule(is_("expected_on", 7, "next_days"), label="Esta semana")
    make_colour_rule(LARGE)

    assert tints_of(user, [soon.pk, late.pk]) == {soon.pk: Tint("Esta semana", "bad")}
    assert (
        query_cost(tints_of, user, [soon.pk]) == query_cost(tints_of, user, [soon.pk, late.pk]) == 1
    )


def test_a_colour_tells_nobody_what_their_role_hides_nor_of_deals_out_of_reach():
    seller, other = make_user("seller"), make_user("seller")
    mine, theirs = make_deal(owner=seller, amount=20_000), make_deal(owner=other, amount=20_000)
    make_colour_rule(LARGE, label="Grande")
    assert tints_of(seller, [mine.pk, theirs.pk]) == {mine.pk: Tint("Grande", "bad")}

    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    seller.role.refresh_from_db()
    seller.__dict__.pop("_shapes", None)
    assert tints_of(seller, [mine.pk]) == {}
    assert tints_of(make_user("admin"), [mine.pk]) == {mine.pk: Tint("Grande", "bad")}


def test_the_board_says_the_colour_in_words_too(client):
    admin = make_user("admin")
    client.force_login(admin)
    make_deal(owner=admin, amount=20_000)
    before = client.get("/deals").content.decode()
    assert "data-tint" not in before
    make_colour_rule(LARGE, label="Grande <ya>", tone="spark")

    page = client.get("/deals").content.decode()

    assert page.count('data-tint="spark"') == 1
    assert '<span class="chip spark">Grande &lt;ya&gt;</span>' in page


def test_an_administrator_makes_a_rule_from_the_filter_of_the_list(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    text = '{"field": "amount", "op": "gte", "value": 10000}'
    list_page = client.get("/deals", {"shape": "table", "rule": "new-colour", "filter": text})
    assert reverse("sales:new_colour") in list_page.content.decode()

    empty = client.post(reverse("sales:new_colour"), {"label": "Large", "tone": "spark"})
    assert empty.status_code == 422 and b"a rule asks for something" in empty.content
    said = {"label": "Large", "tone": "spark", "criteria": text, "is_active": "on"}
    assert client.post(reverse("sales:new_colour"), said).status_code == 302
    rule = ColourRule.objects.get()
    assert (rule.label, rule.tone, rule.is_active) == ("Large", "spark", True)

    page = reverse("sales:colour", args=[rule.public_id])
    assert client.post(page, said | {"label": "Very large"}).status_code == 302
    assert "Very large" in client.get(reverse("sales:colours")).content.decode()
    assert client.post(reverse("sales:remove_colour", args=[rule.public_id])).status_code == 302
    assert not ColourRule.objects.exists()
    undo_changes(ChangeSet.objects.latest("pk"), by=admin)
    assert ColourRule.objects.get().label == "Very large" and not verify()


def test_rules_move_by_one_place_and_are_for_administrators(client):
    rules = [make_colour_rule(LARGE, label=label) for label in ("A", "B", "C")]
    order = reverse("sales:order_colour", args=[rules[2].public_id])
    client.force_login(make_user("manager"))
    assert client.post(order, {"way": "up"}).status_code == 403
    client.force_login(make_user("admin"))

    for way in ("up", "up", "up", "down"):
        client.post(order, {"way": way})

    assert [rule.label for rule in ColourRule.objects.in_order()] == ["A", "C", "B"]


@pytest.mark.parametrize("criteria", [{}, None, is_("nothing", 1), is_("amount", "x", "gt")])
def test_what_asks_for_nothing_or_is_not_understood_is_refused(criteria):
    with pytest.raises(Invalid):
        make_colour_rule(criteria)
    assert not ColourRule.objects.exists()


def test_there_are_only_so_many():
    for _number in range(MOST_COLOURS):
        make_colour_rule(LARGE)
    with pytest.raises(RuleBroken):
        make_colour_rule(LARGE)


def test_a_deal_stands_out_in_the_table_and_on_a_month_too(client):
    user = make_user("admin", language="en", region="en-GB")
    today = timezone.localdate()
    make_deal(owner=user, amount=20_000, title="Barricas", expected_on=today.isoformat())
    make_deal(owner=user, amount=5, title="Corchos", expected_on=today.isoformat())
    client.force_login(user)
    shapes = ("shape=table", "shape=calendar&by=expected_on", "shape=board&by=outcome")

    def pages():
        return [client.get(f"/deals?view=none&{shape}").content.decode() for shape in shapes]

    assert all("Barricas" in page and "Grande" not in page for page in pages())
    make_colour_rule(LARGE, label="Grande", tone="spark")
    assert all(page.count('<span class="chip spark">Grande</span>') == 1 for page in pages())


def test_what_stands_out_costs_a_list_one_statement_whatever_its_length(client):
    user = make_user("admin")
    client.force_login(user)
    make_colour_rule(LARGE, label="Grande")
    make_deal(owner=user, amount=20_000)
    client.get("/deals?view=none&shape=table")
    few = query_cost(client.get, "/deals?view=none&shape=table")
    for _number in range(9):
        make_deal(owner=user, amount=20_000)
    assert query_cost(client.get, "/deals?view=none&shape=table") == few
