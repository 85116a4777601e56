from datetime import date, timedelta

import pytest
from django.utils import timezone

from circulo.lib import format as fmt
from circulo.lib.format.locales import get
from circulo.records import criteria
from circulo.records.periods import PERIODS, days_of
from circulo.records.resources import resource
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-11-26", "2026-11-26"), ("yesterday", "2026-11-25", "2026-11-25"),
        ("this_week", "2026-11-23", "2026-11-29"), ("last_week", "2026-11-16", "2026-11-22"),
        ("this_month", "2026-11-01", "2026-11-30"), ("next_month", "2026-12-01", "2026-12-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"), ("next_quarter", "2027-01-01", "2027-03-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"), ("last_year", "2025-01-01", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_period_begins_and_ends_as_the_calendar_has_it(period, first, last):
    with fmt.use(get("es-ES")):
        found = days_of(period, date(2026, 11, 26))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_every_period_can_be_worked_out_on_any_day():
    for offset in range(0, 800, 7):
        for period in PERIODS:
            first, last = days_of(period, date(2026, 1, 1) + timedelta(days=offset))
            assert first <= last


pytestmark = pytest.mark.django_db


def names(user, criterion):
    kind = resource("contacts")
    rows = criteria.narrow(kind.visible(user), kind, criterion, user)
    return sorted(rows.values_list("given_name", flat=True))


def is_(field, op, value=None, **more):
    return {"field": field, "op": op, "value": value, **more}


def test_a_day_and_a_moment_lie_in_a_period_or_in_the_next_days():
    user = make_user()
    today = timezone.localdate()
    make_contact(owner=user, given_name="Ana", birthday=today.isoformat())
    make_contact(owner=user, given_name="Blas", birthday=(today - timedelta(800)).isoformat())

    assert names(user, is_("birthday", "during", "today")) == ["Ana"]
    assert names(user, is_("birthday", "next_days", 7)) == ["Ana"]
    assert names(user, is_("created_at", "during", "this_year")) == ["Ana", "Blas"]
    assert names(user, is_("created_at", "during", "last_year")) == []
    for wrong in (is_("birthday", "during", "someday"), is_("birthday", "next_days", -1),
                  is_("name", "during", "today")):  # fmt: skip
        with pytest.raises(criteria.BadCriteria):
            names(user, wrong)


def test_a_condition_on_the_company_holds_only_for_a_company_that_is_seen():
    team = make_team()
    mine, theirs = make_user(team=team), make_user(team=make_team())
    wine = make_company(owner=theirs, industry="Vino")
    seen = make_company(owner=mine, industry="Vino tinto")
    make_contact(owner=mine, given_name="Ana", company=wine)
    make_contact(owner=mine, given_name="Blas", company=seen)
    make_contact(owner=mine, given_name="Eva")

    assert names(mine, is_("company.industry", "contains", "vino")) == ["Blas"]
    assert names(make_user("admin"), is_("company.industry", "contains", "vino")) == ["Ana", "Blas"]
    assert names(mine, is_("company.industry", "empty", False)) == ["Blas"]
    mine.role.hidden = {"companies": ["annual_revenue"]}
    with pytest.raises(criteria.BadCriteria):
        names(mine, is_("company.annual_revenue", "gt", 1))


def test_a_condition_on_what_happened_counts_only_the_last_days():
    user = make_user()
    ana = make_contact(owner=user, given_name="Ana")
    make_contact(owner=user, given_name="Blas")
    make_interaction(party=ana, by=user, occurred_at=timezone.now() - timedelta(days=40))

    assert names(user, is_("interactions.kind", "in", ["note"])) == ["Ana"]
    assert names(user, is_("interactions.kind", "in", ["note"], within_days=30)) == []
    assert names(user, is_("interactions.kind", "empty", True, within_days=30)) == ["Ana", "Blas"]
    assert names(user, is_("interactions.kind", "empty")) == ["Blas"]
