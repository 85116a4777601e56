"""What programs write into address books, through the same acts as the screens."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.dav.actions import keep_rest
from circulo.dav.collections.card_lines import organisation_in, rest_of
from circulo.dav.collections.cards import changed, matched, said_of, text_of
from circulo.dav.models import CardRest
from circulo.dav.refusals import Refused
from circulo.dav.xml import cr, d
from circulo.lib.errors import Invalid
from circulo.lib.readers.card_parts import card_of as card_in
from circulo.lib.readers.cards import Card
from circulo.lib.readers.vcards import properties_in
from circulo.parties import actions, drafts, links
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.parties.selectors import may_do, named_parties, party_seen
from circulo.parties.shown import HIDDEN_WITH, parties_shown

_GROUPS = ("group", "location")


@dataclass
class _Sorted:
    """What a card says, sorted into what is written and what is kept as it came."""

    said: dict[str, Any]
    names: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)


@transaction.atomic
def put_card(user: User, key: int | None, body: bytes) -> int:
    """Change the party of this key, or add one, by what a card says of it; its key."""
    card = read_card(body)
    if key is None:
        kind = PartyKind.ORGANISATION if card.is_organisation else PartyKind.PERSON
        if not user.right(RESOURCES[kind]).create:
            raise Refused(403, _("You may not add records of this kind."), d("need-privileges"))
        found = _sorted(user, card, kind)
        party = actions.add_party(_draft(user, kind, found.said, None), by=user)
    else:
        party = _editable(user, key)
        found = _changes(user, party, card)
        draft = _draft(user, PartyKind(party.kind), found.said, party)
        actions.change_party(party, draft, by=user, version=party.version)
    lines = rest_of(body, found.names, found.values)
    keep_rest(party, by=user, uid=card.uid[:255], lines=lines)
    return party.pk


def drop_card(user: User, key: int) -> None:
    """Move a party to the bin."""
    party = party_seen(user, key)
    if party is None:
        raise Refused(404, _("There is no such record."))
    if not may_do(user, party, "delete"):
        raise _not_yours()
    actions.bin_parties([party.pk], by=user)


def read_card(body: bytes) -> Card:
    """The one card of a body."""
    cards = properties_in(BytesIO(body))
    card = card_in(cards[0]) if len(cards) == 1 else None
    kinds = [p.value.lower() for p in cards[0] if p.name.endswith("-KIND")] if card else []
    if card is None or not card.display_name:
        raise Refused(403, _("Send one card with a name."), cr("valid-address-data"))
    if card.kind in _GROUPS or any(kind in _GROUPS for kind in kinds):
        raise Refused(403, _("Groups are not kept here: use tags."), cr("supported-address-data"))
    return card


def _editable(user: User, key: int) -> Party:
    party = Party.objects.visible_to(user).get(pk=key)
    if not may_do(user, party, "edit"):
        raise _not_yours()
    return party


def _changes(user: User, party: Party, card: Card) -> _Sorted:
    """What the card says otherwise than the one that this person is given of the party."""
    (shown,) = parties_shown(user, [party.pk])
    kind = PartyKind(party.kind)
    given = read_card(text_of(shown).encode())
    told, found = said_of(given, kind), _sorted(user, card, kind)
    for name in ("emails", "phones", "faxes", "addresses"):
        found.said[name] = matched(found.said[name], told[name], shown.get(name) or [])
        told[name] = matched(told[name], told[name], shown.get(name) or [])
    told["company"] = shown.get("company")
    if card.organisation == (given.organisation or _kept_organisation(user, party)):
        found.said.pop("company", None)
    if not (card.given_name or card.family_name) and card.full_name == given.full_name:
        found.said.pop("name", None)
    found.said = changed(found.said, told)
    return found


def _kept_organisation(user: User, party: Party) -> str:
    rest = CardRest.objects.filter(user=user, party=party).first()
    return organisation_in(rest.lines)[0] if rest else ""


def _sorted(user: User, card: Card, kind: PartyKind) -> _Sorted:
    """What of a card can be written, its company found; the rest of it is kept."""
    found = _Sorted(said_of(card, kind))
    if card.birthday_text and card.birthday is None:
        found.said.pop("birthday", None)
        found.names.add("BDAY")
    if kind == PartyKind.PERSON:
        _find_company(user, card, found)
    for name in ("emails", "phones", "faxes"):
        found.said[name] = [e for e in found.said[name] if _stands(name, e, kind, found.values)]
    webs = [point.value for point in card.urls]
    if webs and not _stands("website", webs[0], kind, found.values):
        found.said["website"] = ""
    found.values |= set(webs[1:])
    return found


def _find_company(user: User, card: Card, found: _Sorted) -> None:
    """The one company of this name that is known is the person's; an unknown one stays a text."""
    companies = (
        named_parties(user, card.organisation, PartyKind.ORGANISATION) if card.organisation else []
    )
    if not card.organisation:
        found.said["company"] = None
    elif len(companies) == 1:
        found.said["company"] = companies[0].public_id
    if card.department or (card.organisation and len(companies) != 1):
        found.names.add("ORG")


def _stands(name: str, entry: Any, kind: PartyKind, refused: set[str]) -> bool:
    """Whether an address or a number can be one of ours; one that cannot is kept as it is."""
    try:
        drafts.read({name: [entry]}, kind, partial=True)
    except Invalid:
        refused.add(entry["value"] if isinstance(entry, dict) else entry)
        return False
    return True


def _draft(user: User, kind: PartyKind, said: dict[str, Any], party: Party | None) -> drafts.Draft:
    """What was said, read as forms and calls of the API are; Refused where it is hidden."""
    hidden = user.hidden_fields(RESOURCES[kind])
    unseen = [name for name in said if HIDDEN_WITH.get(name, name) in hidden]
    if any(said[name] for name in unseen):
        raise Refused(403, _("Your role does not see this: %s.") % ", ".join(unseen),
                      d("need-privileges"))  # fmt: skip
    rest, columns = links.separate(
        {name: value for name, value in said.items() if name not in unseen},
        kind, by=user, party=party,
    )  # fmt: skip
    draft = drafts.read(rest, kind, partial=party is not None)
    draft.columns |= columns
    return draft


def _not_yours() -> Refused:
    why = _("You may see this record, but not change it.")
    return Refused(403, why, d("need-privileges"))
