"""The figures of sales of a firm with 8,800 deals equal a computation from its table alone."""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import pytest

from circulo.accounts.actions import add_token
from circulo.lib.readers.tests.reference import reference
from circulo.records.actions import loads, running
from circulo.sales.models import Deal
from circulo.testing.make import make_team, make_user

HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
SMALL = f"""{HEAD}
A1,Ana Ruiz,GTX Basic,Acme,Won,2016-10-20,2017-01-31,1054.10
A2,Ana Ruiz,GTX Basic,Acme,Won,2016-10-20,2017-04-01,0.01
A3,Luis Sanz,GTX Pro,Acme,Won,2016-10-25,2017-03-31,4514
A4,Luis Sanz,GTX Pro,Acme,Lost,2016-10-25,2017-03-11,0
A5,Eva Font,MG Special,Acme,Won,2016-10-25,2017-03-07,50
A6,Eva Font,MG Special,Acme,Engaging,2016-10-25,,
"""
TEAMS = "sales_agent,manager,regional_office\nAna Ruiz,Marta Gil,East\nLuis Sanz,Marta Gil,East\n"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def whole():
    """The tables of the firm, where the reference data are at hand."""
    folder = reference("crm_sales")
    names = ("sales_pipeline.csv", "sales_teams.csv")
    return tuple((folder / name).read_text(encoding="utf-8") for name in names)


def by_hand(deals, teams, *names):
    """Won count and value by some columns, from the tables alone."""
    manager = {row["sales_agent"]: row["manager"] for row in rows_of(teams)}
    found: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal()])
    for row in rows_of(deals):
        if row["deal_stage"] != "Won":
            continue
        year, month = row["close_date"][:4], int(row["close_date"][5:7])
        said = {"owner": row["sales_agent"], "team": manager.get(row["sales_agent"], ""),
                "product": row["product"], "quarter": f"{year}-q{(month + 2) // 3}"}  # fmt: skip
        one = found[tuple(said[name] for name in names)]
        one[0] += 1
        one[1] += Decimal(row["close_value"] or 0)
    return {key: (int(count), total) for key, (count, total) in found.items()}


def rows_of(text):
    return csv.DictReader(io.StringIO(text))


@pytest.mark.parametrize("has_users", [True, False], ids=["users", "agents"])
@pytest.mark.parametrize("size", ["small", "whole"])
def test_what_was_won_by_agent_manager_product_and_quarter(client, size, has_users):
    deals, teams = whole() if size == "whole" else (SMALL, TEAMS)
    boss = make_user("admin")
    if has_users:
        by_manager = {row["manager"]: None for row in rows_of(teams)}
        made = {name: make_team(name) for name in by_manager}
        for row in rows_of(teams):
            make_user(team=made[row["manager"]], name=row["sales_agent"])
    else:
        teams = "sales_agent,manager,regional_office\n"
    begun = loads.start_load(io.BytesIO(deals.encode()), "deals.csv", "deals", by=boss)
    done = running.run_load(loads.map_columns(begun, options={}))
    assert done.refused == 0
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(boss)}"
    for names in (("owner",), ("team",), ("product",), ("quarter",),
                  ("owner", "team", "product", "quarter")):  # fmt: skip
        found = figures(client, names)
        expected = by_hand(deals, teams, *names)
        assert {key: value for key, value in found.items() if value[0]} == expected
    total = sum(value for _count, value in by_hand(deals, teams, "owner").values())
    assert total == sum(deal.amount or 0 for deal in Deal.objects.filter(outcome="won"))


def figures(client, names):
    """What the API says, in the form of the computation by hand."""
    said = {"by": ",".join(names), "from": "2000-01-01", "to": "2030-12-31"}
    answer = client.get("/api/v1/sales-figures", said).json()
    assert answer["is_whole"]
    found = {}
    for item in answer["items"]:
        key = tuple(_called(item[name], name) for name in names)
        amounts = sum((Decimal(one["amount"]) for one in item["amounts"]), Decimal())
        found[key] = (item["won"], amounts)
    return found


def _called(said, name):
    return "" if said is None else said["id"] if name == "quarter" else said["name"]
