"""The clock of the first answer runs in working hours, and stops with the first word of ours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.leads import actions
from circulo.leads.clock import Hours, due_after
from circulo.leads.models import Lead
from circulo.testing.make import make_contact, make_interaction, make_lead, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

HOURS = Hours(9, 18, False, ZoneInfo("Europe/Madrid"))


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-04T10:00", 60, "2026-03-04T11:00"),  # a Wednesday
        ("2026-03-04T17:30", 60, "2026-03-05T09:30"),
        ("2026-03-04T07:00", 60, "2026-03-04T10:00"),
        ("2026-03-06T17:30", 60, "2026-03-09T09:30"),  # over a weekend
        ("2026-03-07T12:00", 30, "2026-03-09T09:30"),
        ("2026-03-04T17:00", 60, "2026-03-04T18:00"),
        ("2026-03-04T10:00", 9 * 60 * 5, "2026-03-11T10:00"),
        ("2026-03-27T17:59", 2, "2026-03-30T09:01"),  # the clocks go forward on Sunday
    ],
)
def test_minutes_run_in_working_hours_only(start, minutes, due):
    zone = HOURS.zone
    begun = datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC)
    assert due_after(begun, minutes, HOURS) == datetime.fromisoformat(due).replace(tzinfo=zone)


@pytest.mark.django_db
class TestAnswers:
    def test_a_call_with_the_contact_answers_its_leads_that_came_before(self):
        ana, owner = make_contact(), make_user()
        lead = make_lead(owner=owner, columns={"party_id": ana.pk})

        make_interaction(party=ana, kind=Kind.CALL, by=owner, direction="out")

        lead.refresh_from_db()
        assert lead.answered_at and lead.status == "working"
        assert list(lead.stays.order_by("pk").values_list("status", flat=True)) == [
            "new", "working"
        ]  # fmt: skip

    def test_what_the_customer_writes_or_a_machine_sends_answers_nothing(self):
        ana, owner = make_contact(), make_user()
        lead = make_lead(owner=owner, columns={"party_id": ana.pk})

        make_interaction(party=ana, kind=Kind.EMAIL, by=owner, direction="in")
        make_interaction(party=ana, kind=Kind.EMAIL, by=None, direction="out")
        make_interaction(party=ana, kind=Kind.NOTE, by=owner)
        before = lead.arrived_at - timedelta(days=1)
        make_interaction(party=ana, kind=Kind.CALL, by=owner, occurred_at=before)

        lead.refresh_from_db()
        assert lead.answered_at is None

    def test_answering_somebody_new_makes_the_contact(self):
        owner = make_user()
        lead = make_lead(owner=owner, email="nueva@duero.example", phone="612345678")

        lead = actions.answer_lead(lead, how=Kind.CALL, note="She wants samples", by=owner)

        told = Interaction.objects.get(kind=Kind.CALL)
        assert lead.answered_at and lead.party == told.party and told.about_id == lead.pk
        points = set(lead.party.points.values_list("value", flat=True))
        assert points == {"nueva@duero.example", "+34612345678"}

    def test_owners_hear_once_of_leads_that_wait_too_long(self):
        owner = make_user()
        late, fine = make_lead(owner=owner), make_lead(owner=owner)
        ago = timezone.now() - timedelta(hours=1)
        Lead.objects.filter(pk=late.pk).update(answer_due_at=ago)
        Lead.objects.filter(pk=fine.pk).update(answer_due_at=ago, answered_at=timezone.now())

        assert (actions.remind_of_leads(), actions.remind_of_leads()) == (1, 0)
        told = Notification.objects.get(kind="leads.overdue")
        assert (told.to, told.about_id) == (owner, late.pk)
