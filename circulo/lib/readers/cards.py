"""A card of a person or an organisation, as address books exchange them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CardPoint:
    """A way to reach the card's owner: an e-mail, a phone, a page, a name in a network."""

    value: str
    labels: tuple[str, ...] = ()
    is_preferred: bool = False

    @property
    def label(self) -> str:
        """What an address book shows beside it: work, home, cell, fax."""
        for label in ("fax", "cell", "mobile", "pager", "work", "home"):
            if label in self.labels:
                return {"mobile": "cell"}.get(label, label)
        return next(iter(self.labels), "")


@dataclass(frozen=True)
class CardAddress:
    """A postal address in the parts that a card gives it."""

    street: str = ""
    extended: str = ""
    box: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    labels: tuple[str, ...] = ()
    is_preferred: bool = False

    @property
    def is_empty(self) -> bool:
        parts = (self.street, self.extended, self.box, self.city, self.region)
        return not any((*parts, self.postcode, self.country))


@dataclass(frozen=True)
class Card:
    """One card, whatever version it was written in. Photos, keys and sounds are left out."""

    version: str = ""
    kind: str = "individual"
    uid: str = ""
    full_name: str = ""
    given_name: str = ""
    additional_names: str = ""
    family_name: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    emails: tuple[CardPoint, ...] = ()
    phones: tuple[CardPoint, ...] = ()
    urls: tuple[CardPoint, ...] = ()
    handles: tuple[CardPoint, ...] = ()
    addresses: tuple[CardAddress, ...] = ()
    birthday: date | None = None
    birthday_text: str = ""
    language: str = ""
    note: str = ""
    categories: tuple[str, ...] = ()

    @property
    def is_organisation(self) -> bool:
        """Whether the card speaks of an organisation: it says so, or names no person."""
        names = (self.given_name, self.family_name, self.additional_names)
        is_nameless = not any(names) and self.full_name in ("", self.organisation)
        return self.kind in ("org", "organization") or bool(self.organisation and is_nameless)

    @property
    def display_name(self) -> str:
        """The best name the card gives."""
        parts = (self.given_name, self.additional_names, self.family_name)
        spelt = " ".join(part for part in parts if part)
        first = next((point.value for point in (*self.emails, *self.phones)), "")
        return self.full_name or spelt or self.organisation or self.nickname or first
