"""The people whom rows of deals name: found among those who are here, never made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind
from circulo.records.load_types import Task
from circulo.sales.load_rows import DealRow
from circulo.sales.models import DealPerson

Called = Mapping[str, set[int]]


@dataclass
class FoundPeople:
    """The people of a batch: by what they are called, by address, and the identifiers known."""

    called: Called = field(default_factory=dict)
    reached: Called = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)


class People:
    """Finds the people whom the rows of one load name, among those that the person sees."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.matcher = Matcher(PartyKind.PERSON, "name", task.by)
        hidden = task.by.hidden_fields("contacts") if task.by else frozenset()
        self.sees_emails = "emails" not in hidden

    def look_up(self, rows: Sequence[DealRow]) -> FoundPeople:
        """Find everybody whom the rows of a batch name."""
        rows = [row for row in rows if not row.party]
        keys = {row.contact: ids.decode("party", row.contact) for row in rows if row.contact}
        names = [name for name, key in keys.items() if key is None]
        emails = list({row.email for row in rows if row.email}) if self.sees_emails else []
        return FoundPeople(
            self.matcher.people_called(names) if names else {},
            self.matcher.reached_at(emails) if emails else {},
            self._seen({key for key in keys.values() if key is not None}),
        )

    def whom(self, row: DealRow, found: FoundPeople) -> tuple[int | None, str]:
        """The person whom a row names, if any; or why it is not known who that is."""
        if row.party or not (row.contact or row.email):
            return None, ""
        meant = self._meant(row, found)
        if len(meant) == 1:
            return next(iter(meant)), ""
        said = {"name": (row.contact or row.email)[:60], "count": len(meant)}
        if meant:
            return None, _(
                "%(count)d contacts here are “%(name)s”: say by e-mail or identifier which one is"
                " meant."
            ) % said
        return None, _("There is no contact “%(name)s” here.") % said

    def _meant(self, row: DealRow, found: FoundPeople) -> set[int]:
        """By identifier, else by address, and by name where that does not tell one alone."""
        key = ids.decode("party", row.contact) if row.contact else None
        if key is not None:
            return {key} & found.seen
        reached = found.reached.get(row.email, set())
        called = found.called.get(row.contact, set())
        return (reached & called if len(reached) > 1 and called else reached) or called

    def _seen(self, keys: set[int]) -> set[int]:
        if not keys:
            return set()
        by = self.task.by
        rows = Party.objects.kept() if by is None else Party.objects.visible_to(by)
        people = rows.filter(pk__in=keys, kind=PartyKind.PERSON)
        return set(people.values_list("pk", flat=True))


def involve(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Give deals people who have a part in them; the deals that did not have them yet."""
    if not pairs:
        return set()
    deals = [deal for deal, _person in pairs]
    there = set(DealPerson.objects.filter(deal__in=deals).values_list("deal", "party"))
    fresh = [pair for pair in dict.fromkeys(pairs) if pair not in there]
    DealPerson.objects.bulk_create(DealPerson(deal_id=deal, party_id=one) for deal, one in fresh)
    return {deal for deal, _person in fresh}
