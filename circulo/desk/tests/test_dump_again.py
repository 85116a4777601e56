"""What is handed out comes in again and changes nothing; formats that know types tell them."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from pyarrow import parquet

from circulo.agenda.actions import complete_entries, move_entry
from circulo.agenda.models import Entry
from circulo.agenda.times import instance_of, upcoming
from circulo.records.load_types import dumps, load_types
from circulo.records.tests.test_own_fields import field
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_deal,
    make_interaction,
    make_lead,
    make_preference,
    make_product,
    make_quota,
    make_quote,
    make_task,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def firm():
    boss = make_user("admin", name="Ana Ruiz")
    inn = make_company(name="Mesón del Duero", size=12, annual_revenue="125000.50", owner=boss)
    make_contact(
        given_name="Eva", first_surname="Núñez", emails=["eva@example.com"], birthday="1985-12-31",
        tags=["vip", "=norte", "socio, amigo"],
    )  # fmt: skip
    make_contact(given_name="Leo")
    make_product("12.50", code="W1", name="Wine", cost="7.25")
    make_interaction(party=inn, subject="A call")
    make_preference(party=inn, topic=make_topic("number"), value="12")
    oven = make_deal(
        party=inn, owner=boss, title="Oven", amount="1234.50", expected_on="2026-12-01"
    )
    make_deal(title="No day yet")
    make_lead(owner=boss, given_name="Sol", email="sol@example.com")
    make_quota(boss)
    make_quote(title="First", owner=boss)
    leo = make_user(name="Leo Gil")
    make_task(
        owner=boss,
        title="Ring",
        kind="call",
        due_at="2027-02-01T09:00:00Z",
        party=inn,
        deal=oven.public_id,
        priority="high",
        reminders=[10, 60],
        notes="One\n=Two; three",
        participants=[leo.opaque],
        repeat="FREQ=WEEKLY;UNTIL=20270301",
    )
    make_task(owner=boss, title="No day yet")
    done = make_task(owner=leo, due_on="2027-02-02", is_private=True)
    complete_entries([done.pk], by=leo)
    daily = make_appointment(
        owner=boss,
        party=inn,
        starts_at="2027-02-01T09:00:00Z",
        place="Here",
        repeat="FREQ=DAILY;COUNT=4",
    )
    move_entry(
        daily,
        by=boss,
        start=datetime(2027, 2, 2, 15, tzinfo=UTC),
        instance=upcoming_names(daily)[1],
    )
    make_appointment(owner=leo, starts_on="2027-02-02", ends_on="2027-02-04", is_busy=False)


def upcoming_names(entry: Entry) -> list[str]:
    """The names of the times of a series."""
    return [instance_of(one) for one in upcoming(entry, datetime(2027, 1, 1, tzinfo=UTC))]


def told(capsys, *words):
    call_command(*map(str, words), "--json")
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("ending", ["parquet", "csv", "xlsx", "jsonl"])
def test_a_dump_that_is_loaded_again_changes_nothing(firm, tmp_path, capsys, ending):
    for name in sorted(dumps().keys() & load_types().keys()):
        file = tmp_path / f"{name}.{ending}"
        rows = told(capsys, "dump", name, file)["rows"]
        found = told(capsys, "load", file, "--as", name)

        changed = {one: found[one] for one in ("created", "updated", "refused")}
        assert rows and changed == dict.fromkeys(changed, 0), (name, found)
        assert found["skipped"] == rows, name


def test_every_list_is_handed_out():
    lists = {"contacts", "companies", "products", "deals", "leads", "quotes", "interactions"}
    lists |= {"tasks", "appointments"}
    assert lists <= dumps().keys()


def test_the_columns_of_parquet_hold_what_their_fields_do(firm, tmp_path, capsys):
    told(capsys, "dump", "deals", tmp_path / "deals.parquet")
    table = parquet.read_table(tmp_path / "deals.parquet")
    types = dict(zip(table.schema.names, map(str, table.schema.types), strict=True))
    oven, other = sorted(table.to_pylist(), key=lambda row: row["title"], reverse=True)

    assert (types["title"], types["expected_on"]) == ("string", "date32[day]")
    assert (types["opened_at"], types["closed_at"]) == ("timestamp[us, tz=UTC]",) * 2
    assert (oven["amount"], oven["expected_on"]) == (Decimal("1234.5"), date(2026, 12, 1))
    assert other["expected_on"] is None and oven["opened_at"].tzinfo is not None


def test_own_fields_have_their_types_too(tmp_path, capsys):
    field("number", "Shoe")
    field("yes_no", "Vegan")
    field("money", "Debt")
    said = {"shoe": 42.5, "vegan": True, "debt": {"amount": "10.00", "currency": "EUR"}}
    make_contact(given_name="Ana", custom=said)
    told(capsys, "dump", "contacts", tmp_path / "c.parquet")

    (row,) = parquet.read_table(tmp_path / "c.parquet").to_pylist()

    assert (row["custom.shoe"], row["custom.vegan"]) == (Decimal("42.5"), True)
    assert row["custom.debt"] == "10.00 EUR"
    found = told(capsys, "load", tmp_path / "c.parquet", "--as", "contacts")
    assert (found["skipped"], found["refused"]) == (1, 0)


def test_quotes_are_narrowed_and_say_what_a_list_shows(tmp_path, capsys):
    deal = make_deal(title="Oven")
    inn = make_company(name="Mesón")
    first = make_quote(title="First", party=inn, deal=deal.public_id)
    make_quote(title="Second")
    said = json.dumps({"field": "title", "op": "is", "value": "First"})
    found = told(capsys, "dump", "quotes", tmp_path / "q.parquet", "--filter", said)

    assert found["rows"] == 1
    (row,) = parquet.read_table(tmp_path / "q.parquet").to_pylist()
    assert (row["number"], row["revision"], row["status"]) == (first.number, 1, "draft")
    assert (row["deal_id"], row["deal"]) == (deal.public_id, "Oven")
    assert (row["party_id"], row["party"]) == (inn.public_id, "Mesón")
    assert (row["net"], row["tax"], row["total"]) == (first.net, first.tax, first.total)
    assert row["owner"] == first.owner.email and row["valid_until"] == first.valid_until
    assert row["created_at"] == first.created_at.astimezone(UTC) and row["sent_at"] is None
    assert isinstance(row["updated_at"], datetime)
