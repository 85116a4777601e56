"""Quotas, adjustments, forecasts and figures of sales over the API."""

import json
from datetime import date

import pytest
from django.utils import timezone

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import period_of
from circulo.sales import actions as sales
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_adjustment,
    make_deal,
    make_pipeline,
    make_quota,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def boss(client):
    user = make_user("manager", team=make_team("Norte"))
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(user)}"
    return user


def send(client, path, **said):
    return client.post(f"/api/v1/{path}", json.dumps(said), "application/json")


def month():
    return period_of(timezone.localdate(), "month")


def test_a_quota_is_said_changed_listed_and_removed(client, boss):
    ana = make_user(team=boss.team)
    said = send(client, "quotas", user=ana.opaque, period="2026-q4", amount="1250.50")
    assert said.status_code == 201
    assert said.json()["amount"] == {"amount": "1250.50", "currency": "EUR"}
    again = send(client, "quotas", user=ana.opaque, period="2026-q4", amount=900)
    assert again.json()["id"] == said.json()["id"]
    listed = client.get("/api/v1/quotas").json()
    assert [(one["period"], one["amount"]["amount"]) for one in listed["items"]] == [
        ("2026-q4", "900.00")
    ]
    path = f"/api/v1/quotas/{said.json()['id']}"
    assert client.get(path).json()["user_name"] == ana.name
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"period": "2026-13"}, {"period": None}, {"amount": "1e999"}, {"amount": -1},
        {"amount": "NaN"}, {"amount": 0.001}, {"user": None}, {"team": "x"}, {"user": []},
        {"amount": {"amount": 1, "currency": "JPY"}}, {"amount": {"amount": 1, "currency": "XXY"}},
        {"more": 1},
    ],
)  # fmt: skip
def test_a_bad_quota_is_refused_with_its_reason(client, boss, bad):
    said = {"user": make_user(team=boss.team).opaque, "period": "2026-11", "amount": 5} | bad
    answer = send(client, "quotas", **said)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"]
    assert not Quota.objects.exists()


def test_quotas_of_others_are_neither_said_nor_seen(client, boss):
    eva = make_user(team=make_team("Sur"))
    quota = make_quota(eva)
    assert send(client, "quotas", user=eva.opaque, period="2026-11", amount=5).status_code == 422
    assert client.get("/api/v1/quotas").json()["items"] == []
    assert client.get(f"/api/v1/quotas/{quota.public_id}").status_code == 404
    assert client.delete(f"/api/v1/quotas/{quota.public_id}").status_code == 404
    mate = make_user(team=boss.team)
    mine = make_quota(mate)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(mate)}"
    assert client.get(f"/api/v1/quotas/{mine.public_id}").status_code == 200
    assert client.delete(f"/api/v1/quotas/{mine.public_id}").status_code == 403


def test_a_forecast_is_adjusted_and_the_adjustment_withdrawn(client, boss):
    ana = make_user(team=boss.team)
    make_deal(owner=ana)
    period = str(month())
    made = send(client, "adjustments", user=ana.opaque, period=period, category="commit",
                amount="-50.5", comment="Holidays")  # fmt: skip
    assert made.status_code == 201
    told = client.get("/api/v1/forecast", {"period": period}).json()
    (person,) = [one for one in told["items"] if one["id"] == ana.opaque]
    assert person["commit"] == {"amount": "-50.50", "currency": "EUR"}
    path = f"adjustments/{made.json()['id']}/withdraw"
    assert send(client, path).json()["ended_at"]
    assert send(client, path).status_code == 409
    assert len(client.get("/api/v1/adjustments").json()["items"]) == 1
    for bad in ({"amount": 0}, {"category": "closed"}, {"comment": ""}, {"comment": 5},
                {"amount": {"amount": 1, "currency": "USD"}}, {"user": "zz"}):  # fmt: skip
        said = {"user": ana.opaque, "period": period, "category": "commit", "amount": 1,
                "comment": "x"} | bad  # fmt: skip
        assert send(client, "adjustments", **said).status_code == 422
    assert Adjustment.objects.count() == 1


def test_adjustments_of_another_team_are_not_there(client, boss):
    eva = make_user(team=make_team("Sur"))
    made = make_adjustment(eva, by=eva)
    assert client.get("/api/v1/adjustments").json()["items"] == []
    assert send(client, f"adjustments/{made.public_id}/withdraw").status_code == 404


def test_the_forecast_tells_the_tree_that_one_sees(client, boss):
    stages = list(make_pipeline(is_default=True).stages.in_order())
    ana, eva = make_user(team=boss.team), make_user(team=make_team("Sur"))
    for owner in (ana, eva):
        make_deal(owner=owner, amount=10, stage=stages[2], expected_on=month().last.isoformat())
    said = client.get("/api/v1/forecast").json()
    assert [(one["kind"], one["forecast"]["amount"]) for one in said["items"]] == [
        ("team", "10.00"), ("person", "10.00"),
    ]  # fmt: skip
    assert said["items"][1]["above"] == said["items"][0]["id"]
    assert client.get("/api/v1/forecast", {"period": "x"}).status_code == 400
    Role.objects.filter(pk="manager").update(hidden={"deals": ["amount"]})
    assert client.get("/api/v1/forecast").status_code == 403
    assert client.get("/api/v1/forecast-accuracy").status_code == 403


def test_figures_are_counted_by_what_is_asked_for(client, boss):
    ana = make_user(team=boss.team)
    sales.win_deal(make_deal(owner=ana, amount="12.5", title="Vino"), by=ana)
    said = client.get("/api/v1/sales-figures", {"by": "owner,product"}).json()
    (item,) = said["items"]
    assert (item["owner"]["id"], item["product"]["name"]) == (ana.opaque, "Vino")
    assert (item["won"], item["amounts"]) == (1, [{"amount": "12.50", "currency": "EUR"}])
    deals = client.get("/api/v1/deals", {"filter": item["deals"]}).json()
    assert deals["count"] == 1
    for bad in ({"by": "x"}, {"from": "0001-01-01"}, {"to": "x"},
                {"by": "owner,team,product,quarter,source"}):  # fmt: skip
        assert client.get("/api/v1/sales-figures", bad).status_code == 400
    assert client.get("/api/v1/sales-figures", {"pipeline": "x"}).status_code == 404
    Role.objects.filter(pk="manager").update(hidden={"deals": ["amount", "source"]})
    said = client.get("/api/v1/sales-figures").json()
    assert said["items"][0]["amounts"] == []
    assert client.get("/api/v1/sales-figures", {"by": "source"}).status_code == 400


@pytest.mark.parametrize("path", ["quotas", "adjustments", "forecast", "sales-figures"])
def test_lists_cost_the_same_for_one_as_for_many(client, boss, path):
    def more():
        ana = make_user(team=boss.team)
        make_quota(ana)
        make_adjustment(ana, by=ana)
        sales.win_deal(make_deal(owner=ana, amount=5), by=ana)

    more()
    client.get(f"/api/v1/{path}")
    one = query_cost(client.get, f"/api/v1/{path}")
    for _n in range(3):
        more()
    assert query_cost(client.get, f"/api/v1/{path}") == one


def test_a_quota_that_is_no_period_of_the_year_is_found(boss):
    from circulo.records.verify import verify

    Quota.objects.create(user=boss, starts_on=date(2026, 2, 1), span="year", amount=1,
                         currency="EUR")  # fmt: skip
    assert [one["invariant"] for one in verify()] == ["forecasts.periods"]
