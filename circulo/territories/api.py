"""Territories over the API: everybody may read them, administrators divide the market."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import Territory, User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older
from circulo.territories import actions, proposals, schemas
from circulo.territories.drafts import read
from circulo.territories.proposals import NEW, Proposal
from circulo.territories.selectors import effects, tree
from circulo.territories.selectors.effects import Flow


def list_territories(call: Call) -> HttpResponse:
    """One page of the territories."""
    rows = Territory.objects.visible_to(call.user).prefetch_related("members")
    return lists.page(call, "territories", lambda _u, found: list(map(shown, found)), rows=rows)


def show_territory(call: Call) -> HttpResponse:
    """One territory."""
    found = _found(call)
    return one(call.request, shown(found), etag_of(found.version))


def add_territory(call: Call) -> HttpResponse:
    """Add a territory; whom its rules take lies in it at once, or soon where there are many."""
    _refuse_all_but_administrators(call.user)
    return _told(actions.add_territory(read(call.said, is_new=True), by=call.user), status=201)


def change_territory(call: Call) -> HttpResponse:
    """Change a territory; `position` puts it at a place among those that lie where it does."""
    _refuse_all_but_administrators(call.user)
    found = _found(call)
    refuse_older(call, found.version, lambda: shown(found))
    said, place = _with_place(call)
    values = read(said)
    with transaction.atomic():
        if values:
            found = actions.change_territory(found, values, by=call.user)
        if place is not None:
            found = actions.order_territory(found, place, by=call.user)
    return _told(found)


def remove_territory(call: Call) -> HttpResponse:
    """Take a territory out; those within it stand in its place."""
    _refuse_all_but_administrators(call.user)
    actions.remove_territory(_found(call), to=_destination(call), by=call.user)
    return nothing()


def preview_addition(call: Call) -> HttpResponse:
    """What adding a territory would do."""
    _refuse_all_but_administrators(call.user)
    values = read(call.said, is_new=True)
    return _effect(call.user, lambda known: proposals.add(known, values))


def preview_change(call: Call) -> HttpResponse:
    """What a change of a territory would do."""
    _refuse_all_but_administrators(call.user)
    found, (said, place) = _found(call), _with_place(call)
    values = read(said)

    def propose(known: Proposal) -> None:
        proposals.change(known, found.pk, values)
        if place is not None:
            proposals.put(known, found.pk, place)

    return _effect(call.user, propose)


def preview_removal(call: Call) -> HttpResponse:
    """What taking a territory out would do."""
    _refuse_all_but_administrators(call.user)
    found, to = _found(call), _destination(call)
    key = to.pk if to else None
    return _effect(call.user, lambda known: proposals.remove(known, found.pk, to=key))


def shown(territory: Territory) -> dict[str, Any]:
    """A territory as the API tells it."""
    return {
        "id": territory.public_id,
        "name": territory.name,
        "parent": _identifier(territory.parent_id),
        "path": [_identifier(int(key)) for key in territory.path.split("/") if key],
        "position": territory.position,
        "rule": territory.rule,
        "people_rule": territory.people_rule,
        "claims_people": territory.claims_people,
        "is_active": territory.is_active,
        "manager": ids.encode("user", territory.manager_id) if territory.manager_id else None,
        "members": [one.opaque for one in territory.members.all()],
        "version": territory.version,
    }


def _with_place(call: Call) -> tuple[dict[str, Any], int | None]:
    """What was said without the place among the siblings, and that place."""
    said = dict(call.said)
    place = said.pop("position", None)
    if place is not None and (type(place) is not int or not 0 <= place <= 10_000):
        limits = {"from": 0, "to": 10_000}
        text = _("This must be a whole number from %(from)d to %(to)d.")
        raise Invalid({"position": text % limits})
    return said, place


def _destination(call: Call) -> Territory | None:
    """Where those go who were put into a territory by hand; none for where the rules say."""
    to = reading.known(call.said, ["to"]).get("to")
    if to is None:
        return None
    found = tree.territory_called(to) if isinstance(to, str) else None
    if found is None:
        raise Invalid({"to": _("There is no such territory.")})
    return found


def _effect(user: User, propose: Callable[[Proposal], object]) -> HttpResponse:
    known = proposals.as_it_is()
    propose(known)
    effect = effects.effect_of(known)
    sees_amounts = "amount" not in user.hidden_fields("deals")
    said: dict[str, Any] = {
        "contacts": sum(flow.contacts for flow in effect.flows),
        "companies": sum(flow.companies for flow in effect.flows),
        "deals": effect.deals,
        "moves": [_flow(flow, sees_amounts) for flow in effect.flows],
        "owners": [{"name": n, "deals": count} for n, count in effects.owners_of(effect)],
    }
    return answer(said | ({"amounts": _money(effect.amounts)} if sees_amounts else {}))


def _flow(flow: Flow, sees_amounts: bool) -> dict[str, Any]:
    said = {
        "from": _identifier(flow.before),
        "to": _identifier(flow.after),
        "contacts": flow.contacts,
        "companies": flow.companies,
        "deals": flow.deals,
    }
    return said | ({"amounts": _money(flow.amounts)} if sees_amounts else {})


def _money(amounts: Mapping[str, Decimal]) -> list[dict[str, str]]:
    return [{"amount": str(amount), "currency": name} for name, amount in amounts.items()]


def _identifier(key: int | None) -> str | None:
    """The identifier of a territory; none for nowhere, and for one that is not there yet."""
    return ids.encode("territory", key) if key and key != NEW else None


def _found(call: Call) -> Territory:
    found = tree.territory_called(call.ids[0])
    if found is None:
        raise not_found(_("There is no such record."))
    return found


def _told(territory: Territory, *, status: int = 200) -> HttpResponse:
    where = f"territories/{territory.public_id}" if status == 201 else ""
    etag = etag_of(territory.version)
    return answer(shown(territory), status=status, etag=etag, location=where)


def _refuse_all_but_administrators(user: User) -> None:
    if not user.is_admin:
        raise forbidden(_("Only administrators may do this."))


_SOON = "Where there are many contacts, they move in the minutes after."
offer(
    Operation("GET", "territories", list_territories, "List territories",
              gives=page_of(schemas.TERRITORY), parameters=lists.PAGES),
    Operation("POST", "territories", add_territory, "Add a territory",
              takes=schemas.TERRITORY_IN, gives=schemas.TERRITORY, status=201, more=_SOON),
    Operation("POST", "territories/preview", preview_addition, "What adding a territory would do",
              takes=schemas.TERRITORY_IN, gives=schemas.EFFECT),
    Operation("GET", "territories/{id}", show_territory, "Get a territory",
              gives=schemas.TERRITORY),
    Operation("PATCH", "territories/{id}", change_territory, "Change a territory",
              takes=schemas.TERRITORY_CHANGE, gives=schemas.TERRITORY, more=_SOON),
    Operation("POST", "territories/{id}/preview", preview_change,
              "What changing a territory would do", takes=schemas.TERRITORY_CHANGE,
              gives=schemas.EFFECT),
    Operation("POST", "territories/{id}/remove", remove_territory, "Take a territory out",
              takes=schemas.REMOVAL, status=204, more=_SOON),
    Operation("POST", "territories/{id}/preview-removal", preview_removal,
              "What taking a territory out would do", takes=schemas.REMOVAL, gives=schemas.EFFECT),
)  # fmt: skip
