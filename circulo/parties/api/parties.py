"""Contacts and companies over the API."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale, Text
from circulo.parties import actions, drafts, links, schemas, shown
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.parties.overview import overview
from circulo.parties.selectors import survivor_of
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import Schema, page_of
from circulo.records.rest.versions import refuse_older

FIELDS = {
    PartyKind.PERSON: frozenset(schemas.CONTACT_FIELDS),
    PartyKind.ORGANISATION: frozenset(schemas.COMPANY_FIELDS),
}
LINKS = {"company": "company_id", "parent": "company_id", "owner": "owner_id"}
MOST_MERGED = 50
MERGING = (
    "All that hangs on the others follows: addresses, relationships, interactions, files, tags. "
    "Each field keeps the value of this record, or the first that one of the others says, unless "
    "`choices` names the record whose value stands. The others answer 404 with `merged_into` from "
    "then on. Calling again with the same others changes nothing."
)
IN_OVERVIEW = ("emails", "phones", "faxes", "websites", "social", "addresses", "company", "owner")


def list_parties(kind: PartyKind, call: Call) -> HttpResponse:
    """One page of the contacts or companies that this person sees."""
    name = RESOURCES[kind]
    return lists.page(call, name, shown.parties_shown, only=shown.only, by_key=True)


def show_party(kind: PartyKind, call: Call) -> HttpResponse:
    """One party with its version."""
    said = _shown(call.user, seen_by(kind, call).pk)
    return one(call.request, said, etag_of(said["version"]))


def add_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Add a party; whoever adds it owns it unless said otherwise."""
    if not call.user.right(RESOURCES[kind]).create:
        raise forbidden(_("You may not add records of this kind."))
    draft = _draft(kind, call)
    (key,) = actions.add_parties([draft], by=call.user)
    said = _told(call.user, key, draft.kind)
    where = f"{RESOURCES[kind]}/{ids.encode('party', key)}"
    return answer(said, status=201, etag=etag_of(said.get("version", 1)), location=where)


def change_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Change what the body names; with If-Match only where nobody saved a newer version."""
    party = seen_by(kind, call, act="edit")
    refuse_older(call, party.version, lambda: _shown(call.user, party.pk))
    draft = _draft(kind, call, party=party)
    try:
        actions.change_party(party, draft, by=call.user, version=party.version
                             if call.versions else None)  # fmt: skip
    except Stale:
        party.refresh_from_db()
        refuse_older(call, party.version, lambda: _shown(call.user, party.pk))
        raise
    said = _told(call.user, party.pk, draft.kind)
    return answer(said, etag=etag_of(said.get("version", party.version + 1)))


def bin_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Move a party to the bin."""
    party = seen_by(kind, call, act="delete")
    refuse_older(call, party.version, lambda: _shown(call.user, party.pk))
    actions.bin_parties([party.pk], by=call.user)
    return nothing()


def restore_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Take a party out of the bin."""
    key = ids.decode("party", call.ids[0])
    party = Party.objects.visible_to(call.user, "restore").filter(kind=kind, pk=key or 0).first()
    if party is None:
        raise _unknown()
    actions.restore_parties([party.pk], by=call.user)
    said = _told(call.user, party.pk, kind)
    return answer(said, etag=etag_of(said.get("version", party.version)))


def merge_parties(kind: PartyKind, call: Call) -> HttpResponse:
    """Merge others into this one; what was merged already stays so, and is no error."""
    survivor = seen_by(kind, call, act="edit")
    refuse_older(call, survivor.version, lambda: _shown(call.user, survivor.pk))
    said = reading.known(call.said, ("others", "choices"))
    with reading.collecting() as take:
        others = take("others", _others, said.get("others"), kind, survivor, call.user)
        choices = take("choices", _choices, said.get("choices"), kind, survivor, call.user)
    if others:
        actions.merge_parties(survivor, others, by=call.user, choices=choices)
    told = _told(call.user, survivor.pk, kind)
    return answer(told, etag=etag_of(told.get("version", survivor.version + 1)))


def show_overview(kind: PartyKind, call: Call) -> HttpResponse:
    """The 360 view: the party and what every part of the house knows of it."""
    try:
        seen = overview(call.user, call.ids[0], kind)
    except Party.DoesNotExist as error:
        raise _gone(call, kind) from error
    party = shown.Shape(call.user).of(vars(seen.party), seen.panels)
    shown.hide_unseen_links(call.user, [party])
    rest = {name: part for name, part in seen.panels.items() if name not in IN_OVERVIEW}
    return answer({"party": party, "company": seen.panels["company"], **rest})


def _shown(user: User, key: int) -> dict[str, Any]:
    found = shown.parties_shown(user, [key])
    if not found:
        raise _unknown()
    return found[0]


def _told(user: User, key: int, kind: str) -> dict[str, Any]:
    """The party as it stands after the act; whoever may not read it learns its id alone."""
    found = shown.parties_shown(user, [key])
    return found[0] if found else {"id": ids.encode("party", key), "kind": kind}


def seen_by(kind: PartyKind, call: Call, act: str = "view") -> Party:
    """The party that a call is about: 404 where it is not seen, 403 where it may not be touched."""
    key = ids.decode("party", call.ids[0]) or 0
    party = Party.objects.visible_to(call.user).filter(kind=kind, pk=key).first()
    if party is None:
        raise _gone(call, kind)
    if act != "view" and not Party.objects.visible_to(call.user, act).filter(pk=key).exists():
        raise forbidden(_("You may see this record, but not change it."))
    return party


def _others(value: Any, kind: PartyKind, survivor: Party, user: User) -> list[Party]:
    """The records to merge, without those that are part of this one already."""
    if not isinstance(value, list) or not value or len(value) > MOST_MERGED:
        raise Invalid({"": _("Name between 1 and %d records.") % MOST_MERGED})
    keys = {(ids.decode("party", one) if isinstance(one, str) else None) or 0 for one in value}
    merged = set(survivor.merged.filter(pk__in=keys).values_list("pk", flat=True))
    rows = Party.objects.visible_to(user, "edit").filter(kind=kind, pk__in=keys - merged)
    found = list(rows.exclude(pk=survivor.pk).order_by("pk"))
    if len(found) < len(keys - merged):
        raise Invalid({"": _("One of these is no record of this kind that you may change.")})
    return found


def _choices(value: Any, kind: PartyKind, survivor: Party, user: User) -> dict[str, int]:
    """From which record the value of each field is taken."""
    if value is None:
        return {}
    hidden = user.hidden_fields(RESOURCES[kind])
    if not isinstance(value, dict):
        raise Invalid({"": _("Send an object: a field, and the record whose value stands.")})
    columns: dict[str, str] = {
        str(name): "trade_name" if name == "name" else str(LINKS.get(name, name))
        for name in value
        if name in FIELDS[kind] and name not in hidden
    }
    keys = {n: ids.decode("party", v) if isinstance(v, str) else None for n, v in value.items()}
    if set(columns) != set(value) or None in keys.values():
        raise Invalid({"": _("A choice names a field and one of the merged records.")})
    return {columns[name]: key for name, key in keys.items() if key}


def _gone(call: Call, kind: PartyKind) -> Refused:
    """404; where the record was merged into one that the person sees, with its identifier."""
    survivor = survivor_of(call.user, call.ids[0], kind)
    if survivor is None:
        return _unknown()
    refused = Refused(404, "merged", _("This record is now part of another one."))
    refused.more = {"merged_into": survivor.public_id}
    return refused


def _draft(kind: PartyKind, call: Call, *, party: Party | None = None) -> drafts.Draft:
    """What the body says, read by the reader that forms and imports use too."""
    unknown = set(call.said) - FIELDS[kind]
    refused: dict[str, Text] = {
        drafts.named(name): _("There is no such field here.") for name in unknown
    }
    said = {name: value for name, value in call.said.items() if name not in unknown}
    columns: dict[str, Any] = {}
    try:
        said, columns = links.separate(said, kind, by=call.user, party=party)
    except Invalid as invalid:
        refused |= invalid.fields
        said = {k: v for k, v in said.items() if k not in refused and k not in links.NAMES}
    try:
        draft = drafts.read(_with_plain_money(said), kind, partial=party is not None)
    except Invalid as invalid:
        raise Invalid(refused | invalid.fields) from invalid
    if refused:
        raise Invalid(refused)
    draft.columns |= columns
    links.refuse_unknown_links(draft, by=call.user, party=party)
    return draft


def _with_plain_money(said: dict[str, Any]) -> dict[str, Any]:
    """Money as the API writes it, `{"amount", "currency"}`, is an amount in the firm's currency."""
    money = said.get("annual_revenue")
    if not isinstance(money, dict):
        return said
    if set(money) != {"amount", "currency"} or money["currency"] != shown.currency():
        raise Invalid({"annual_revenue": _("Money has an amount and the currency of the firm.")})
    return said | {"annual_revenue": money["amount"]}


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


def _offer(kind: PartyKind, thing: str, gives: Schema, takes: Schema) -> None:
    name = RESOURCES[kind]
    pages = (lists.WORDS, lists.VIEW, *lists.PAGES)

    def operation(
        method: str, path: str, act: Callable[[PartyKind, Call], HttpResponse], about: str,
        **more: Any,
    ) -> Operation:  # fmt: skip
        return Operation(method, f"{name}{path}", partial(act, kind), about, **more)

    offer(
        operation("GET", "", list_parties, f"List {name}", parameters=pages,
                  gives=page_of(gives)),
        operation("POST", "", add_party, f"Add a {thing}", takes=takes, gives=gives, status=201),
        operation("GET", "/{id}", show_party, f"Get a {thing}", gives=gives),
        operation("PATCH", "/{id}", change_party, f"Change a {thing}", takes=takes, gives=gives),
        operation("DELETE", "/{id}", bin_party, f"Move a {thing} to the bin", status=204),
        operation("POST", "/{id}/restore", restore_party, f"Take a {thing} out of the bin",
                  gives=gives),
        operation("POST", "/{id}/merge", merge_parties, f"Merge others into a {thing}",
                  takes=schemas.MERGE, gives=gives, more=MERGING),
        operation("GET", "/{id}/overview", show_overview, f"The 360 view of a {thing}",
                  gives=schemas.OVERVIEW),
    )  # fmt: skip


_offer(PartyKind.PERSON, "contact", schemas.CONTACT, schemas.CONTACT_IN)
_offer(PartyKind.ORGANISATION, "company", schemas.COMPANY, schemas.COMPANY_IN)
