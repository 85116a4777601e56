"""A manager looks into the forecast, adjusts it, sets a quota, and finds the deals behind it."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import period_of
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_deal, make_pipeline, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
REGIONS = {"es": "es-ES", "en": "en-GB"}


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_forecast_is_looked_into_adjusted_and_traced_to_its_deals(visit, hand, language):
    team = make_team("Norte")
    boss = make_user("manager", team=team, language=language, region=REGIONS[language])
    ana = make_user(team=team, name="Ana Ruiz")
    stage = make_pipeline(is_default=True).stages.in_order()[2]
    month = period_of(timezone.localdate(), "month")
    make_deal(owner=ana, amount="4000", stage=stage, expected_on=month.last.isoformat(),
              title="Lineal de conservas")  # fmt: skip
    visitor = visit(boss, reduced_motion="reduce")
    page = visitor.open("/forecast")
    worker = hand(page)

    _adjust(page, worker)
    screenshot(visitor, f"forecast-{worker.name}-{language}")

    worker.do(".forecast-key .commit a")
    page.wait_for_url("**/deals?**")
    expect(page.locator(".table tbody")).to_contain_text("Lineal de conservas")

    _set_quota(visitor, worker, f"user-{ana.opaque}-{month}")
    visitor.open("/forecast/accuracy")
    assert Quota.objects.get().amount == 5000
    made = Adjustment.objects.get()
    assert (made.amount, made.user, made.by) == (Decimal(-500), ana, boss)
    assert visitor.complaints == []


def _adjust(page, worker):
    worker.do(".forecast-table tbody th a")
    expect(page.locator("h1")).to_have_text("Ana Ruiz")
    worker.do("a[data-keys=a]", keys="a")
    page.wait_for_selector("#id_amount:focus")
    page.keyboard.type("-500")
    worker.write("#id_comment", "Lo firman en enero")
    worker.do("#adjust footer button")
    expect(page.locator(".list")).to_contain_text("Lo firman en enero")
    expect(page.locator(".figures .value").first).to_contain_text("500")


def _set_quota(visitor, worker, name):
    page = visitor.open("/forecast")
    worker.do("a[data-keys=q]", keys="q")
    page.wait_for_url("**/forecast/quotas**")
    worker.write(f"input[name='{name}']", "5000")
    worker.do("form.stack footer button")
    expect(page.locator(".toast")).to_be_visible()
