"""From what somebody writes into a form to the quote that they accept: the whole way of a sale."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circulo.leads.models import Lead
from circulo.sales.models import Deal
from circulo.testing.browser import screenshot
from circulo.testing.journeys import selling
from circulo.testing.journeys.hands import Keyboard, Mouse
from circulo.testing.make import make_form, make_route_rule, make_team, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
LOCALES = {"es": "es-ES", "en": "en-GB"}
CONSENT = {"purpose": "contact", "text": "Acepto que me contesten.", "is_required": True}
WON, OPEN = ".forecast-key .closed dd", ".forecast-key div:nth-child(4) dd"


@pytest.mark.parametrize(("hand", "language"), [(Mouse, "es"), (Keyboard, "en")],
                         ids=["mouse-es", "keyboard-en"])  # fmt: skip
def test_a_sale_from_the_public_form_to_the_signature(visit, hand, language):
    team, said = make_team(), {"language": language, "region": LOCALES[language]}
    eva, boss = make_user(team=team, **said), make_user("manager", team=team, **said)
    make_route_rule(eva, label="Web")
    selling.goods_and_rules()
    form = make_form(source="Web", consents=[CONSENT], fields=list(selling.ASKED))
    visitor = visit(eva, locale=LOCALES[language], reduced_motion="reduce")
    worker = hand(visitor.page)

    selling.write_form(visit(None, locale=LOCALES[language], width=360), form.get_absolute_url())
    lead = Lead.objects.get()
    _answer(visitor, worker, lead)
    deal = _convert(visitor, worker)
    assert lead.owner == eva and deal.owner == eva and deal.source == "Web"
    expect(visitor.open("/forecast").locator(OPEN)).to_contain_text("200")

    selling.move_on(visitor.open("/deals"), deal, worker)
    visitor.open(deal.get_absolute_url())
    selling.type_lines(visitor, worker)
    quote = selling.quote_deal(visitor.page, worker)
    selling.approve_quote(
        visit(boss, locale=LOCALES[language], reduced_motion="reduce"), quote, hand
    )
    link = selling.send_quote(visitor, worker)
    selling.accept_quote(visit(None, locale=LOCALES[language], width=360), link)

    _was_heard(deal, quote)
    expect(visitor.open("/forecast").locator(WON)).to_contain_text("432")
    history = visitor.open(f"{deal.get_absolute_url()}/changes").locator("main")
    for amount in ("200", "432"):
        expect(history).to_contain_text(amount)
    page = visitor.open(deal.party.get_absolute_url())
    expect(page.locator("main")).to_contain_text(quote.called)
    screenshot(visitor, f"sold-{worker.name}")
    assert visitor.complaints == []


def _answer(visitor, worker, lead):
    """It waits on Today; a call is noted, and its clock stops in time."""
    expect(visitor.open("/").locator("#main")).to_contain_text("Begoña Núñez")
    visitor.open(lead.get_absolute_url())
    worker.write("[name=note]", "Quiere una cata.")
    worker.do(".lead-add button")
    expect(visitor.page.locator("#lead")).to_contain_text("Quiere una cata.")
    lead.refresh_from_db()
    assert lead.status == "working" and lead.answered_at <= lead.answer_due_at


def _convert(visitor, worker):
    """Into a contact, a company and a deal of this month, with nothing typed again."""
    page = visitor.page
    worker.do("a[data-keys=v]", keys="v")
    page.wait_for_url("**/convert")
    worker.write("[name=amount]", "1200")
    page.fill("[name=expected_on]", timezone.localdate().isoformat())
    worker.do("main form footer button")
    page.wait_for_url("**/deals/**")
    return Deal.objects.select_related("party", "stage").get()


def _was_heard(deal, quote):
    """The quote won the deal; the timeline and the history say each step once, in order."""
    deal.refresh_from_db()
    quote.refresh_from_db()
    assert (quote.status, deal.outcome, str(deal.amount)) == ("accepted", "won", "432.0000")
    told = Interaction.objects.filter(about_kind__in=("lead", "deal", "quote")).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        Kind.LEAD_CAME, Kind.CALL, Kind.DEAL_OPENED, Kind.LEAD_CONVERTED, Kind.DEAL_MOVED,
        Kind.QUOTE_SENT, Kind.QUOTE_OPENED, Kind.DEAL_WON, Kind.QUOTE_ACCEPTED,
    ]  # fmt: skip
