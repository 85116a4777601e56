"""Converting a lead, discarding it, and taking both back."""

from typing import Any

import pytest

from circulo.leads import actions
from circulo.leads.conversions import read_conversion
from circulo.leads.models import Lead, LeadReason, LeadStay
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_company,
    make_contact,
    make_lead,
    make_route_rule,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SAID: dict[str, Any] = {
    "given_name": "Ana", "first_surname": "Ruiz", "company": "Duero SL", "phone": "612345678",
    "email": "ana@duero.example", "city": "Soria", "country": "ES", "source": "Feria",
    "campaign": "Otoño", "message": "Quiero probar.",
}  # fmt: skip


def convert(lead, by, **said):
    with acting(by.pk, "screen") as act:
        lead = actions.convert_lead(lead, read_conversion(said, lead, by=by), by=by)
    return lead, act


def reason():
    return LeadReason.objects.order_by("position").first()


def test_a_lead_becomes_contact_company_and_deal_and_nothing_is_typed_again():
    owner = make_user()
    lead, _act = convert(make_lead(owner=owner, **SAID), owner, deal={})

    ana, firm, deal = lead.party, lead.company_party, lead.deal
    assert (str(ana), ana.company, ana.source, str(firm)) == ("Ana Ruiz", firm, "Feria", "Duero SL")
    assert set(ana.points.values_list("value", flat=True)) == {"ana@duero.example", "+34612345678"}
    assert (deal.party, deal.owner, deal.source, deal.campaign) == (firm, owner, "Feria", "Otoño")
    assert deal.notes == "Quiero probar." and deal.people.get().party == ana
    assert lead.status == "converted" and lead.converted_at
    assert Interaction.objects.filter(kind=Kind.LEAD_CONVERTED, party=ana).exists()


def test_whoever_is_known_stays_who_they_are():
    owner = make_user()
    ana = make_contact(emails=["ana@duero.example"], owner=owner)
    firm = make_company(name="Duero SL")
    lead = make_lead(owner=owner, **SAID)

    lead, _act = convert(lead, make_user("admin"))

    ana.refresh_from_db()
    assert (lead.party, lead.company_party, lead.deal) == (ana, firm, None)
    assert ana.company == firm and Party.objects.count() == 2


def test_a_contact_that_one_does_not_see_is_not_there():
    ana = make_contact(emails=["ana@duero.example"], owner=make_user(team=make_team()))
    owner = make_user(team=make_team())
    lead = make_lead(owner=owner, **SAID)
    assert lead.party == ana

    lead, _act = convert(lead, owner)

    assert lead.party != ana and lead.party.owner == owner


def test_a_lead_is_converted_once():
    owner = make_user()
    lead = make_lead(owner=owner, **SAID)
    into = read_conversion({}, lead, by=owner)
    actions.convert_lead(lead, into, by=owner)
    with pytest.raises(RuleBroken, match="converted already"):
        actions.convert_lead(lead, into, by=owner)
    assert Party.objects.count() == 2


def test_a_conversion_is_taken_back_whole():
    owner = make_user("admin")
    lead, act = convert(make_lead(owner=owner, **SAID), owner, deal={"amount": "1200"})

    undo_changes(ChangeSet.objects.get(pk=act.latest or 0), by=owner)

    lead.refresh_from_db()
    assert (lead.status, lead.party, lead.deal, lead.converted_at) == ("new", None, None, None)
    assert not Party.objects.exists() and not Deal.objects.exists()
    assert not verify()


def test_names_of_others_and_what_a_role_may_not_are_refused():
    by = make_user(team=make_team())
    lead = make_lead(owner=by, **SAID)
    theirs = make_contact(owner=make_user(team=make_team()))
    for said in (
        {"contact": theirs.public_id}, {"company": "zzzzzzzzzz"}, {"deal": "x"},
        {"deal": {"amount": "1e999"}}, {"status": "new"}, {"adds_contact": 1},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            read_conversion(said, lead, by=by)
    with pytest.raises(Invalid):
        convert(lead, by, adds_contact=False, adds_company=False)
    assert Lead.objects.get().status == "new"


def test_a_lead_is_discarded_for_a_reason_and_opened_again():
    owner = make_user()
    lead = make_lead(owner=owner)

    with pytest.raises(Invalid):
        actions.discard_lead(lead, reason=None, by=owner)
    lead = actions.discard_lead(lead, reason=reason(), note="Only wanted a job", by=owner)
    assert (lead.status, lead.reason, lead.reason_note) == (
        "discarded", reason(), "Only wanted a job"
    )  # fmt: skip
    with pytest.raises(RuleBroken):
        actions.discard_lead(lead, reason=reason(), by=owner)

    lead = actions.reopen_lead(lead, by=owner)
    assert (lead.status, lead.reason, lead.reason_note) == ("working", None, "")
    told = list(LeadStay.objects.order_by("pk").values_list("status", flat=True))
    assert told == ["new", "discarded", "working"] and not verify()


def test_discarding_is_undone_and_its_way_has_no_gap():
    owner = make_user("admin")
    lead = make_lead(owner=owner)
    with acting(owner.pk, "screen") as act:
        actions.discard_lead(lead, reason=reason(), by=owner)

    undo_changes(ChangeSet.objects.get(pk=act.latest or 0), by=owner)

    lead.refresh_from_db()
    assert lead.status == "new" and lead.stays.get().left_at is None and not verify()


def test_own_fields_that_contacts_must_have_stop_no_conversion():
    for kind in ("contacts", "companies"):
        add_field(kind, "text", {"label_es": "Zona de reparto", "is_required": True}, by=None)
    by = make_user("admin")
    converted, _act = convert(make_lead(owner=by, company="Bodegas Rius"), by)
    assert converted.party_id and converted.company_party_id


def test_a_suspect_that_is_opened_again_comes_in_and_is_given_to_somebody():
    by, seller = make_user("admin"), make_user()
    make_route_rule(seller)
    lead = make_lead(columns={"status": "suspect"})
    lead = actions.discard_lead(lead, reason=LeadReason.objects.first(), by=by)
    assert lead.owner_id is None

    opened = actions.reopen_lead(lead, by=by)

    assert (opened.status, opened.owner) == ("working", seller)
    assert opened.answer_due_at is not None and not verify()


def test_the_page_of_the_deal_tells_of_the_lead_that_it_came_from(client):
    owner = make_user(language="en")
    client.force_login(owner)
    lead, _act = convert(make_lead(owner=owner, **SAID), owner, adds_contact=True,
                         deal={"title": "Vino"})  # fmt: skip

    page = client.get(Deal.objects.get(leads=lead).get_absolute_url()).content.decode()

    assert "Lead converted" in page
