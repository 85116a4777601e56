"""What somebody says of a lead, read into the columns that say the same.

A form, a call of the API, a public form and a row of a file are read here alike: a `Draft` names
only what was said, or `Invalid` gives a reason for each field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Team, User
from circulo.accounts.rights import Reach
from circulo.accounts.selectors import firm
from circulo.leads.models import Lead
from circulo.lib import emails, ids, names, phones, postal
from circulo.lib.countries import is_code
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.parties.models import Party, PartyKind
from circulo.records.own import noted
from circulo.records.own.definitions import defined
from circulo.records.own.said import read_own
from circulo.records.rest import reading
from circulo.timeline.kinds import CHANNELS

LENGTHS = {
    "given_name": 100, "first_surname": 100, "second_surname": 100, "company": 200,
    "job_title": 120, "city": 100, "postal_code": 12, "region": 100, "source": 100, "campaign": 100,
    "reference": 100,
}  # fmt: skip
MOST_MESSAGE, MOST_TAGS, MOST_PHONE = 20_000, 50, 60
_MOST_UNREAD = 200  # of a code: what is wrong with a longer one is not its length
NAMES = ("given_name", "first_surname", "second_surname")
WHO = (*NAMES, "company", "email", "phone")
FIELDS = (*LENGTHS, "name", "email", "phone", "country", "message", "language", "channel", "party",
          "company_party", "owner", "team", "tags", "custom")  # fmt: skip
_HIDDEN_WITH = {"company_party": "party"}


@dataclass
class Draft:
    """What is to be kept of a lead."""

    columns: dict[str, Any] = field(default_factory=dict)


def read(said: Mapping[str, Any], *, by: User | None, lead: Lead | None = None) -> Draft:
    """What was said, as a draft; for a `lead` that is there only what changes of it.

    Nobody (`by` is None) names people, teams or records of ours: a public form says only words.
    """
    reader = _Reader(by, lead)
    for name, value in said.items():
        reader.take(name, value)
    reader.finish(said)
    if reader.refused:
        raise Invalid(reader.refused)
    return reader.draft


class _Reader:
    """Reads one thing after the other, and collects what is refused."""

    def __init__(self, by: User | None, lead: Lead | None) -> None:
        self.by, self.lead = by, lead
        self.draft = Draft()
        self.refused: dict[str, Text] = {}
        self.hidden = by.hidden_fields("leads") if by else frozenset()
        self.country = ""
        self.readers: dict[str, Callable[[Any], None]] = {
            **{name: self._line(name, most) for name, most in LENGTHS.items()},
            "name": lambda value: None,
            "message": self._message,
            "email": self._email,
            "phone": self._phone,
            "country": self._country,
            "language": self._language,
            "channel": self._channel,
            "tags": self._tags,
        }
        if by is not None:
            self.readers |= {
                "party": lambda value: self._party("party", PartyKind.PERSON, value),
                "company_party": lambda value: self._party(
                    "company_party", PartyKind.ORGANISATION, value
                ),
                "owner": lambda value: self._put("owner_id", _owner(value, by, self.lead)),
                "team": lambda value: self._put("team_id", _team(value, by, self.lead)),
                "custom": self._custom,
            }

    def take(self, name: str, value: Any) -> None:
        reader = self.readers.get(name)
        if reader is None or _HIDDEN_WITH.get(name, name) in self.hidden:
            self.refused[reading.shown(str(name))] = _("There is no such field here.")
            return
        try:
            reader(value)
        except Invalid as invalid:
            self.refused |= {key or name: why for key, why in invalid.fields.items()}

    def finish(self, said: Mapping[str, Any]) -> None:
        """What follows from all that was said together."""
        columns = self.draft.columns
        if said.get("name") and not any(columns.get(name) for name in NAMES):
            self._split(said["name"])
        if columns.get("postal_code"):
            self._place()
        if not self.refused and not self._says_who():
            needed = _("Say at least a name, a company, an e-mail address or a phone.")
            self.refused["given_name"] = needed
        if self.lead is None and not self.refused:
            try:
                noted.complete(columns, defined("leads"), demands=self.by is not None)
            except Invalid as invalid:
                self.refused |= invalid.fields

    def _place(self) -> None:
        """Write the post code as its country does. A public form asks for no country: a code of
        ours lies at home.
        """
        columns, home = self.draft.columns, home_country()
        country = columns.get("country", self.lead.country if self.lead else "")
        code = postal.normal_postcode(country or home, columns["postal_code"])
        columns["postal_code"] = code
        if self.by is None and not country and postal.is_written_as_in(home, code):
            columns["country"] = home

    def _split(self, value: Any) -> None:
        try:
            text = clean(reading.word(value), limit=200)
        except Invalid as invalid:
            self.refused["name"] = next(iter(invalid.fields.values()))
            return
        parts = names.split(text, "ES")
        self.draft.columns |= {
            "given_name": parts.given[:100],
            "first_surname": parts.first_surname[:100],
            "second_surname": parts.second_surname[:100],
        }

    def _says_who(self) -> bool:
        columns, lead = self.draft.columns, self.lead
        return any(columns.get(name, getattr(lead, name) if lead else "") for name in WHO)

    def _put(self, name: str, value: Any) -> None:
        self.draft.columns[name] = value

    def _line(self, name: str, most: int) -> Callable[[Any], None]:
        return lambda value: self._put(name, clean(reading.word(value or ""), limit=most))

    def _message(self, value: Any) -> None:
        text = clean(reading.word(value or ""), limit=MOST_MESSAGE, lines=True)
        self._put("message", text)

    def _email(self, value: Any) -> None:
        text = clean(reading.word(value or ""), limit=300)
        self._put("email", emails.normalise(text) if text else "")

    def _phone(self, value: Any) -> None:
        """A number as the house keeps numbers; what is none is kept as it came."""
        text = clean(reading.word(value or ""), limit=MOST_PHONE)
        known = phones.parse(text, home_country()) if text else None
        self._put("phone", known.e164 if known else text)

    def _country(self, value: Any) -> None:
        code = clean(reading.word(value or ""), limit=_MOST_UNREAD).upper()
        if code and not is_code(code):
            raise Invalid({"": _("This is not the code of a country, such as ES.")})
        self._put("country", code)

    def _language(self, value: Any) -> None:
        code = clean(reading.word(value or ""), limit=_MOST_UNREAD).lower()
        if code and not (len(code) <= 5 and code.isascii() and code.replace("-", "").isalpha()):
            raise Invalid({"": _("This is not the code of a language, such as es.")})
        self._put("language", code)

    def _channel(self, value: Any) -> None:
        if not isinstance(value, str) or value not in CHANNELS:
            shown = ", ".join(filter(None, CHANNELS))
            raise Invalid({"": _("Choose one of: %s.") % shown})
        self._put("channel", value)

    def _tags(self, value: Any) -> None:
        if not isinstance(value, list) or len(value) > MOST_TAGS:
            raise Invalid({"": _("This must be a list of at most %d values.") % MOST_TAGS})
        tags = [clean(reading.word(tag), limit=50) for tag in value]
        self._put("tags", list(dict.fromkeys(filter(None, tags))))

    def _party(self, name: str, kind: str, value: Any) -> None:
        """A contact or a company that this person sees; whom they do not see they cannot name,
        nor take away."""
        assert self.by is not None
        column, seen = f"{name}_id", Party.objects.visible_to(self.by)
        kept = getattr(self.lead, column) if self.lead else None
        if value is None or value == "":
            if kept is None or seen.filter(pk=kept).exists():
                self._put(column, None)
            return
        key = ids.key_of("party", value)
        if not seen.filter(kind=kind, pk=key).exists():
            raise Invalid({"": _("There is no such record.")})
        self._put(column, key)

    def _custom(self, value: Any) -> None:
        assert self.by is not None
        record = ("lead", self.lead.pk if self.lead else 0)
        self._put("custom", read_own("leads", value or {}, by=self.by, record=record))


def home_country() -> str:
    """The country of the firm, by which phones are read."""
    return firm().country


def _owner(value: Any, by: User, lead: Lead | None) -> int | None:
    """Whose it becomes; nobody's only where this person reaches what is nobody's."""
    if value is None or value == "":
        if lead is not None and lead.owner_id is None:
            return None
        if by.reach("leads", "edit") in (Reach.NONE, Reach.OWN):
            raise Invalid({"": _("Say whose lead this is.")})
        return None
    key = (ids.decode("user", value) if isinstance(value, str) else None) or 0
    if key == (lead.owner_id if lead else by.pk):
        return key
    owner = User.objects.select_related("team").filter(pk=key, is_active=True).first()
    if owner is None or not by.may_give("leads", owner):
        raise Invalid({"": _("There is no such person whom you could give this to.")})
    return owner.pk


def _team(value: Any, by: User, lead: Lead | None) -> int | None:
    if value is None or value == "":
        return None
    key = (ids.decode("team", value) if isinstance(value, str) else None) or 0
    if lead is not None and key == lead.team_id:
        return key
    team = Team.objects.filter(pk=key).first()
    reach = by.reach("leads", "edit")
    is_within = bool(team and by.team and team.path.startswith(by.team.path))
    if team is None or not (reach == Reach.ALL or (reach.has_team and is_within)):
        raise Invalid({"": _("There is no such team that you could give this to.")})
    return team.pk
