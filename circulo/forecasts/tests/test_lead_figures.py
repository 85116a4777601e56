"""The figures of leads: each opens the leads that it counts, by the rights of its reader."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role
from circulo.leads import actions
from circulo.leads.actions.converting import Conversion
from circulo.leads.actions.rules import add_lead_reason
from circulo.leads.models import Lead
from circulo.testing.cost import query_cost
from circulo.testing.make import make_lead, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BY = ("source", "campaign", "owner", "channel", "month")
PATH = "/api/v1/lead-figures"


@pytest.fixture
def boss(client):
    user = make_user("manager", team=make_team("Norte"), language="en", region="es-ES")
    client.force_login(user)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(user)}"
    return user


def came(owner, *, answered=None, due=240, **said):
    """A lead that came two days ago, and was answered so many minutes later."""
    lead = make_lead(owner=owner, **said)
    at = timezone.now() - timedelta(days=2)
    Lead.objects.filter(pk=lead.pk).update(
        arrived_at=at,
        answer_due_at=due and at + timedelta(minutes=due),
        answered_at=None if answered is None else at + timedelta(minutes=answered),
    )
    lead.refresh_from_db()
    return lead


@pytest.fixture
def ana(boss):
    """Somebody of the team to whom six leads of a fair came, and one of nowhere."""
    ana, reason = make_user(team=boss.team, name="Ana Ruiz"), add_lead_reason("No", by=None)
    fair = {"source": "Feria", "campaign": "Otoño", "channel": "web"}
    converted = came(ana, answered=30, **fair)
    actions.convert_lead(converted, Conversion(adds_company=False), by=ana)
    discarded = came(ana, answered=300, **fair | {"source": "FERIA"})
    actions.discard_lead(discarded, reason=reason, by=ana)
    came(ana, answered=60, due=None, **fair)
    came(ana, due=100_000, **fair)
    came(ana, **fair)
    actions.discard_lead(came(ana, **fair), reason=reason, by=ana)
    came(ana, columns={"status": "suspect"}, **fair)
    old = came(ana, **fair)
    Lead.objects.filter(pk=old.pk).update(arrived_at=timezone.now() - timedelta(days=800))
    came(ana, answered=10)
    came(make_user(team=make_team("Sur"), name="Eva Sur"), source="Lejos")
    return ana


FAIR = {"came": 6, "answered": 3, "in_time": 1, "late": 2, "converted": 1, "discarded": 2,
        "open": 3}  # fmt: skip


@pytest.mark.parametrize("by", BY)
def test_every_figure_of_leads_opens_as_many_as_it_counts(client, ana, by):
    rows = client.get(reverse("forecasts:leads"), {"by": by}).context["rows"]
    counts = [figure["count"] for row in rows for figure in row["of"].values()]
    opened = [client.get(f["url"]).context["list"].count if f["url"] else 0
              for row in rows for f in row["of"].values()]  # fmt: skip
    assert counts == opened
    if by in ("source", "campaign", "channel"):
        assert [row["of"]["came"]["count"] for row in rows] == [6, 1]
        assert {what: one["count"] for what, one in rows[0]["of"].items()} == FAIR


def test_what_became_of_them_and_how_soon_they_were_answered(client, ana):
    answer = client.get(reverse("forecasts:leads"))
    whole = answer.context["whole"]
    assert whole["shares"]["conversion"] == Decimal(1) / 7
    assert whole["shares"]["promptness"] == 0.5  # two in time, two late or waiting
    assert (whole["median"], whole["most"]) == (timedelta(minutes=45), timedelta(minutes=228))
    page = answer.content.decode()
    for told in ("45 min", "9 of 10 within 3,8 h", "14 %", "50 %"):
        assert told in page.replace("\xa0", " ")
    assert "Eva Sur" not in client.get(reverse("forecasts:leads"), {"by": "owner"}).content.decode()


def test_what_a_role_does_not_see_counts_nothing(client, boss, ana):
    Role.objects.filter(pk="manager").update(hidden={"leads": ["source"]})
    answer = client.get(reverse("forecasts:leads"), {"by": "source"})
    assert answer.context["chosen"] == "campaign" and "Feria" not in answer.content.decode()
    assert client.get(PATH, {"by": "source"}).status_code == 400
    Role.objects.filter(pk="manager").update(rights={"leads": {"view": "none"}})
    assert client.get(reverse("forecasts:leads")).status_code == 403
    assert client.get(PATH).status_code == 403
    assert "/sales/leads" not in client.get(reverse("forecasts:sales")).content.decode()


def test_who_sees_leads_and_no_deals_finds_their_figures_in_the_navigation(client, boss):
    leads = f'href="{reverse("forecasts:leads")}"'
    assert leads not in client.get("/contacts").content.decode()

    Role.objects.filter(pk="manager").update(rights={"deals": {"view": "none"}})

    assert leads in client.get("/contacts").content.decode()
    assert client.get(reverse("forecasts:leads")).status_code == 200


def test_days_without_leads_say_so_and_the_pages_of_figures_lead_to_each_other(client, ana):
    days = {"first": "2001-01-01", "last": "2001-12-31"}
    page = client.get(reverse("forecasts:leads"), days).content.decode()
    assert "No lead came in these days" in page
    assert "/sales?first=2001-01-01&amp;last=2001-12-31" in page
    assert "/sales/leads?first=" in client.get(reverse("forecasts:sales")).content.decode()


@pytest.mark.parametrize("bad", ["first=0001-01-01", "last=x", "by=no", "by=%00"])
def test_what_no_address_means_does_no_harm(client, ana, bad):
    assert client.get(f"{reverse('forecasts:leads')}?{bad}").status_code == 200


def test_programs_get_the_same_figures(client, ana):
    said = client.get(PATH, {"by": "source,owner"}).json()
    (fair, other) = said["items"]
    assert {name: fair[name] for name in FAIR} == FAIR
    assert (fair["owner"]["id"], fair["source"]["name"].upper()) == (ana.opaque, "FERIA")
    assert (fair["conversion"], fair["promptness"]) == ("0.1667", "0.3333")
    assert (fair["first_answer_minutes"], other["first_answer_minutes"]) == (60, 10)
    leads = client.get("/api/v1/leads", {"filter": fair["leads"]}).json()
    assert leads["count"] == 6
    assert sum(one["is_in_time"] for one in leads["items"]) == 1
    for bad in ({"by": "pipeline"}, {"from": "x"}):
        assert client.get(PATH, bad).status_code == 400


@pytest.mark.parametrize("path", ["/sales/leads", PATH])
def test_figures_of_leads_cost_the_same_for_one_as_for_many(client, boss, path):
    came(make_user(team=boss.team), source="A")
    client.get(path)
    one = query_cost(client.get, path)
    for n in range(4):
        came(make_user(team=boss.team), source=f"B{n}", answered=5)
    assert query_cost(client.get, path) == one
