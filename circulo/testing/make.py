"""Makers: each returns a saved thing with everything it needs and nothing else."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from circulo.accounts import actions as accounts
from circulo.accounts.models import Team, Territory, User
from circulo.accounts.selectors import house
from circulo.agenda import actions as agenda
from circulo.agenda import plans
from circulo.agenda.models import Entry
from circulo.catalog import actions as catalog
from circulo.catalog.drafts import read as read_product
from circulo.catalog.models import PriceList, PriceRule, Product
from circulo.documents import actions as documents
from circulo.documents.actions import Saying
from circulo.documents.models import Template
from circulo.forecasts import actions as forecasts
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.actions.quotas import Said as QuotaSaid
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import Period, period_of
from circulo.leads import actions as leads
from circulo.leads.drafts import read as read_lead
from circulo.leads.form_fields import read_form
from circulo.leads.models import Lead, RouteRule, ScoreRule, WebForm
from circulo.needs import actions as needs
from circulo.needs.actions import Asked, Statement
from circulo.needs.answers import Said
from circulo.needs.answers import read as read_answer
from circulo.needs.models import Interview, Preference, Topic
from circulo.parties import actions as parties
from circulo.parties.drafts import read
from circulo.parties.models import Party, PartyKind
from circulo.quotes import actions as quotes
from circulo.quotes import drafts as quotes_drafts
from circulo.quotes.models import ApprovalRule, Quote
from circulo.sales import actions as sales
from circulo.sales import drafts
from circulo.sales.models import ColourRule, Deal, Pipeline, Reason, Stage, StageAct
from circulo.territories import actions as territories
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

_numbers = count(1)


def make_team(name: str = "", *, parent: Team | None = None) -> Team:
    """A team."""
    return accounts.add_team(name or f"Team {next(_numbers)}", parent=parent)


def make_user(role: str = "seller", *, team: Team | None = None, **values: Any) -> User:
    """A person who works here; a seller unless said otherwise."""
    number = next(_numbers)
    user = accounts.add_user(
        f"user{number}@example.com", name=f"User {number}", role=role, team=team
    )
    for name, value in values.items():
        setattr(user, name, value)
    if "password" in values:
        user.set_password(values["password"])
    user.save()
    return user


def make_contact(*, owner: User | None = None, **said: Any) -> Party:
    """A person we relate to."""
    said = {"given_name": f"Ana {next(_numbers)}", "first_surname": "García"} | said
    return _make(PartyKind.PERSON, owner, said)


def make_company(*, owner: User | None = None, **said: Any) -> Party:
    """An organisation we relate to."""
    return _make(PartyKind.ORGANISATION, owner, {"name": f"Firma {next(_numbers)}"} | said)


def make_interaction(
    *, party: Party | None = None, kind: Kind = Kind.NOTE, by: User | None = None, **told: Any
) -> Interaction:
    """Something that happened with a party: a note unless said otherwise."""
    told = {"subject": "Something happened"} | told
    return timeline.record(kind, party=party or make_contact(), by=by, telling=Telling(**told))


def make_task(
    *, owner: User | None = None, party: Party | None = None, by: User | None = None, **said: Any
) -> Entry:
    """Something to be done, by its owner."""
    return _plan(False, owner, party, by, {"title": f"Call back {next(_numbers)}"} | said)


def make_appointment(
    *, owner: User | None = None, party: Party | None = None, by: User | None = None, **said: Any
) -> Entry:
    """An appointment: an hour from tomorrow at this time on, unless said otherwise."""
    if not {"starts_at", "starts_on"} & set(said):
        said["starts_at"] = timezone.now() + timedelta(days=1)
    return _plan(True, owner, party, by, {"title": f"Meeting {next(_numbers)}"} | said)


def _plan(
    is_appointment: bool, owner: User | None, party: Party | None, by: User | None, said: Any
) -> Entry:
    owner = owner or by or make_user()
    columns = {"owner_id": owner.pk} | said.pop("columns", {})
    plan = plans.read(said, is_appointment=is_appointment, by=owner)
    plan.columns = columns | plan.columns
    plan.parties = [party.pk] if party else plan.parties
    return agenda.add_entry(plan, by=by or owner)


def make_template(
    *, by: User | None = None, subject: str = "Hola", body: str = "{{ contact.name }}", **said: Any
) -> Template:
    """A template of a letter in Spanish, shared with everybody."""
    texts = said.pop("texts", {"es": (subject, body)})
    said = {"name": f"Carta {next(_numbers)}"} | said
    return documents.add_template(Saying(texts=texts, **said), by=by or make_user("admin"))


def make_topic(answer: str = "choice", **values: Any) -> Topic:
    """Something that customers are asked: which of three wines, unless said otherwise."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "label_es": f"¿Qué vino {number}?", "label_en": f"Which wine {number}?",
        "short_es": f"Vino {number}", "short_en": f"Wine {number}", "sort": "preference",
        "is_for_contacts": True, "is_for_companies": True,
    }  # fmt: skip
    if answer in ("choice", "several"):
        known["choices"] = [
            {"key": "red", "es": "Tinto", "en": "Red"},
            {"key": "white", "es": "Blanco", "en": "White"},
            {"key": "rose", "es": "Rosado", "en": "Rosé"},
        ]
    return needs.add_topic(known | {"answer": answer} | values, by=None)


def make_preference(
    topic: Topic | None = None,
    value: Any = "",
    *,
    party: Party | None = None,
    by: User | None = None,
    **said: Any,
) -> Preference:
    """Something known of a party: that they like olives, unless said otherwise."""
    meant = read_answer(topic, value) if topic else Said(text=value or "Aceitunas")
    statement = Statement(party or make_contact(), topic, meant, **{"sort": "like"} | said)
    return needs.note_preference(statement, by=by)


def make_product(price: Any = None, *, by: User | None = None, **said: Any) -> Product:
    """Something the firm sells; with a price, on the default list of the euro."""
    said = {"name": f"Producto {next(_numbers)}"} | said
    product = catalog.add_product(read_product(said, currency="EUR"), by=by)
    if price is not None:
        known = (product.pk, Decimal(), Decimal(str(price)))
        catalog.set_prices(catalog.default_list("EUR", by=by), [known], by=by)
    return product


def make_price_list(*, by: User | None = None, **said: Any) -> PriceList:
    """A price list in euros, without prices."""
    return catalog.add_price_list({"name": f"Tarifa {next(_numbers)}", "currency": "EUR"} | said,
                                  by=by)  # fmt: skip


def make_price_rule(*, by: User | None = None, **said: Any) -> PriceRule:
    """A rule: a tenth off everything for everybody, unless said otherwise."""
    usual = {"name": f"Regla {next(_numbers)}", "kind": "percent", "value": 10}
    return catalog.add_price_rule(usual | said, by=by)


def make_interview(*asked: Topic | Asked, **values: Any) -> Interview:
    """An interview that asks these topics, or one new one."""
    named = {"name_es": "Primera visita", "name_en": "First visit"} | values
    lines = [one if isinstance(one, Asked) else Asked(one) for one in asked or (make_topic(),)]
    return needs.add_interview(named, lines, by=None)


def make_pipeline(*stages: dict[str, Any], **values: Any) -> Pipeline:
    """A pipeline of three stages, unless said otherwise."""
    number = next(_numbers)
    usual = [
        {"name": "Contact", "probability": 20},
        {"name": "Proposal", "probability": 50},
        {"name": "Agreement", "probability": 80},
    ]
    named = {"name": f"Pipeline {number}"} | values
    return sales.add_pipeline(named, stages or usual, by=None)


def make_act(stage: Stage, **values: Any) -> StageAct:
    """Something that a stage suggests: a call that is due at once, unless said otherwise."""
    return sales.add_act(stage, {"title": f"Llamar {next(_numbers)}", "kind": "call"} | values,
                         by=None)  # fmt: skip


def make_reason(outcome: str = "lost", label: str = "") -> Reason:
    """Why deals are lost, unless said otherwise."""
    label = label or f"Reason {next(_numbers)}"
    return sales.add_reason({"outcome": outcome, "label": label}, by=None)


def make_deal(
    *, owner: User | None = None, party: Party | None = None, by: User | None = None, **said: Any
) -> Deal:
    """A sale that is being pursued with a party, in the first stage unless said otherwise."""
    owner = owner or by or make_user()
    party = party or make_company(owner=owner)
    columns = {"owner_id": owner.pk, "party_id": party.pk} | said.pop("columns", {})
    for name in ("pipeline", "stage"):
        if name in said:
            said[name] = said[name].public_id
    draft = drafts.read({"title": f"Deal {next(_numbers)}"} | said, by=house())
    draft.columns |= columns
    return sales.add_deal(draft, by=by or owner)


def make_lead(*, owner: User | None = None, by: User | None = None, **said: Any) -> Lead:
    """Somebody who may buy, with an e-mail address of their own; nobody's unless said otherwise."""
    number = next(_numbers)
    columns = ({"owner_id": owner.pk} if owner else {}) | said.pop("columns", {})
    usual = {"given_name": f"Eva {number}", "email": f"eva{number}@example.com"}
    draft = read_lead(usual | said, by=house())
    draft.columns |= columns
    return leads.add_lead(draft, by=by)


def make_score_rule(points: int = 10, **values: Any) -> ScoreRule:
    """Points for every lead, unless said otherwise."""
    return leads.add_score_rule({"label": f"Regla {next(_numbers)}", "points": points} | values,
                                by=None)  # fmt: skip


def make_colour_rule(criteria: Any, **values: Any) -> ColourRule:
    """A colour for the deals that fulfil a criterion: red unless said otherwise."""
    said = {"label": f"Color {next(_numbers)}", "tone": "bad", "criteria": criteria}
    return sales.add_colour(said | values, by=None)


def make_route_rule(*people: User | dict[str, Any], **values: Any) -> RouteRule:
    """A rule that gives every lead to these people by turn, unless said otherwise."""
    members = [{"user_id": one.pk} if isinstance(one, User) else one for one in people]
    return leads.add_route_rule({"label": f"Reparto {next(_numbers)}"} | values, members, by=None)


def make_form(**said: Any) -> WebForm:
    """A public form that asks for a name and an e-mail address, unless said otherwise."""
    asked = [{"name": "name", "is_required": True}, {"name": "email", "is_required": True}]
    usual = {"name": f"Formulario {next(_numbers)}", "title": "Escríbenos", "fields": asked}
    return leads.add_form(read_form(usual | said), by=None)


def make_quota(
    of: User | Team | Territory | None = None, amount: Any = 1000, *, period: Any = None
) -> Quota:
    """What somebody, a team or a place is to sell: 1000 euros this month, unless said otherwise."""
    of, period = of or make_user(), period or _this_month()
    subject = _subject(of)
    forecasts.set_quotas([QuotaSaid(period, Decimal(str(amount)), "EUR", **subject)], by=None)
    return Quota.objects.get(**subject, starts_on=period.first, span=period.span)


def make_adjustment(
    of: User | Team | Territory, amount: Any = 100, *, by: User, period: Any = None, **said: Any
) -> Adjustment:
    """How much more of a forecast somebody commits: 100 euros this month, unless said otherwise."""
    usual: dict[str, Any] = {"category": "commit", "comment": "They gave their word"} | said
    usual |= _subject(of)
    given = Adjusting(period or _this_month(), amount=Decimal(str(amount)), **usual)
    return forecasts.adjust_forecast(given, by=by)


def _subject(of: User | Team | Territory) -> dict[str, int]:
    return {type(of).__name__.lower(): of.pk}


def _this_month() -> Period:
    return period_of(timezone.localdate(), "month")


def make_quote(
    *, owner: User | None = None, party: Party | None = None, by: User | None = None, **said: Any
) -> Quote:
    """A quote of one product at 100 euros, a draft."""
    owner = owner or by or make_user()
    party = party or make_company(owner=owner)
    if "lines" not in said:
        said["lines"] = [{"product": make_product(price=100).public_id}]
    draft = quotes_drafts.read({"title": f"Quote {next(_numbers)}"} | said, by=house())
    draft.columns = {"owner_id": owner.pk, "party_id": party.pk} | draft.columns
    return quotes.add_quote(draft, by=by or owner)


def make_approval_rule(**said: Any) -> ApprovalRule:
    """A rule: more than a tenth off by hand is approved by the manager of the team."""
    criterion = {"field": "most_discount", "op": "gt", "value": 10}
    usual = {"name": f"Rule {next(_numbers)}", "criterion": criterion}
    return quotes.add_rule(usual | said, by=None)


def _make(kind: str, owner: User | None, said: dict[str, Any]) -> Party:
    company = said.pop("company", None)
    draft = read(said, kind)
    if company is not None:
        draft.columns["company_id"] = company.pk
    return parties.add_party(draft, by=owner)


def make_territory(
    name: str = "", rule: Any = None, *, by: User | None = None, **values: Any
) -> Territory:
    """A territory that takes the companies of a criterion; `parent`, `manager` and `members` are
    records."""
    parent, manager = values.pop("parent", None), values.pop("manager", None)
    members = [user.pk for user in values.pop("members", ())]
    said = {
        "name": name or f"Territory {next(_numbers)}", "rule": rule or {}, "members": members,
        "parent_id": parent.pk if parent else None, "manager_id": manager.pk if manager else None,
    }  # fmt: skip
    return territories.add_territory(said | values, by=by)
