"""What somebody may say of a party beyond its own values: whose it is and where it belongs.

Ids come from outside: each is looked up within what the person who speaks may see or give away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.accounts.territory_tree import offered, tree
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.parties.drafts import Draft
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.records.own.definitions import defined
from circulo.records.own.links import refuse_unknown

NAMES = frozenset({"company", "parent", "owner", "territory"})
BELONGING = {PartyKind.PERSON: "company", PartyKind.ORGANISATION: "parent"}


def separate(
    said: Mapping[str, Any], kind: PartyKind, *, by: User, party: Party | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `drafts.read` reads of what was said, and the columns of the links, resolved.

    Invalid where a link leads to what this person does not see or may not give, and where a field
    is named that this person's role does not get to see.
    """
    rest, columns, refused = dict(said), {}, _hidden(said, kind, by)
    resolvers = {
        BELONGING[kind]: ("company_id", _company),
        "owner": ("owner_id", _owner),
        "territory": ("pinned_territory_id", territory_for),
    }
    for name, (column, resolve) in resolvers.items():
        if name in rest:
            try:
                columns[column] = resolve(rest.pop(name), kind, by, party)
            except Invalid as invalid:
                refused[name] = invalid.fields[""]
    if refused:
        raise Invalid(refused)
    return rest, columns


def _hidden(said: Mapping[str, Any], kind: PartyKind, by: User) -> dict[str, Text]:
    hidden = by.hidden_fields(_right(kind))
    alike = {"faxes": "phones", "tax_country": "tax_id"}
    named = [name for name in said if alike.get(name, name) in hidden]
    custom = said.get("custom")
    if isinstance(custom, dict):
        about = defined(_right(kind))
        unseen = about.fields.keys() - about.visible_to(by, _right(kind)).keys()
        named += [f"custom.{key}" for key in custom if key in unseen]
    return dict.fromkeys(named, _("There is no such field here."))


def refuse_unknown_links(draft: Draft, *, by: User, party: Party | None) -> None:
    """Invalid where an own field would link to what this person does not see."""
    stored, custom = defined(_right(PartyKind(draft.kind))).stored, draft.columns.get("custom", {})
    refuse_unknown(by, stored, custom, ("party", party.pk if party else 0))


def _company(value: Any, kind: PartyKind, by: User, party: Party | None) -> int | None:
    if value is None:
        return None
    key = ids.decode("party", value) if isinstance(value, str) else None
    seen = Party.objects.visible_to(by).filter(kind=PartyKind.ORGANISATION, pk=key or 0)
    if not key or not seen.exists():
        raise Invalid({"": _("There is no such company.")})
    if party and party.pk == key:
        raise Invalid({"": _("A company cannot belong to itself.")})
    return key


def _owner(value: Any, kind: PartyKind, by: User, party: Party | None) -> int | None:
    reach = by.reach(_right(kind), "edit")
    if value is None:
        if reach != Reach.ALL:
            raise Invalid({"": _("Only who may change every record may leave it without owner.")})
        return None
    key = ids.decode("user", value) if isinstance(value, str) else None
    if key and key == (party.owner_id if party else by.pk):
        return key
    owner = User.objects.select_related("team").filter(pk=key or 0, is_active=True).first()
    if owner is None or not _is_within(owner, reach, by):
        raise Invalid({"": _("There is no such person whom you could give this to.")})
    return owner.pk


def territory_for(value: Any, kind: PartyKind, by: User, party: Party | None) -> int | None:
    """The territory that somebody puts a party into by hand; none where the rules are to say.

    What says where it lies already says nothing new: a record can be sent back as it was read.
    """
    if value in (None, ""):
        return None
    key = ids.decode("territory", value) if isinstance(value, str) else None
    if party and key and key in (party.territory_id, party.pinned_territory_id):
        return party.pinned_territory_id
    if not key or key not in may_put_into(by, _right(kind)):
        raise Invalid({"": _("There is no such territory that you could put this into.")})
    return key


def may_put_into(by: User, kind: str) -> list[int]:
    """The territories that somebody may put a record into: those that they work in, or all where
    they may change every record."""
    known = [one.pk for one in tree().rows]
    if by.reach(kind, "edit") == Reach.ALL:
        return known
    return [key for key in known if key in by.territories_in_reach] if known else []


def territories_for(by: User, kind: str) -> list[tuple[str, Text]]:
    """The choices of a territory by hand, first that the rules say."""
    places = {ids.encode("territory", key) for key in may_put_into(by, kind)}
    found = [(key, name) for key, name in offered().items() if key in places]
    return [("", _("As the rules say")), *found] if found else []


def _is_within(owner: User, reach: Reach, by: User) -> bool:
    if reach.has_team and owner.team and by.team:
        return owner.team.path.startswith(by.team.path)
    return reach == Reach.ALL or owner.pk == by.pk


def _right(kind: PartyKind) -> str:
    return RESOURCES[kind]
