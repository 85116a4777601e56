"""How leads stand in their list and on a board, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.leads import actions
from circulo.leads.drafts import read
from circulo.leads.dumps import dump_rows
from circulo.leads.expressions import FOLLOWS, is_known_to
from circulo.leads.models import Lead, LeadReason
from circulo.leads.selectors.leads import known_party
from circulo.leads.words import route_in_words
from circulo.lib import format as one
from circulo.lib import phones
from circulo.parties.doubts import phone_doubt
from circulo.parties.models import Party
from circulo.parties.roster import party_link
from circulo.records.own import controls
from circulo.records.resources import Field, Type
from circulo.records.rosters import Columns, Reader, Roster, Show, register
from circulo.timeline.kinds import CHANNELS

TONES = {"new": "spark", "working": "accent", "converted": "good", "discarded": "line",
         "suspect": "bad"}  # fmt: skip
_BASE = {
    "id": "id", "name": "name", "owner_id": "owner_id", "owner": "owner__name",
    "owner_path": "owner__team__path", "territory_id": "party__territory_id", "team": "team__name",
}  # fmt: skip


def _party(user: User) -> Combinable:
    rows = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    return Subquery(rows.values(json=JSONObject(id="pk", name="name", kind="kind")))


def _reason() -> Combinable:
    return Subquery(LeadReason.objects.filter(pk=OuterRef("reason_id")).values("label"))


def _following(name: str) -> Reader:
    return lambda user: FOLLOWS[name]()


_READERS: dict[str, Reader] = {
    "party": _party,
    "reason": lambda user: _reason(),
    "why": lambda user: _reason(),
    **{name: _following(name) for name in FOLLOWS},
    "is_known": is_known_to,
}


def _status(country: str, language: str) -> Callable[[Columns], Any]:
    labels = {value: (str(label), TONES[value]) for value, label in Lead.Status.choices}
    return lambda row: [labels[row["status"]], *filter(None, [row.get("why")])]


def _owner(row: Columns) -> str:
    """Whose it is, or in whose queue it waits."""
    if row["owner"]:
        return str(row["owner"])
    return _("Queue: %s") % row["team"] if row["team"] else ""


_SHOWS: Mapping[str, Show] = {
    "name": lambda _c, _l: lambda row: row["name"] or _("Somebody without a name"),
    "party": lambda _c, _l: lambda row: party_link(row["party"]),
    "status": _status,
    "owner": lambda _c, _l: _owner,
    "phone": lambda country, _l: lambda row: row["phone"] and phones.shown(row["phone"], country),
    "channel": lambda _c, _l: lambda row: str(CHANNELS[row["channel"]]) if row["channel"] else "",
    "is_unanswered": lambda _c, _l: lambda row: _yes(row["is_unanswered"]),
    "is_overdue": lambda _c, _l: lambda row: _yes(row["is_overdue"]),
    "is_in_time": lambda _c, _l: lambda row: _yes(row["is_in_time"]),
}


def _yes(value: bool) -> str:
    return str(lazy("yes") if value else lazy("no"))


def _within(user: User, act: str) -> QuerySet[Lead]:
    return Lead.objects.visible_to(user, act)


def _change(lead: Lead, field: Field, said: Any, by: User, version: int | None) -> object:
    if field.name == "status":
        return actions.move_lead(lead, to=said, by=by)
    draft = read(_meant(field, said, by), by=by, lead=lead)
    return actions.change_lead(lead, draft, by=by, version=version)


def _meant(field: Field, said: Any, by: User) -> dict[str, Any]:
    """What was typed, in the words of the API."""
    if field.own:
        return {"custom": {field.own.key: controls.meant(field.own, said, by)}}
    if field.type is Type.LIST:
        return {field.name: [tag.strip() for tag in said.split(",") if tag.strip()]}
    return {field.name: said or None}


def _typed(lead: Lead, field: Field) -> Any:
    value = getattr(lead, field.name)
    return ", ".join(value) if field.type is Type.LIST else value


def _peek(lead: Lead, user: User) -> dict[str, Any]:
    """What a closer look at a lead needs."""
    return {
        "lead": lead,
        "party": known_party(lead.party_id, user),
        "hidden": user.hidden_fields("leads"),
        "phone": phones.shown(lead.phone, user.region[-2:]) if lead.phone else "",
        "phone_doubt": phone_doubt(lead.phone),
        "why": route_in_words(lead.route),
        "tone": TONES[lead.status],
    }


def _edit(keys: Sequence[int], columns: dict[str, Any], by: User) -> int:
    return actions.edit_leads(keys, columns, by=by)


def _in_words(count: int) -> str:
    return ngettext("%s lead", "%s leads", count) % one.number(count)


register(
    Roster(
        "leads", "lead", _BASE, ("leads", "contacts", "companies"), _within, _change, _edit,
        dump_rows, _in_words, "leads:new",
        readers=_READERS, loaded=frozenset({"party"}), shows=_SHOWS,
        beside={"status": ("why", "reason")},
        kinds={"name": "name", "status": "chips", "tags": "chips", "score": "number",
               "arrived_at": "moment", "answer_due_at": "moment", "answered_at": "moment",
               "converted_at": "moment", "created_at": "moment", "updated_at": "moment"},
        also=("tags",), mark="inbox",
        low=frozenset({"tags", "source", "campaign", "arrived_at", "created_at", "updated_at"}),
        edited=frozenset({"company", "job_title", "email", "phone", "city", "postal_code",
                          "region", "owner",
                          "source", "campaign", "tags", "status"}),
        chosen=frozenset({"status"}), needed=frozenset({"status"}),
        counted=frozenset({"owner", "source", "campaign", "reason"}),
        new_label=lazy("New lead"), new_mark="plus", empty="leads/_no_leads.html",
        typed=_typed, peek=("leads/_peek.html", _peek),
    )
)  # fmt: skip
