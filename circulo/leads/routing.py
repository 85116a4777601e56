"""To whom leads go: by the first rule that they fulfil and that can give them to somebody.

Whoever gives by a rule holds it until the end of the transaction, so that of leads that come at the
same moment each has its turn. A way is one function: an app below hands in its own by `WAYS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.accounts.territory_tree import tree
from circulo.leads.clock import due_after
from circulo.leads.models import Lead, RouteMember, RouteRule
from circulo.leads.places import Worker, territories_of, workers_of
from circulo.leads.rulebook import Judged, Rulebook
from circulo.parties.actions.writing import json_of, run

_KEEP_TURNS = """
    UPDATE leads_routerule r SET turns = d.turns
    FROM json_to_recordset(%s) AS d(id bigint, turns jsonb) WHERE r.id = d.id
"""


@dataclass(frozen=True)
class Given:
    """To whom a lead goes, why, and in how many minutes it is to be answered."""

    owner: int | None
    team: int | None
    why: dict[str, Any]
    minutes: int

    def columns(self, arrived_at: datetime, book: Rulebook) -> dict[str, Any]:
        """The columns of the lead that say so."""
        due = due_after(arrived_at, self.minutes, book.hours)
        return {"owner_id": self.owner, "team_id": self.team, "route": self.why,
                "answer_due_at": due}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Somebody who may get a lead, with what a rule says that they speak and know about."""

    user: int
    team: int | None
    languages: Sequence[str] = ()
    skills: Sequence[str] = ()


@dataclass
class Held:
    """A rule that is ours until the end of the transaction: its people, and their turns."""

    people: list[Candidate]
    turns: dict[str, int]
    has_turned: bool = False

    def by_turn(self, people: Iterable[Candidate]) -> list[Candidate]:
        """These people, those who waited longest first."""
        return sorted(people, key=lambda one: self.turns.get(str(one.user), 0))

    def take_turn(self, user: int) -> None:
        """Somebody goes to the end of the row."""
        self.turns[str(user)] = max(self.turns.values(), default=0) + 1
        self.has_turned = True


@dataclass
class Desk:
    """What was read to give out some leads: the rules that are held, the loads of people, where
    the leads lie and who works there."""

    book: Rulebook
    leads: Sequence[Judged] = ()
    held: dict[int, Held] = field(default_factory=dict)
    loads: dict[int, int] = field(default_factory=dict)
    given: Counter[int] = field(default_factory=Counter)
    workers: dict[int, list[list[Worker]]] = field(default_factory=dict)

    def hold(self, rule: RouteRule) -> Held:
        """The rule, which is ours from now, with its people as they were added."""
        if rule.pk not in self.held:
            said = {prepared.KEY: rule.pk}
            held = prepared.once("a rule is held", _held).run(said)
            people = prepared.once("who gets leads by a rule", _members).run(said)
            self.held[rule.pk] = Held(
                [Candidate(*one) for one in people],
                dict(prepared.loaded(held[0][0]) if held else {}),
            )
        return self.held[rule.pk]

    def groups(self, rule: RouteRule, lead: Judged) -> Iterator[list[Candidate]]:
        """Whom a rule may give a lead to: those of one group before those of the next."""
        people = self.hold(rule).people
        if not rule.needs_territory:
            yield people
            return
        named = {one.user: one for one in people}
        for group in self._workers(self.places.get(lead.key)):
            if named:
                yield [named[user] for user, _team in group if user in named]
            else:
                yield [Candidate(user, team) for user, team in group]

    @cached_property
    def places(self) -> dict[int, int | None]:
        """In which territory those of the leads lie of which a rule asks that."""
        asked = [one.key for one in self.leads if any(r.needs_territory for r in one.routes)]
        return territories_of(asked)

    def _workers(self, territory: int | None) -> list[list[Worker]]:
        if territory is None:
            return []
        if territory not in self.workers:
            self.workers[territory] = workers_of(territory)
        return self.workers[territory]

    def load(self, people: Iterable[int]) -> dict[int, int]:
        """How many open leads each of these has, with those that they just got."""
        asked = list(people)
        unknown = [key for key in asked if key not in self.loads]
        if unknown:
            open_ones = Lead.objects.kept().open().filter(owner__in=unknown)
            counted = open_ones.order_by().values_list("owner").annotate(Count("pk"))
            self.loads |= dict.fromkeys(unknown, 0) | dict(counted)
        return {key: self.loads[key] + self.given[key] for key in asked}

    def take_turn(self, rule: RouteRule, user: int) -> None:
        """Somebody got a lead by a rule."""
        self.held[rule.pk].take_turn(user)
        self.given[user] += 1

    def keep_turns(self) -> None:
        """Write whose turn it was."""
        turned = ((key, held.turns) for key, held in self.held.items() if held.has_turned)
        rows = [{"id": key, "turns": turns} for key, turns in turned]
        if rows:
            run(_KEEP_TURNS, [json_of(rows)])


def _held() -> QuerySet[RouteRule, Any]:
    rows = RouteRule.objects.filter(pk=prepared.KEY).select_for_update(no_key=True)
    return rows.values_list("turns")


def _members() -> QuerySet[RouteMember, Any]:
    rows = RouteMember.objects.filter(rule=prepared.KEY, user__is_active=True).order_by("pk")
    return rows.values_list("user_id", "user__team_id", "languages", "skills")


# Of those who could get a lead by a rule, at least one, who does.
Way = Callable[[Desk, RouteRule, Sequence[Candidate], Judged], Candidate]


def _by_turn(desk: Desk, rule: RouteRule, fit: Sequence[Candidate], lead: Judged) -> Candidate:
    return fit[0]


def _by_load(desk: Desk, rule: RouteRule, fit: Sequence[Candidate], lead: Judged) -> Candidate:
    loads = desk.load([one.user for one in fit])
    return min(fit, key=lambda one: loads[one.user])


WAYS: dict[str, Way] = {RouteRule.Way.TURN: _by_turn, RouteRule.Way.LOAD: _by_load}


def give_out(leads: Sequence[Judged], book: Rulebook) -> dict[int, Given]:
    """To whom each of these leads goes, in their order."""
    desk = Desk(book, leads)
    given = {lead.key: _give(lead, desk) for lead in leads}
    desk.keep_turns()
    return given


def _give(lead: Judged, desk: Desk) -> Given:
    for rule in lead.routes:
        found = _by_rule(rule, lead, desk)
        if found is not None:
            return found
    book = desk.book
    owner: User | None = book.desk.owner
    key = owner.pk if owner and owner.is_active else None
    return Given(key, book.desk.team_id, {"way": "default"}, book.desk.answer_minutes)


def _by_rule(rule: RouteRule, lead: Judged, desk: Desk) -> Given | None:
    minutes = rule.answer_minutes or desk.book.desk.answer_minutes
    why: dict[str, Any] = {"rule": rule.label, "way": rule.way}
    if rule.way == RouteRule.Way.QUEUE:
        return Given(None, rule.team_id, why, minutes) if rule.team_id else None
    fit = _who_fits(rule, lead, desk)
    if not fit or rule.way not in WAYS:
        return None
    chosen = WAYS[rule.way](desk, rule, fit, lead)
    why["of"] = len(fit)
    if rule.way == RouteRule.Way.LOAD:
        why["open"] = desk.load([chosen.user])[chosen.user]
    place = tree().by_key.get(desk.places[lead.key] or 0) if rule.needs_territory else None
    if place:
        why["territory"] = place.name
    if rule.needs_language and lead.language:
        why["language"] = lead.language
    if rule.needs_skill:
        why["skills"] = sorted(_skills(chosen, lead))
    desk.take_turn(rule, chosen.user)
    return Given(chosen.user, rule.team_id or chosen.team, why, minutes)


def _who_fits(rule: RouteRule, lead: Judged, desk: Desk) -> list[Candidate]:
    """Those of the nearest group in which somebody fits, who waited longest first."""
    for group in desk.groups(rule, lead):
        fit = [one for one in group if _fits(one, rule, lead)]
        if fit:
            return desk.hold(rule).by_turn(fit)
    return []


def _fits(member: Candidate, rule: RouteRule, lead: Judged) -> bool:
    """Whether a member speaks the language of a lead and knows about it, where the rule asks."""
    speaks = not rule.needs_language or not lead.language or lead.language in member.languages
    return speaks and (not rule.needs_skill or bool(_skills(member, lead)))


def _skills(member: Candidate, lead: Judged) -> set[str]:
    tags = {tag.lower() for tag in lead.tags}
    return {skill for skill in member.skills if skill.lower() in tags}
