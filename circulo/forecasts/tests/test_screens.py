"""The pages of forecasts, quotas and figures of sales."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import Span, period_of
from circulo.sales import actions as sales
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_adjustment,
    make_contact,
    make_deal,
    make_interaction,
    make_pipeline,
    make_quota,
    make_reason,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def boss(client):
    user = make_user("manager", team=make_team("Norte"), language="en", region="es-ES")
    client.force_login(user)
    return user


def this_month():
    return period_of(timezone.localdate(), "month")


def last_day():
    return this_month().last.isoformat()


def node(user):
    return f"person-{user.opaque}"


def test_the_forecast_shows_who_makes_it_up_and_leads_to_the_deals(client, boss):
    stages = list(make_pipeline(is_default=True).stages.in_order())
    ana = make_user(team=boss.team, name="Ana Ruiz")
    day = last_day()
    make_deal(owner=ana, amount="1234.5", stage=stages[2], expected_on=day, title="Vino tinto")
    make_deal(owner=ana, amount="77", stage=stages[0], expected_on=day, title="Aceite")
    make_quota(ana, 2000)

    answer = client.get(reverse("forecasts:forecast"))

    page = answer.content.decode()
    for told in ("Norte", "Ana Ruiz", "1.234,50", "2.000,00"):
        assert told in page
    ((line, _url),) = answer.context["lines"]
    commit = client.get(line.cells[1].url).content.decode()
    assert "Vino tinto" in commit
    assert "Aceite" not in commit


def test_every_figure_leads_to_as_many_deals_as_it_counts(client, boss):
    stages = list(make_pipeline(is_default=True).stages.in_order())
    below = make_team("Valle", parent=boss.team)
    for owner in (make_user(team=boss.team), make_user(team=below)):
        for n in range(3):
            make_deal(owner=owner, amount=10, stage=stages[n], expected_on=last_day())
        make_deal(owner=owner, amount=5, stage=stages[2], expected_on="2020-01-01")
        sales.win_deal(make_deal(owner=owner, amount=1), by=owner)
    whole = client.get(reverse("forecasts:forecast")).context["whole"]
    counts = [client.get(cell.url).context["list"].count for cell in whole.cells]
    assert [cell.count for cell in whole.cells] == counts == [2, 4, 2, 2]


def test_the_forecast_costs_the_same_for_one_seller_as_for_many(client, boss):
    stage = make_pipeline(is_default=True).stages.in_order()[2]
    make_deal(owner=make_user(team=boss.team), amount=1, stage=stage, expected_on=last_day())
    client.get(reverse("forecasts:forecast"))
    one = query_cost(client.get, reverse("forecasts:forecast"))
    for n in range(4):
        ana = make_user(team=make_team(f"T{n}", parent=boss.team))
        make_deal(owner=ana, amount=1, stage=stage, expected_on=last_day())
    assert query_cost(client.get, reverse("forecasts:forecast")) == one


def test_a_forecast_is_adjusted_and_taken_back(client, boss):
    ana = make_user(team=boss.team)
    make_deal(owner=ana, amount=1, expected_on=last_day())
    said = {"of": node(ana), "period": str(this_month()), "category": "commit"}
    bad = client.post(reverse("forecasts:adjust"), said | {"amount": "x", "comment": ""})
    assert bad.status_code == 422
    good = client.post(
        reverse("forecasts:adjust"), said | {"amount": "-1.500,25", "comment": "Feria aplazada"}
    )
    assert good.status_code == 302
    made = Adjustment.objects.get()
    assert (made.amount, made.user, made.by) == (Decimal("-1500.25"), ana, boss)
    page = client.get(good.url).content.decode()
    assert "Feria aplazada" in page
    client.post(reverse("forecasts:withdraw", args=[made.public_id]), said)
    assert not Adjustment.objects.in_force().exists()


def test_the_forecast_of_another_team_is_not_there(client, boss):
    eva = make_user(team=make_team("Sur"))
    make_deal(owner=eva, amount=1, expected_on=last_day())
    made = make_adjustment(eva, by=eva)
    assert client.get(reverse("forecasts:forecast"), {"of": node(eva)}).status_code == 404
    said = {"of": node(eva), "amount": "1", "category": "commit", "comment": "x"}
    assert client.post(reverse("forecasts:adjust"), said).status_code == 404
    answer = client.post(reverse("forecasts:withdraw", args=[made.public_id]), said)
    assert answer.status_code == 404
    assert client.get(reverse("forecasts:accuracy"), {"of": node(eva)}).status_code == 404


def test_who_sees_no_amounts_sees_no_forecast(client, boss):
    Role.objects.filter(pk="manager").update(hidden={"deals": ["amount"]})
    for name in ("forecast", "accuracy"):
        assert client.get(reverse(f"forecasts:{name}")).status_code == 403


def test_quotas_are_typed_in_a_grid_and_copied_to_the_next_year(client, boss):
    ana = make_user(team=boss.team, name="Ana Ruiz")
    year = period_of(timezone.localdate(), "year")
    page = client.get(reverse("forecasts:quotas"), {"period": str(year)})
    assert "Ana Ruiz" in page.content.decode()
    first = year.parts()[0].parts()[0]
    said = {"period": str(year), "span": "month", f"user-{ana.opaque}-{first}": "1.250,5"}
    assert client.post(reverse("forecasts:quotas"), said).status_code == 302
    quota = Quota.objects.get()
    assert (quota.user, quota.starts_on, quota.amount) == (ana, year.first, Decimal("1250.5"))
    wrong = said | {f"user-{ana.opaque}-{first}": "mucho"}
    assert client.post(reverse("forecasts:quotas"), wrong).status_code == 422
    client.post(reverse("forecasts:copy_quotas"), {"period": str(year), "span": "month"})
    assert Quota.objects.filter(starts_on=year.moved(1).first).get().amount == Decimal("1250.5")
    client.post(reverse("forecasts:quotas"), said | {f"user-{ana.opaque}-{first}": ""})
    assert Quota.objects.count() == 1


def test_the_grid_of_quotas_has_a_heading_for_each_kind_period_and_row(client, boss):
    ana = make_user("seller", name="Ana Gil", team=boss.team)
    year = period_of(timezone.localdate(), Span.YEAR, 1)
    first = year.parts()[0].parts()[0]
    name = f"user-{ana.opaque}-{first}"
    client.post(reverse("forecasts:quotas"),
                {"period": str(year), "span": "month", name: "9000"})  # fmt: skip

    page = client.get(reverse("forecasts:quotas"), {"period": str(year)}).content.decode()

    table = page.partition("<table")[2].partition("</table>")[0]
    assert table.count('role="columnheader"') == 13
    assert table.count('scope="rowgroup"') == table.count("<tbody") >= 1
    row = table.partition("Ana Gil")[2].partition("</tr>")[0]
    assert "9.000" in row or "9,000" in row  # what the year comes to
    assert row.count('role="cell"') == 12


def test_a_seller_sees_quotas_and_sets_none(client):
    team = make_team()
    ana = make_user(team=team, language="en")
    make_quota(ana, 50)
    client.force_login(ana)
    page = client.get(reverse("forecasts:quotas"))
    assert b"<input class" not in page.content
    said = {f"user-{ana.opaque}-{this_month()}": "900"}
    client.post(reverse("forecasts:quotas"), said)
    assert Quota.objects.get().amount == 50


def test_the_grid_costs_the_same_for_one_person_as_for_many(client, boss):
    client.get(reverse("forecasts:quotas"))
    one = query_cost(client.get, reverse("forecasts:quotas"))
    for _n in range(4):
        make_quota(make_user(team=boss.team))
    assert query_cost(client.get, reverse("forecasts:quotas")) == one


def test_the_forecast_is_taken_along_as_a_table(client, boss):
    make_quota(make_user(team=boss.team, name="=Ana"), 2000)
    answer = client.get(reverse("forecasts:export"), {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "2000" in text
    assert "\n=Ana" not in text
    client.force_login(make_user(team=boss.team))
    assert client.get(reverse("forecasts:export"), {"as": "csv"}).status_code == 403


def test_figures_of_sales_add_up_and_lead_to_their_deals(client, boss):
    pipeline = make_pipeline(is_default=True)
    stages = list(pipeline.stages.in_order())
    ana = make_user(team=boss.team, name="Ana Ruiz")
    for n in range(3):
        deal = make_deal(owner=ana, amount=100, source="Feria", title="Vino", stage=stages[n])
        sales.win_deal(deal, by=ana) if n else sales.lose_deal(deal, by=ana, reason=make_reason())
    make_deal(owner=ana, stage=stages[1])
    make_interaction(kind=Kind.CALL, by=ana, party=make_contact(owner=ana))
    for by in ("owner", "team", "product", "quarter", "month", "source", "campaign", "pipeline"):
        answer = client.get(reverse("forecasts:sales"), {"by": by})
        (row,) = answer.context["rows"]
        assert (row["counted"].won, row["counted"].lost) == (2, 1)
        assert row["amounts"].startswith("200,00")
        assert client.get(row["won_url"]).context["list"].count == 2
        assert client.get(row["lost_url"]).context["list"].count == 1
    steps = [step for step, _pace, _width in answer.context["steps"]]
    assert [(one.reached, one.lost, one.still) for one in steps] == [
        (4, 1, 0),
        (3, 0, 1),
        (2, 0, 0),
    ]
    for one in steps:
        assert client.get(one.reached_url).context["list"].count == one.reached
        assert client.get(one.lost_url).context["list"].count == one.lost
        assert client.get(one.still_url).context["list"].count == one.still
    done = client.get(reverse("forecasts:activity"))
    assert done.context["doings"][0].total.count == 1


def test_figures_tell_nothing_of_deals_that_one_does_not_see(client, boss):
    eva = make_user(team=make_team("Sur"), name="Eva Sur")
    sales.win_deal(make_deal(owner=eva, amount=100), by=eva)
    page = client.get(reverse("forecasts:sales")).content.decode()
    assert "Eva Sur" not in page
    Role.objects.filter(pk="manager").update(hidden={"deals": ["amount", "source"]})
    ana = make_user(team=boss.team)
    sales.win_deal(make_deal(owner=ana, amount="98765", source="Feria"), by=ana)
    for by in ("owner", "source"):
        page = client.get(reverse("forecasts:sales"), {"by": by}).content.decode()
        assert "98.765" not in page
        assert "Feria" not in page


def test_figures_cost_the_same_for_one_deal_as_for_many(client, boss):
    make_pipeline(is_default=True)
    ana = make_user(team=boss.team)
    sales.win_deal(make_deal(owner=ana), by=ana)
    client.get(reverse("forecasts:sales"))
    one = query_cost(client.get, reverse("forecasts:sales"))
    for _n in range(4):
        eva = make_user(team=boss.team)
        sales.win_deal(make_deal(owner=eva), by=eva)
    assert query_cost(client.get, reverse("forecasts:sales")) == one


@pytest.mark.parametrize("bad", ["first=0001-01-01", "last=x", "by=no", "pipeline=no", "by=%00"])
def test_what_no_address_means_does_no_harm(client, boss, bad):
    assert client.get(f"{reverse('forecasts:sales')}?{bad}").status_code == 200
    assert client.get(f"{reverse('forecasts:forecast')}?period={bad}").status_code == 200
    assert client.get(f"{reverse('forecasts:quotas')}?period={bad}&span=x").status_code == 200


def test_before_a_month_is_over_nothing_is_said_of_errors(client, boss):
    page = client.get(reverse("forecasts:accuracy")).content.decode()
    assert "No month is over yet" in page


def test_open_deals_without_a_date_are_told_and_lead_to_their_rows(client, boss):
    ana, far = make_user(team=boss.team), make_user(team=make_team("Sur"))
    for owner, title in ((ana, "Vino"), (boss, "Aceite"), (far, "Queso")):
        make_deal(owner=owner, amount="100.5", title=title)
    make_deal(owner=ana, expected_on=last_day(), title="Azafrán")

    answer = client.get(reverse("forecasts:forecast"))

    page = answer.content.decode()
    assert "2 open deals without a date" in page and "201,00" in page
    rows = client.get(answer.context["undated"].url).content.decode()
    assert [name in rows for name in ("Vino", "Aceite", "Queso", "Azafrán")] == [
        True,
        True,
        False,
        False,
    ]
