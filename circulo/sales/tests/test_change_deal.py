"""Adding and changing deals, and who may see them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from circulo.accounts.models import Notification, User
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale
from circulo.records.actions.own_fields import add_field
from circulo.sales import actions, drafts
from circulo.sales.models import Deal, DealPerson, DealShare
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def changed(deal, by=None, **said):
    by = by or deal.owner
    return actions.change_deal(deal, drafts.read(said, by=by, deal=deal), by=by)


def test_a_new_deal_begins_in_the_first_stage_and_is_its_makers():
    seller = make_user()
    draft = drafts.read({"title": "Cien botellas", "amount": 1200.5}, by=seller)

    deal = actions.add_deal(draft, by=seller)

    assert (deal.owner, deal.created_by, deal.currency) == (seller, seller, "EUR")
    assert deal.pipeline.is_default
    assert deal.stage == deal.pipeline.stages.in_order().first()
    assert deal.stays.get().stage == deal.stage


def test_the_timeline_of_its_party_is_told_of_a_new_deal():
    deal = make_deal()
    told = Interaction.objects.of(Kind.DEAL_OPENED).get()
    assert (told.party, told.subject, told.about_kind) == (deal.party, deal.title, "deal")


@pytest.mark.parametrize(
    ("currency", "amount", "is_taken"),
    [("EUR", "0.01", True), ("EUR", "0.001", False), ("JPY", "1000", True), ("JPY", "0.5", False),
     ("KWD", "1.234", True), ("KWD", "1.2345", False), ("EUR", "-1", False), ("EUR", "x", False),
     ("XXY", "1", False)],
)  # fmt: skip
def test_an_amount_has_the_decimals_of_its_currency_and_loses_none(currency, amount, is_taken):
    said: dict[str, Any] = {
        "title": "x", "amount": {"amount": amount, "currency": currency},
    }  # fmt: skip
    if not is_taken:
        with pytest.raises(Invalid) as refusal:
            drafts.read(said, by=make_user())
        assert set(refusal.value.fields) == {"amount"}
        return
    deal = make_deal(**said)
    assert (deal.amount, deal.currency) == (Decimal(amount), currency)


def test_what_is_refused_is_told_for_each_field():
    with pytest.raises(Invalid) as refusal:
        drafts.read(
            {"title": "", "party": "nobody", "stage": "x", "expected_on": "soon", "weight": 3,
             "shares": [{"user": "x", "percent": 10}], "people": 4},
            by=make_user(),
        )  # fmt: skip
    assert set(refusal.value.fields) == {
        "title", "party", "stage", "expected_on", "weight", "shares", "people",
    }  # fmt: skip


ODD: list[Any] = [None, True, 0, -1, 1e999, "", "\0", "\ud800", "x" * 300, [], [[]], [{}], [None],
       [{"a": []}], {}, {"a": [1]}, {"amount": "1e999"}, {"amount": []}, {"": None}]  # fmt: skip


@pytest.mark.parametrize("name", drafts.FIELDS)
def test_whatever_is_sent_is_taken_or_refused_with_its_reason(name):
    add_field("deals", "text", {"label_es": "Clave"}, by=None)
    seller = make_user()
    for odd in [*ODD, {"clave": [{}]}, {"clave": 1e999}]:
        try:
            drafts.read({"title": "x", name: odd}, by=seller)
        except Invalid as refusal:
            assert refusal.fields


def test_a_newer_version_is_not_written_over():
    deal = make_deal()
    changed(deal, title="Otro")
    draft = drafts.read({"title": "Tercero"}, by=deal.owner, deal=deal)
    with pytest.raises(Stale) as refusal:
        actions.change_deal(deal, draft, by=deal.owner, version=deal.version)
    assert refusal.value.current == {"title": "Otro"}


def test_a_change_may_bring_a_deal_into_another_stage_with_what_that_asks_for():
    pipeline = make_pipeline({"name": "One"}, {"name": "Two", "required": ["amount"]})
    second = pipeline.stages.in_order()[1]
    deal = make_deal(pipeline=pipeline)
    moved = changed(deal, amount=5, stage=second.public_id)
    assert (moved.stage, moved.amount) == (second, 5)
    assert moved.stays.count() == 2


def test_a_stage_of_another_pipeline_brings_its_pipeline():
    other = make_pipeline()
    moved = changed(make_deal(), stage=other.stages.in_order()[2].public_id)
    assert moved.pipeline == other
    with pytest.raises(Invalid, match="another pipeline"):
        changed(moved, pipeline=make_pipeline().public_id, stage=moved.stage.public_id)


def test_people_rivals_and_shares_are_what_was_said_last():
    owner = make_user()
    deal, ana, luis = make_deal(owner=owner), make_contact(owner=owner), make_contact(owner=owner)
    colleague = make_user()
    changed(
        deal,
        people=[{"party": ana.public_id, "part": "decides"}, {"party": luis.public_id}],
        rivals=[{"name": "Bodegas Sur", "strength": "strong"}, {"name": "Otra"}],
        shares=[{"user": colleague.opaque, "percent": 40}],
    )
    again = changed(
        deal, people=[{"party": ana.public_id, "part": "blocks"}], rivals=[{"name": "Otra"}]
    )
    assert [(one.party, one.part) for one in again.people.all()] == [(ana, "blocks")]
    assert [one.name for one in again.rivals.all()] == ["Otra"]
    assert again.shares.get().percent == 40


def test_the_share_of_a_colleague_who_left_stays_and_can_be_changed_and_taken():
    deal, gone, there = make_deal(), make_user(), make_user()
    changed(deal, shares=[{"user": gone.opaque, "percent": 40}])
    User.objects.filter(pk=gone.pk).update(is_active=False)

    both = [{"user": gone.opaque, "percent": 30}, {"user": there.opaque, "percent": 20}]
    shares = {one.user: one.percent for one in changed(deal, shares=both).shares.all()}
    assert shares == {gone: 30, there: 20}
    assert changed(deal, shares=both[1:]).shares.get().user == there
    with pytest.raises(Invalid, match="Nobody of that name"):
        changed(deal, shares=both)


def test_whom_one_does_not_see_keeps_their_part_in_a_deal_and_the_deal_itself():
    owner = make_user(team=make_team())
    hidden = make_contact(owner=make_user(team=make_team()))
    seen, other = make_contact(owner=owner), make_contact(owner=owner)
    deal = make_deal(owner=owner, party=hidden)
    DealPerson.objects.create(deal=deal, party=hidden, part="decides")
    changed(deal, people=[{"party": seen.public_id}])

    again = changed(deal, people=[{"party": other.public_id}], party=None)

    assert {one.party for one in again.people.all()} == {hidden, other}
    assert again.party == hidden
    with pytest.raises(Invalid, match="no such record"):
        changed(deal, people=[{"party": hidden.public_id, "part": "blocks"}])
    assert not changed(make_deal(owner=owner, party=seen), party=None).party


def test_the_page_of_the_contact_that_a_deal_leaves_asks_anew(django_capture_on_commit_callbacks):
    owner = make_user()
    left, came = make_company(owner=owner), make_company(owner=owner)
    deal = make_deal(owner=owner, party=left)
    then = django_capture_on_commit_callbacks(execute=True)
    with CaptureQueriesContext(connection) as told, then:
        changed(deal, party=came.public_id)
    notified = " ".join(query["sql"] or "" for query in told.captured_queries)
    for party in (left, came):
        assert f"party:{party.public_id}" in notified


def test_shares_are_at_most_a_hundred_percent_together():
    said = [
        {"user": make_user().opaque, "percent": 60},
        {"user": make_user().opaque, "percent": 41},
    ]
    with pytest.raises(Invalid, match="100"):
        changed(make_deal(), shares=said)


def test_a_reference_names_one_deal():
    make_deal(reference="A-1")
    with pytest.raises(Invalid) as refusal:
        make_deal(reference="A-1")
    assert set(refusal.value.fields) == {"reference"}


def test_a_deal_in_the_bin_is_not_there_and_comes_back():
    deal = make_deal()
    assert actions.bin_deals([deal.pk], by=deal.owner) == 1
    assert not Deal.objects.visible_to(deal.owner).exists()
    assert actions.restore_deals([deal.pk], by=deal.owner) == 1
    assert Deal.objects.visible_to(deal.owner).get() == deal


def fresh(user):
    return User.objects.select_related("role", "team").get(pk=user.pk)


def test_the_deal_of_another_team_is_not_there_but_for_who_made_it_or_has_a_share():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    deal = make_deal(owner=other)
    assert not Deal.objects.visible_to(fresh(seller)).exists()

    DealShare.objects.create(deal=deal, user=seller, percent=20)
    assert Deal.objects.visible_to(fresh(seller)).get() == deal
    assert not Deal.objects.visible_to(fresh(seller), "edit").exists()

    made = make_deal(owner=other, by=seller, party=make_company())
    assert set(Deal.objects.visible_to(fresh(seller))) == {deal, made}


def test_a_seller_sees_the_deals_of_the_team_and_changes_only_their_own():
    team = make_team()
    seller, colleague = make_user(team=team), make_user(team=team)
    mine, theirs = make_deal(owner=seller), make_deal(owner=colleague)
    assert set(Deal.objects.visible_to(fresh(seller))) == {mine, theirs}
    assert Deal.objects.visible_to(fresh(seller), "edit").get() == mine


def test_a_seller_cannot_give_a_deal_to_somebody_out_of_reach():
    deal = make_deal()
    with pytest.raises(Invalid) as refusal:
        drafts.read({"owner": make_user().opaque}, by=deal.owner, deal=deal)
    assert set(refusal.value.fields) == {"owner"}


def test_a_party_that_one_does_not_see_cannot_be_named():
    hidden = make_company(owner=make_user(team=make_team()))
    with pytest.raises(Invalid):
        drafts.read({"title": "x", "party": hidden.public_id}, by=make_user(team=make_team()))
    assert ids.decode("party", hidden.public_id) == hidden.pk


def test_own_fields_of_many_deals_are_set_at_once_and_found():
    add_field("deals", "text", {"label_es": "Clave", "is_searchable": True}, by=None)
    add_field("deals", "text", {"label_es": "Uva"}, by=None)
    seller = make_user()
    deals = [make_deal(owner=seller, custom={"uva": "Tempranillo"}) for _n in range(2)]

    count = actions.edit_deals(
        [deal.pk for deal in deals], {"custom": {"clave": "Zafiro"}}, by=seller
    )

    assert count == 2
    for deal in Deal.objects.all():
        assert deal.custom == {"uva": "Tempranillo", "clave": "Zafiro"}
        assert "zafiro" in deal.search
    assert actions.edit_deals([deals[0].pk], {"custom": {"clave": None}}, by=seller) == 1
    assert Deal.objects.get(pk=deals[0].pk).custom == {"uva": "Tempranillo"}


def told_to(user):
    rows = Notification.objects.filter(to=user).order_by("pk")
    return [str(row.text) for row in rows]


def test_a_colleague_is_told_of_the_deals_that_somebody_gave_them():
    team = make_team()
    boss, eva = make_user("manager", team=team, name="Luis"), make_user(team=team)
    one, two = make_deal(owner=boss, title="Vino"), make_deal(owner=boss, title="Aceite")

    changed(one, owner=eva.opaque)
    changed(one, title="Vino tinto", by=boss)
    assert told_to(eva) == ["Luis gave you: Vino"]
    actions.edit_deals([one.pk, two.pk], {"owner_id": eva.pk}, by=boss)
    assert told_to(eva)[1:] == ["Luis gave you: Aceite"]

    actions.edit_deals([one.pk, two.pk], {"owner_id": boss.pk}, by=eva)
    actions.edit_deals([one.pk, two.pk], {"owner_id": eva.pk}, by=boss)
    assert told_to(eva)[2:] == ["Luis gave you 2 deals"]
    draft = drafts.read({"title": "Queso", "owner": eva.opaque}, by=boss)
    actions.add_deal(draft, by=boss)
    assert told_to(eva)[3:] == ["Luis gave you: Queso"]
    assert told_to(boss) == [f"{eva.name} gave you 2 deals"]
