"""Whom a row of a load speaks of: read from its cells, and asked of those who are here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from circulo.lib import emails, ids, names, phones
from circulo.parties.drafts import Draft
from circulo.parties.load_rows import PartyRow
from circulo.parties.models import PartyKind
from circulo.records.load_types import RefusedRow, Said


@dataclass
class Someone:
    """A contact or a company, as far as it is said."""

    key: int | None = None
    email: str = ""
    phone: str = ""
    name: str = ""

    @property
    def called(self) -> str:
        """What a reason for a refusal calls them."""
        shown = self.name or self.email or self.phone
        return f"“{shown or (self.key and ids.encode('party', self.key)) or ''}”"


def someone(said: Said, country: str) -> Someone:
    """Whom the cells `party_id`, `email`, `phone` and `party` name; nobody where all are blank."""
    email, phone, party = _one(said, "email"), _one(said, "phone"), _one(said, "party")
    if "@" in party and not email:
        party, email = "", party
    number = phones.parse(phone, country) if phone else None
    return Someone(
        party_key(_one(said, "party_id")),
        emails.normalise(email) if email else "",
        number.e164 if number else phone,
        party,
    )


def party_key(written: str) -> int | None:
    """The key that an identifier says; RefusedRow where it is none of ours."""
    key = ids.decode("party", written) if written else None
    if written and key is None:
        raise RefusedRow(_("“%s” is not an identifier of ours.") % written[:30])
    return key


def asked(one: Someone, kind: str, country: str) -> PartyRow:
    """What a `Matcher` is asked to find somebody; by name alone where nothing better is said."""
    addresses, numbers = [one.email] if one.email else [], [one.phone] if one.phone else []
    row = PartyRow(Draft(kind), one.key, emails=addresses, phones=numbers)
    if one.name and one.key is None and not addresses and not numbers:
        row.sort_key = names.sort_key(_as_listed(one.name, kind, country))
    return row


def _as_listed(name: str, kind: str, country: str) -> str:
    """A name as the key of its kind of party begins: surnames first, or as it is."""
    if kind == PartyKind.ORGANISATION:
        return " ".join(name.split())
    parts = names.split(name, country)
    return f"{parts.first_surname}\t{parts.second_surname}\t{parts.given}"


def _one(said: Said, name: str) -> str:
    return said[name][0][0] if name in said else ""
