"""Bringing quotas in, and taking them out."""

import io

import pytest

from circulo.forecasts.loading import dump_quotas
from circulo.forecasts.models import Quota
from circulo.records.actions import loads, running, undoing
from circulo.testing.make import make_quota, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def load(text, by, **options):
    begun = loads.start_load(io.BytesIO(text.encode()), "quotas.csv", "quotas", by=by)
    return running.run_load(loads.map_columns(begun, options=options))


def test_quotas_come_by_name_or_address_and_go_out_as_they_came():
    team = make_team("Norte")
    boss = make_user("manager", team=team)
    ana = make_user(team=team, name="Ana Núñez")
    table = (
        "Seller;Team;Period;Quota\n"
        f"{ana.email};;2026-11;1.250,50\n"
        "ana nunez;;2026-q4;3.000,00\n"
        ";Norte;2026;90.000,00\n"
        "Nobody;;2026-11;1,00\n"
        "ana nunez;;2026-13;1,00\n"
        "ana nunez;;2026-12;-5,00\n"
        "ana nunez;Norte;2026-12;5,00\n"
    )
    done = load(table, boss)
    assert (done.created, done.refused) == (3, 4)
    again = load(table, boss)
    assert (again.created, again.updated, again.skipped) == (0, 0, 3)
    headings, rows = dump_quotas(boss, {})
    assert headings == ["person", "team", "territory", "period", "amount", "currency"]
    assert sorted(rows) == [
        ["", "Norte", "", "2026", "90000.00", "EUR"],
        [ana.email, "", "", "2026-11", "1250.50", "EUR"],
        [ana.email, "", "", "2026-q4", "3000.00", "EUR"],
    ]
    undoing.undo_changes(done.change_set, by=boss)
    assert not Quota.objects.exists()


def test_nobody_loads_quotas_of_whom_they_may_not_set_one():
    eva = make_user(team=make_team("Sur"))
    boss = make_user("manager", team=make_team("Norte"))
    make_quota(eva, 7)
    done = load(f"person;period;amount\n{eva.email};2026-11;99\n", boss)
    assert (done.created, done.refused) == (0, 1)
    assert list(dump_quotas(boss, {})[1]) == []
    assert Quota.objects.get().amount == 7
