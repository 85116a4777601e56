"""The queue of possible duplicates: its pages, and one pair side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.lib import emails, ids, phones
from circulo.lib import format as fmt
from circulo.parties.duplicates.words import LEVELS, RESPECTS, tone
from circulo.parties.languages import language_called
from circulo.parties.models import Duplicate, DuplicateSearch, Party, PartyKind, Point

PER_PAGE = 25
HIDDEN_WITH = {"street": "addresses", "place": "addresses"}
_PERSON = ("title", "given_name", "first_surname", "second_surname", "preferred_name",
           "job_title", "birthday", "form_of_address")  # fmt: skip
_ORGANISATION = ("trade_name", "legal_name", "industry", "size", "annual_revenue", "founded")
_COMMON = ("company", "tax_id", "language", "lifecycle", "source", "owner", "notes")
COLUMNS = {"company": "company_id", "owner": "owner_id"}
_UNITED = {
    "emails": (_("E-mail"), Point.Kind.EMAIL),
    "phones": (_("Phone"), Point.Kind.PHONE),
}


@dataclass(frozen=True)
class Reason:
    """In which respect two records compare, and how."""

    respect: str | Promise
    level: str | Promise
    tone: str

    @property
    def text(self) -> str:
        return f"{self.respect}: {self.level}"


@dataclass(frozen=True)
class Row:
    """One field of two records side by side; `chosen` says whose value stands unless told else."""

    name: str
    label: str | Promise
    first: str
    second: str
    is_same: bool
    chosen: str
    sides: tuple[str, str]

    @property
    def values(self) -> list[tuple[str, str]]:
        """Each side's identifier with what it says."""
        return list(zip(self.sides, (self.first, self.second), strict=True))


@dataclass(frozen=True)
class SideBySide:
    """A pair as the screen of the queue shows it."""

    pair: Duplicate
    first: Party
    second: Party
    reasons: list[Reason]
    rows: list[Row]
    kept: list[tuple[str | Promise, list[str]]]

    @property
    def parties(self) -> tuple[Party, Party]:
        return self.first, self.second


def queue(user: User, kind: str) -> QuerySet[Duplicate]:
    """The open pairs of which this person may change both records, the likeliest first."""
    rows = Duplicate.objects.open().visible_to(user, "edit").filter(first__kind=kind)
    return rows.select_related("first", "second").likeliest_first()


def queue_page(user: User, kind: str, after: Duplicate | None) -> list[Duplicate]:
    """One page of the queue, and one pair more where it goes on."""
    rows = queue(user, kind)
    if after is not None:
        rows = rows.filter(
            Q(probability__lt=after.probability) | Q(probability=after.probability, pk__gt=after.pk)
        )
    return list(rows[: PER_PAGE + 1])


def pair_of(user: User, identifier: str, act: str = "edit") -> Duplicate | None:
    """The pair of this identifier, where the person may change both of its records."""
    key = ids.decode("duplicate", identifier) or 0
    rows = Duplicate.objects.visible_to(user, act).filter(pk=key)
    return rows.select_related("first", "second").first()


def latest_search(kind: str) -> DuplicateSearch | None:
    """The search that runs, or the last one."""
    return DuplicateSearch.objects.filter(kind=kind).order_by("-started_at").first()


def reasons_of(pair: Duplicate, hidden: frozenset[str]) -> list[Reason]:
    """Why two records may be one, without what a role does not get to see."""
    return [
        Reason(RESPECTS[name], LEVELS[level], tone(level))
        for name, level in pair.reasons.items()
        if name in RESPECTS and level in LEVELS and HIDDEN_WITH.get(name, name) not in hidden
    ]


def side_by_side(user: User, pair: Duplicate) -> SideBySide:
    """Everything two records say, field by field."""
    keys = [pair.first_id, pair.second_id]
    known = (
        Party.objects.visible_to(user, "edit")
        .select_related("company", "owner")
        .prefetch_related("points", "addresses")
        .in_bulk(keys)
    )
    first, second = known[pair.first_id], known[pair.second_id]
    hidden = user.hidden_fields(first.resource)
    seen = _seen_companies(user, [first, second])
    names = _PERSON if first.kind == PartyKind.PERSON else _ORGANISATION
    rows = [
        row
        for name in (*names, *_COMMON)
        if name not in hidden
        for row in [_row(name, first, second, seen)]
        if row.first or row.second
    ]
    return SideBySide(
        pair, first, second, reasons_of(pair, hidden), rows, _kept(first, second, hidden)
    )


def _row(name: str, first: Party, second: Party, seen: set[int]) -> Row:
    one, other = _said(first, name, seen), _said(second, name, seen)
    is_default = name == "lifecycle" and first.lifecycle == Party.Lifecycle.CONTACT
    chosen = first if one and not is_default else second if other else first
    label = getattr(Party._meta.get_field(name), "verbose_name", name)
    if name == "company" and first.is_organisation:
        label = _("Parent company")
    sides = first.public_id, second.public_id
    return Row(COLUMNS.get(name, name), label, one, other, one == other, chosen.public_id, sides)


def _said(party: Party, name: str, seen: set[int]) -> str:
    """A value as the screen shows it; a company that the person does not see is not there."""
    value = getattr(party, name)
    if name == "company":
        return value.name if value and value.pk in seen else ""
    if name == "owner":
        return value.name if value else ""
    if name == "birthday":
        return fmt.day(value) if value else ""
    if name in ("lifecycle", "form_of_address"):
        return str(getattr(party, f"get_{name}_display")())
    if name == "language":
        return language_called(value)
    if name in ("size", "annual_revenue") and value is not None:
        return fmt.number(value)
    return "" if value is None else str(value)


def _seen_companies(user: User, parties: Sequence[Party]) -> set[int]:
    keys = [party.company_id for party in parties if party.company_id]
    return set(Party.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def _kept(
    first: Party, second: Party, hidden: frozenset[str]
) -> list[tuple[str | Promise, list[str]]]:
    """What the survivor will have of both, without anybody's choice."""
    home = fmt.current().country
    kept: list[tuple[str | Promise, list[str]]] = []
    for name, (label, kind) in _UNITED.items():
        if name not in hidden:
            values = [p.value for party in (first, second) for p in party.points.all()
                      if p.kind == kind]  # fmt: skip
            shown = [
                phones.shown(v, home) if kind == Point.Kind.PHONE else emails.shown(v)
                for v in dict.fromkeys(values)
            ]
            kept.append((label, shown))
    if "addresses" not in hidden:
        lines = [str(a) for party in (first, second) for a in party.addresses.all()]
        kept.append((_("Addresses"), list(dict.fromkeys(lines))))
    kept.append((_("Tags"), list(dict.fromkeys([*first.tags, *second.tags]))))
    return [(label, values) for label, values in kept if values]


def choices_from(said: Any, pair: Duplicate) -> dict[str, int]:
    """Whose values a form chooses, by column."""
    sides = {pair.first.public_id: pair.first_id, pair.second.public_id: pair.second_id}
    return {
        name.removeprefix("take_"): sides[value]
        for name, value in said.items()
        if name.startswith("take_") and value in sides
    }
