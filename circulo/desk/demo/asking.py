"""Entering the leads of the demo firm: answered, converted, discarded, set back to their days."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from circulo.accounts.models import Notification, Team, User
from circulo.desk.demo import cast
from circulo.desk.demo.leads import Asked
from circulo.leads import actions as leads
from circulo.leads.drafts import Draft
from circulo.leads.form_fields import read_form
from circulo.leads.models import FormEntry, Lead, LeadReason, RouteRule, WebForm
from circulo.parties.models import Party
from circulo.timeline.kinds import Kind

FORM = "Web de La Espadaña"
NORTH, PLACE, REST = "Lo del norte", "A quien lleva la zona", "Todo lo demás"
_SET_BACK = """
    WITH way AS (
        SELECT * FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS way(lead, n, at)
    ), stays AS (
        SELECT s.id, s.lead_id,
               row_number() OVER (PARTITION BY s.lead_id ORDER BY s.entered_at, s.id) AS n
        FROM leads_leadstay s JOIN leads_lead l ON l.id = s.lead_id WHERE l.is_demo
    )
    UPDATE leads_leadstay s SET entered_at = way.at, left_at = after.at
    FROM stays JOIN way ON way.lead = stays.lead_id AND way.n = stays.n
    LEFT JOIN way after ON after.lead = way.lead AND after.n = way.n + 1
    WHERE s.id = stays.id
"""
_LEADS = """
    UPDATE leads_lead l SET created_at = w.first, updated_at = w.last,
        converted_at = CASE WHEN l.status = 'converted' THEN w.last END
    FROM (SELECT lead_id, min(entered_at) AS first, max(entered_at) AS last
          FROM leads_leadstay GROUP BY lead_id) w
    WHERE w.lead_id = l.id AND l.is_demo
"""
_TOLD = """
    UPDATE timeline_interaction i
    SET occurred_at = CASE WHEN i.kind = %s THEN l.arrived_at ELSE l.updated_at END
    FROM leads_lead l WHERE i.about_kind = 'lead' AND i.about_id = l.id AND l.is_demo
"""


def enter(asked: Sequence[Asked], keys: dict[str, int], users: dict[str, User]) -> None:
    """Add the rules, the form and every lead, take each to where it is, and set it back."""
    _decide(users)
    drafts = [_draft(one, users) for one in asked]
    added = dict(zip(leads.add_leads(drafts, by=None, is_demo=True), asked, strict=True))
    leads.note_answers({key: one.answered for key, one in added.items() if one.answered})
    _convert(added, keys, users)
    _discard(added, users)
    way = [(key, n, at) for key, one in added.items() for n, at in enumerate(one.moments, 1)]
    with connection.cursor() as cursor:
        cursor.execute(_SET_BACK, [list(column) for column in zip(*way, strict=True)])
        cursor.execute(_LEADS)
        cursor.execute(_TOLD, [Kind.LEAD_CAME])
    _come_back(users)
    over = [key for key, one in added.items() if one.outcome != "new"]
    Notification.objects.filter(about_kind="lead", about_id__in=over).delete()


def forget(heir: User | None) -> None:
    """Take the leads of the demo away, its rules and its form; what others brought stays."""
    FormEntry.objects.filter(lead__is_demo=True).delete()
    Lead.objects.filter(is_demo=True).delete()
    Lead.objects.filter(owner__is_demo=True).update(owner=heir)
    for rule in RouteRule.objects.filter(label__in=(NORTH, PLACE, REST)):
        leads.remove_route_rule(rule, by=None)
    WebForm.objects.filter(name=FORM, entries=None).delete()


def _decide(users: dict[str, User]) -> None:
    """What comes from the north goes to the north by turn, what lies in a territory to whoever
    works there, the rest to who has fewest."""
    north = Team.objects.get(name="Ventas Norte")
    places = ["Burgos", "Bizkaia", "Zamora"]
    there = [{"user_id": users[one].pk} for one in cast.SELLERS["norte"]]
    others = [{"user_id": users[one].pk} for group in cast.SELLERS.values() for one in group]
    leads.add_route_rule(
        {"label": NORTH, "team": north, "answer_minutes": 60,
         "criteria": {"field": "region", "op": "in", "value": places}}, there, by=None,
    )  # fmt: skip
    leads.add_route_rule(
        {"label": PLACE, "way": "load", "needs_territory": True, "answer_minutes": 120}, [], by=None
    )
    leads.add_route_rule({"label": REST, "way": "load", "answer_minutes": 120}, others, by=None)
    names = ("name", "email", "company", "postal_code", "phone", "message")
    asked = [{"name": name, "is_required": name in ("name", "email")} for name in names]
    said = {
        "name": FORM, "title": "Pídanos precio o muestras", "language": "es", "fields": asked,
        "intro": "Le contestamos en el día.", "source": "Web",
        "consents": [{"purpose": "contact", "is_required": True,
                      "text": "Acepto que guarden mis datos para contestarme."},
                     {"purpose": "marketing", "text": "Quiero que me avisen de las catas."}],
    }  # fmt: skip
    leads.add_form(read_form(said), by=None)


def _come_back(users: dict[str, User]) -> None:
    """A customer who did not answer, was given up, and then called."""
    known = Party.objects.people().filter(is_demo=True, points__kind="email").order_by("pk")[0]
    columns = {
        "given_name": known.given_name, "first_surname": known.first_surname,
        "email": known.points.filter(kind="email")[0].value, "source": "Web",
        "message": "¿Siguen teniendo el aceite en lata?", "owner_id": users[cast.ADMIN].pk,
    }  # fmt: skip
    keys, by = leads.add_leads([Draft(columns)], by=None, is_demo=True), users[cast.ADMIN]
    leads.discard_leads(keys, reason=LeadReason.objects.order_by("position")[0], by=by)
    leads.reopen_leads(keys, by=by)


def _draft(one: Asked, users: dict[str, User]) -> Draft:
    columns = {name: value for name, value in one.said.items() if value}
    return Draft(columns | {"arrived_at": one.came, "owner_id": users[one.owner].pk})


def _convert(added: dict[int, Asked], keys: dict[str, int], users: dict[str, User]) -> None:
    """Whoever became a customer is one that the firm has."""
    done = {key: one for key, one in added.items() if one.outcome == "converted"}
    parties = Party.objects.in_bulk([keys[one.who] for one in done.values()])
    for lead in Lead.objects.in_bulk(done).values():
        one = done[lead.pk]
        into = leads.Conversion(contact=parties[keys[one.who]], adds_company=False)
        leads.convert_lead(lead, into, by=users[one.owner])


def _discard(added: dict[int, Asked], users: dict[str, User]) -> None:
    """Reason by reason, seller by seller."""
    reasons = list(LeadReason.objects.order_by("position")[:4])
    groups: dict[tuple[str, int], list[int]] = {}
    for key, one in added.items():
        if one.outcome == "discarded":
            groups.setdefault((one.owner, key % len(reasons)), []).append(key)
    for (owner, place), some in groups.items():
        leads.discard_leads(some, reason=reasons[place], by=users[owner])
