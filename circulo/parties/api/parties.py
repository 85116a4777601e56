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
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found, stale
from circulo.records.rest.schemas import Schema, page_of

FIELDS = {
    PartyKind.PERSON: frozenset(schemas.CONTACT_FIELDS),
    PartyKind.ORGANISATION: frozenset(schemas.COMPANY_FIELDS),
}
SORTED = ("kind", "sort_key", "lifecycle", "tax_id", "created_at", "updated_at")
IN_OVERVIEW = ("emails", "phones", "faxes", "websites", "social", "addresses", "company", "owner")


def list_parties(kind: PartyKind, call: Call) -> HttpResponse:
    """One page of the contacts or companies that this person sees."""
    seen = Party.objects.visible_to(call.user).filter(kind=kind).only(*SORTED)
    return lists.page(call, RESOURCES[kind], _shape, rows=seen)


def show_party(kind: PartyKind, call: Call) -> HttpResponse:
    """One party with its version."""
    said = _shown(call.user, _seen(kind, call).pk)
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
    party = _seen(kind, call, act="edit")
    _refuse_stale(call, party)
    draft = _draft(kind, call, party=party)
    try:
        actions.change_party(party, draft, by=call.user, version=party.version
                             if call.versions else None)  # fmt: skip
    except Stale:
        party.refresh_from_db()
        _refuse_stale(call, party)
        raise
    said = _told(call.user, party.pk, draft.kind)
    return answer(said, etag=etag_of(said.get("version", party.version + 1)))


def bin_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Move a party to the bin."""
    party = _seen(kind, call, act="delete")
    _refuse_stale(call, party)
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


def show_overview(kind: PartyKind, call: Call) -> HttpResponse:
    """The 360 view: the party and what every part of the house knows of it."""
    try:
        seen = overview(call.user, call.ids[0], kind)
    except Party.DoesNotExist as error:
        raise _unknown() from error
    party = shown.Shape(call.user).of(vars(seen.party), seen.panels)
    shown.hide_unseen_links(call.user, [party])
    rest = {name: part for name, part in seen.panels.items() if name not in IN_OVERVIEW}
    return answer({"party": party, "company": seen.panels["company"], **rest})


def _shape(user: User, rows: list[Party]) -> list[dict[str, Any]]:
    return shown.parties_shown(user, [row.pk for row in rows])


def _shown(user: User, key: int) -> dict[str, Any]:
    found = shown.parties_shown(user, [key])
    if not found:
        raise _unknown()
    return found[0]


def _told(user: User, key: int, kind: str) -> dict[str, Any]:
    """The party as it stands after the act; whoever may not read it learns its id alone."""
    found = shown.parties_shown(user, [key])
    return found[0] if found else {"id": ids.encode("party", key), "kind": kind}


def _seen(kind: PartyKind, call: Call, act: str = "view") -> Party:
    """The party that a call is about: 404 where it is not seen, 403 where it may not be touched."""
    key = ids.decode("party", call.ids[0]) or 0
    party = Party.objects.visible_to(call.user).filter(kind=kind, pk=key).first()
    if party is None:
        raise _unknown()
    if act != "view" and not Party.objects.visible_to(call.user, act).filter(pk=key).exists():
        raise forbidden(_("You may see this record, but not change it."))
    return party


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


def _refuse_stale(call: Call, party: Party) -> None:
    """409 with both values where the version that was meant is not the one that stands."""
    if call.versions is None or str(party.version) in call.versions:
        return
    yours = call.body if isinstance(call.body, dict) else {}
    now = _shown(call.user, party.pk)
    raise stale(
        _("Somebody saved a newer version meanwhile: load it and decide which values to keep."),
        current={name: now[name] for name in yours if name in now},
        yours=yours,
        etag=etag_of(party.version),
    )


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


def _offer(kind: PartyKind, thing: str, gives: Schema, takes: Schema) -> None:
    name = RESOURCES[kind]
    pages = (lists.WORDS, *lists.PAGES)

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
        operation("GET", "/{id}/overview", show_overview, f"The 360 view of a {thing}",
                  gives=schemas.OVERVIEW),
    )  # fmt: skip


_offer(PartyKind.PERSON, "contact", schemas.CONTACT, schemas.CONTACT_IN)
_offer(PartyKind.ORGANISATION, "company", schemas.COMPANY, schemas.COMPANY_IN)
