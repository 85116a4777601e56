"""How a program says that a deal is over: at once, later, anew, and what it may not say."""

from datetime import datetime

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.records.verify import verify
from circulo.sales.models import Deal
from circulo.testing.make import make_deal, make_pipeline, make_reason, make_user
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LONG_AGO = "2026-01-20T11:30:00+01:00"


def refused(answer):
    assert answer.status_code == 422, answer.json()
    return set(answer.json()["error"]["fields"])


def test_a_deal_that_was_won_elsewhere_is_added_as_it_ended():
    make_pipeline()
    answer = Program(make_user()).post(
        "deals",
        {"title": "Vino", "amount": {"amount": "900.00", "currency": "EUR"}, "outcome": "won",
         "closed_at": LONG_AGO, "reason_note": "Rápido"},
    )  # fmt: skip

    assert answer.status_code == 201, answer.json()
    said = answer.json()
    deal = Deal.objects.get()
    assert (said["outcome"], said["reason_note"], said["probability"]) == ("won", "Rápido", 100)
    assert deal.closed_at == deal.opened_at == datetime.fromisoformat(LONG_AGO)
    assert answer.headers["ETag"] == f'"{deal.version}"'
    assert verify() == []


def test_one_that_is_open_is_added_as_ever():
    make_pipeline()
    said = Program(make_user()).post("deals", {"title": "Vino", "outcome": "open"}).json()
    assert (said["outcome"], said["closed_at"]) == ("open", None)


def test_a_change_says_the_end_and_the_timeline_hears_of_it():
    deal, dear = make_deal(), make_reason("lost", "Caro")
    program, path = Program(deal.owner), f"deals/{deal.public_id}"

    won = program.patch(path, {"title": "Tinto", "outcome": "won"}).json()
    lost = program.patch(path, {"outcome": "lost", "reason": dear.public_id}).json()
    anew = program.patch(path, {"outcome": "open"}).json()

    assert (won["title"], won["outcome"], won["closed_at"] is None) == ("Tinto", "won", False)
    assert (lost["outcome"], lost["reason_label"]) == ("lost", "Caro")
    assert (anew["outcome"], anew["closed_at"], anew["reason"]) == ("open", None, None)
    kinds = Interaction.objects.filter(about_id=deal.pk, kind__startswith="sales.deal_")
    told = list(kinds.order_by("pk").values_list("kind", flat=True))
    assert told[-4:] == [f"sales.deal_{what}" for what in ("won", "reopened", "lost", "reopened")]
    assert verify() == []


def test_what_is_sent_back_as_it_was_read_changes_nothing_of_the_end():
    deal, dear = make_deal(), make_reason("lost", "Caro")
    program, path = Program(deal.owner), f"deals/{deal.public_id}"
    lost = program.patch(path, {"outcome": "lost", "reason": dear.public_id, "reason_note": "Sí"})
    names = ("outcome", "closed_at", "reason", "reason_note", "title")

    again = program.patch(path, {name: lost.json()[name] for name in names}).json()

    assert {name: again[name] for name in names} == {name: lost.json()[name] for name in names}
    assert Interaction.objects.filter(about_id=deal.pk, kind="sales.deal_lost").count() == 1


def test_the_moment_of_an_end_is_mended():
    deal = make_deal(columns={"opened_at": "2026-01-02T09:00:00+01:00"})
    program, path = Program(deal.owner), f"deals/{deal.public_id}"
    program.post(f"{path}/win")

    said = program.patch(path, {"closed_at": LONG_AGO}).json()

    assert datetime.fromisoformat(said["closed_at"]) == datetime.fromisoformat(LONG_AGO)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"outcome": "perhaps"}, {"outcome"}),
        ({"outcome": None}, {"outcome"}),
        ({"outcome": "lost"}, {"reason"}),
        ({"closed_at": LONG_AGO}, {"closed_at"}),
        ({"reason_note": "Caro"}, {"reason_note"}),
        ({"outcome": "won", "closed_at": "yesterday", "title": ""}, {"closed_at", "title"}),
        ({"outcome": "won", "closed_at": "2199-01-01T00:00:00Z"}, {"closed_at"}),
        ({"outcome": "won", "closed_at": "2001-01-01T00:00:00Z"}, {"closed_at"}),
        ({"outcome": "won", "reason": "zzzzzzzzzz"}, {"reason"}),
    ],
)
def test_an_end_that_cannot_be_is_refused_by_field_and_nothing_of_the_rest_is_kept(said, names):
    deal = make_deal()
    answer = Program(deal.owner).patch(f"deals/{deal.public_id}", {"source": "feria"} | said)

    assert refused(answer) == names
    deal.refresh_from_db()
    assert (deal.outcome, deal.source, deal.closed_at) == ("open", "", None)


def test_nobody_says_what_their_role_does_not_see():
    deal = make_deal()
    Role.objects.filter(pk=deal.owner.role_id).update(hidden={"deals": ["reason", "outcome"]})
    said = {"outcome": "won", "reason_note": "Rápido"}
    answer = Program(deal.owner).patch(f"deals/{deal.public_id}", said)
    assert refused(answer) == {"outcome", "reason_note"}


def test_an_older_version_ends_nothing():
    deal = make_deal()
    program, path = Program(deal.owner), f"deals/{deal.public_id}"
    program.patch(path, {"title": "Tinto"})
    answer = program.patch(path, {"outcome": "won"}, If_Match=f'"{deal.version}"')
    assert answer.status_code == 409
    deal.refresh_from_db()
    assert deal.is_open


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00Z", "0999-12-31", "9999-12-31T23:00:00Z"])
def test_the_ends_of_the_calendar_are_no_moments(never):
    make_pipeline()
    said = {"title": "Vino", "outcome": "won", "closed_at": never}
    assert refused(Program(make_user()).post("deals", said)) == {"closed_at"}
    assert not Deal.objects.exists()
