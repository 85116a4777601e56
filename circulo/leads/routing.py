"""To whom leads go: by the first rule that they fulfil and that can give them to somebody.

Whoever gives by a rule holds it until the end of the transaction, so that of leads that come at the
same moment each has its turn. A way is one function: an app below hands in its own by `WAYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.accounts.prepared import columns_of, made
from circulo.leads.clock import due_after
from circulo.leads.models import Lead, RouteMember, RouteRule
from circulo.leads.rulebook import Judged, Rulebook
from circulo.parties.actions.writing import json_of, run


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


@dataclass
class Desk:
    """What was read to give out some leads: the people of each rule by turn, and their loads."""

    book: Rulebook
    people: dict[int, list[RouteMember]] = field(default_factory=dict)
    loads: dict[int, int] = field(default_factory=dict)
    turned: dict[int, RouteMember] = field(default_factory=dict)

    def members(self, rule: RouteRule) -> list[RouteMember]:
        """Who gets leads by a rule, those who waited longest first; the rule is ours from now."""
        if rule.pk not in self.people:
            prepared.once("a rule is held", _held).run({prepared.KEY: rule.pk})
            rows = prepared.once("who gets leads by a rule", _members).run({prepared.KEY: rule.pk})
            self.people[rule.pk] = [_member(row) for row in rows]
        return self.people[rule.pk]

    def load(self, people: Iterable[int]) -> dict[int, int]:
        """How many open leads each of these has."""
        unknown = [key for key in people if key not in self.loads]
        if unknown:
            open_ones = Lead.objects.kept().open().filter(owner__in=unknown)
            counted = open_ones.order_by().values_list("owner").annotate(Count("pk"))
            self.loads |= dict.fromkeys(unknown, 0) | dict(counted)
        return self.loads

    def take_turn(self, rule: RouteRule, member: RouteMember) -> None:
        """The member goes to the end of the row."""
        row = self.people[rule.pk]
        row.remove(member)
        member.turn = max([one.turn for one in row] + [member.turn]) + 1
        row.append(member)
        self.turned[member.pk] = member
        self.loads[member.user_id] = self.loads.get(member.user_id, 0) + 1

    def keep_turns(self) -> None:
        """Write whose turn it was."""
        if self.turned:
            run(
                """UPDATE leads_routemember m SET turn = d.turn
                   FROM json_to_recordset(%s) AS d(id bigint, turn bigint) WHERE m.id = d.id""",
                [json_of([{"id": one.pk, "turn": one.turn} for one in self.turned.values()])],
            )


def _held() -> QuerySet[RouteRule, Any]:
    rows = RouteRule.objects.filter(pk=prepared.KEY).select_for_update(no_key=True)
    return rows.values_list("pk")


def _members() -> QuerySet[RouteMember, Any]:
    rows = RouteMember.objects.filter(rule=prepared.KEY, user__is_active=True)
    return rows.order_by("turn", "pk").values_list(*columns_of(RouteMember), "user__team_id")


def _member(row: Sequence[Any]) -> RouteMember:
    """A member with as much of the person as giving a lead takes: their team."""
    member = made(RouteMember, row)
    member.user = User(pk=member.user_id, team_id=row[-1])
    return member


# Of those who could get a lead by a rule, who does; None where nobody.
Way = Callable[[Desk, RouteRule, Sequence[RouteMember], Judged], RouteMember | None]


def _by_turn(
    desk: Desk, rule: RouteRule, fit: Sequence[RouteMember], lead: Judged
) -> RouteMember | None:
    return fit[0] if fit else None


def _by_load(
    desk: Desk, rule: RouteRule, fit: Sequence[RouteMember], lead: Judged
) -> RouteMember | None:
    loads = desk.load([one.user_id for one in fit])
    return min(fit, key=lambda one: loads[one.user_id], default=None)


WAYS: dict[str, Way] = {RouteRule.Way.TURN: _by_turn, RouteRule.Way.LOAD: _by_load}


def give_out(leads: Sequence[Judged], book: Rulebook) -> dict[int, Given]:
    """To whom each of these leads goes, in their order."""
    desk = Desk(book)
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
    fit = [one for one in desk.members(rule) if _fits(one, rule, lead)]
    chosen = WAYS[rule.way](desk, rule, fit, lead) if rule.way in WAYS else None
    if chosen is None:
        return None
    why["of"] = len(fit)
    if rule.way == RouteRule.Way.LOAD:
        why["open"] = desk.loads[chosen.user_id]
    if rule.needs_language and lead.language:
        why["language"] = lead.language
    if rule.needs_skill:
        why["skills"] = sorted(_skills(chosen, lead))
    desk.take_turn(rule, chosen)
    return Given(chosen.user_id, rule.team_id or chosen.user.team_id, why, minutes)


def _fits(member: RouteMember, rule: RouteRule, lead: Judged) -> bool:
    """Whether a member speaks the language of a lead and knows about it, where the rule asks."""
    speaks = not rule.needs_language or not lead.language or lead.language in member.languages
    return speaks and (not rule.needs_skill or bool(_skills(member, lead)))


def _skills(member: RouteMember, lead: Judged) -> set[str]:
    tags = {tag.lower() for tag in lead.tags}
    return {skill for skill in member.skills if skill.lower() in tags}
