"""Address books: one's own contacts to carry along, and everybody within reach to search."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.dav.collections.base import Collection, Item
from circulo.dav.collections.card_lines import organisation_in, with_rest
from circulo.dav.collections.cards import text_of
from circulo.dav.collections.contacts_writing import drop_card, put_card
from circulo.dav.models import CardRest
from circulo.dav.refusals import Refused
from circulo.dav.xml import d
from circulo.lib import ids
from circulo.parties.models import Party, PartyQuerySet
from circulo.parties.shown import parties_shown

_TEXT = TextField()


class Contacts(Collection):
    """The people and organisations that a person owns: what a phone can carry."""

    name = "contacts"
    title = lazy("Círculo: my contacts")
    suffix = ".vcf"
    content_type = "text/vcard; charset=utf-8"
    kind = "party"

    def parties(self) -> PartyQuerySet:
        """The parties that are in it."""
        return Party.objects.visible_to(self.user).filter(owner=self.user.pk)

    def rows(self) -> QuerySet[Any, Any]:
        """Each with a state that knows of its company, of what was kept, and of what is hidden."""
        kept = CardRest.objects.filter(user=self.user, party=OuterRef("pk"))
        parts = (
            Cast("version", _TEXT),
            Value(f"/{self._hidden()}/", _TEXT),
            _or_nothing(Cast(F("company__version"), _TEXT)),
            Value("/", _TEXT),
            _or_nothing(Subquery(kept.values(said=MD5("lines")), output_field=_TEXT)),
        )
        return self.parties().annotate(state_of_it=MD5(Concat(*parts, output_field=_TEXT)))

    def bodies(self, keys: Sequence[int]) -> dict[int, str]:
        """The card of each, as far as this person may see it."""
        kept = {r.party_id: r for r in CardRest.objects.filter(user=self.user, party__in=keys)}
        return {
            key: card_with(party, kept.get(key))
            for party in parties_shown(self.user, list(keys))
            if (key := ids.decode("party", party["id"]))
        }

    def put(self, item: Item | None, name: str, body: bytes) -> int:
        """Change or add a party by what a card says of it."""
        return put_card(self.user, item.key if item else None, body)

    def drop(self, item: Item) -> None:
        """Move a party to the bin."""
        drop_card(self.user, item.key)

    def _hidden(self) -> str:
        """A word for what this person's role does not get to see: another one, other cards."""
        fields = [sorted(self.user.hidden_fields(kind)) for kind in ("contacts", "companies")]
        return hashlib.sha256(repr(fields).encode()).hexdigest()[:8] if any(fields) else ""


class Directory(Contacts):
    """Everybody whom a person may see: to be searched, never listed, never changed."""

    name = "directory"
    title = lazy("Círculo: everybody")
    is_fixed = True

    def parties(self) -> PartyQuerySet:
        """Every party within reach."""
        return Party.objects.visible_to(self.user)

    def put(self, item: Item | None, name: str, body: bytes) -> int:
        """Nothing is written here."""
        raise _read_only()

    def drop(self, item: Item) -> None:
        """Nothing is taken away here."""
        raise _read_only()


def _or_nothing(value: Any) -> Coalesce:
    return Coalesce(value, Value(""), output_field=_TEXT)


def card_with(party: dict[str, Any], rest: CardRest | None) -> str:
    """The card of a party, with what a program wrote on it and has no place of ours."""
    if rest is None:
        return text_of(party, party["id"])
    _company, department = organisation_in(rest.lines)
    text = text_of(party, rest.uid or party["id"], department)
    told = {"company_name": "ORG", "birthday": "BDAY"}
    return with_rest(text, rest.lines, {name for key, name in told.items() if party.get(key)})


def _read_only() -> Refused:
    return Refused(403, _("This address book is for looking people up."), d("need-privileges"))
