"""Entering the demo firm, and taking it away."""

from dataclasses import replace
from datetime import date
from random import Random

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from circulo.accounts import actions as accounts
from circulo.accounts.models import Firm, Team, User
from circulo.agenda.models import Entry
from circulo.desk.demo import (
    asking,
    booking,
    cast,
    fields,
    foreseeing,
    hearing,
    letters,
    market,
    planning,
    quoting,
    selectors,
    selling,
    shelf,
)
from circulo.desk.demo.doubles import Double
from circulo.desk.demo.knowing import add_knowledge, remove_questions
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import Event
from circulo.desk.demo.ties import Tie
from circulo.desk.demo.world import build
from circulo.lib.errors import RuleBroken
from circulo.parties import actions as parties
from circulo.parties.actions.duplicates import keep_pairs
from circulo.parties.drafts import Draft, read
from circulo.parties.duplicates.searching import Found
from circulo.parties.linkage.engine import Pair
from circulo.parties.models import Party, PartyKind
from circulo.records.actions import attachments
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling


@transaction.atomic
def add_demo(*, seed: int, today: date) -> dict[str, int]:
    """Enter the demo firm as of a day; how many of each thing came."""
    if selectors.is_there():
        raise RuleBroken(_("The demo firm is already here: remove it first."))
    world = build(seed, today)
    users = _hire()
    _name_the_firm()
    fields.define_fields()
    market.divide(users)
    keys = _meet(_noting(world.everybody, Random(seed), today), users)
    fields.share_views(users[cast.WORKERS[0].key])
    _relate(world.ties, keys, users[cast.ADMIN])
    _tell(world.events, keys, users)
    add_knowledge(world.knowledge, keys, users)
    _doubt(world.doubles, keys)
    made = selling.enter(world.sold, keys, users)
    asking.enter(world.asked, keys, users)
    _set_back(world.everybody, keys)
    foreseeing.enter(world.foreseen, users, today)
    planning.enter(world.planned, keys, users)
    booking.enter(users)
    hearing.enter(world.everybody, keys, users, today)
    letters.write(by=users[cast.ADMIN])
    shelf.fill(by=users[cast.ADMIN], today=today)
    quoting.enter(made, users, today)
    return selectors.counts()


@transaction.atomic
def remove_demo(*, by: User | None) -> dict[str, int]:
    """Remove what the demo made and what hangs on it. What people added themselves stays.

    A record of theirs that a demo person owned goes to whoever removes the demo, and what a demo
    person noted with it stays, without its author.
    """
    demo = User.objects.filter(is_demo=True)
    counts = selectors.counts()
    quoting.forget(by if _stays(by) else _heir())
    selling.forget(by if _stays(by) else _heir())
    asking.forget(by if _stays(by) else _heir())
    Party.objects.filter(owner__in=demo, is_demo=False).update(owner=by if _stays(by) else None)
    for file in selectors.files():
        attachments.detach(file, by=by)
    Entry.objects.filter(Q(owner__in=demo) | Q(party__is_demo=True)).delete()
    Party.objects.filter(is_demo=True).delete()
    fields.remove_fields()
    remove_questions()
    teams = list(Team.objects.filter(Q(users__in=demo), name__in=cast.TEAMS).distinct())
    letters.forget()
    shelf.forget()
    market.forget()
    foreseeing.forget()
    demo.delete()
    _dissolve(teams)
    Firm.objects.filter(name=cast.SHORT).update(name="")
    return counts


def _heir() -> User | None:
    """Who takes over what cannot be without an owner: the first administrator who stays."""
    return User.objects.filter(is_demo=False, is_active=True, role="admin").order_by("pk").first()


def _stays(user: User | None) -> bool:
    return user is not None and not user.is_demo


def _dissolve(teams: list[Team]) -> None:
    """Remove the teams in which nobody is left, the lowest first."""
    for team in sorted(teams, key=lambda team: -team.path.count("/")):
        if not (team.users.exists() or team.children.exists()):
            team.delete()


def _hire() -> dict[str, User]:
    teams: dict[str, Team] = {}
    for name, above in cast.TEAMS.items():
        known = Team.objects.filter(name=name).first()
        teams[name] = known or accounts.add_team(name, parent=teams.get(above))
    return {
        worker.key: accounts.add_user(
            worker.email, name=worker.name, role=worker.role, team=teams[worker.team], is_demo=True
        )
        for worker in cast.WORKERS
    }


def _name_the_firm() -> None:
    """An installation that has no name yet is called after the demo firm while that is here."""
    if not Firm.objects.exclude(name="").exists():
        accounts.change_firm({"name": cast.SHORT}, by=None)


def _noting(everybody: dict[str, Somebody], rng: Random, today: date) -> dict[str, Somebody]:
    """Everybody, with what the firm notes of them in its own fields."""
    return {
        key: replace(one, said=one.said | {"custom": fields.noted_of(one.kind, rng, today)})
        for key, one in everybody.items()
    }


def _meet(everybody: dict[str, Somebody], users: dict[str, User]) -> dict[str, int]:
    """Add all companies, parents first, then all contacts; their keys."""
    keys: dict[str, int] = {}
    firms = [s for s in everybody.values() if s.line]
    people = [s for s in everybody.values() if not s.line]
    for group in (
        [s for s in firms if s.line and not s.line.parent],
        [s for s in firms if s.line and s.line.parent],
        people,
    ):
        drafts = [_draft(somebody, keys, users) for somebody in group]
        added = parties.add_parties(drafts, by=None, is_demo=True)
        keys |= dict(zip((s.key for s in group), added, strict=True))
    return keys


def _draft(somebody: Somebody, keys: dict[str, int], users: dict[str, User]) -> Draft:
    draft = read(somebody.said, somebody.kind)
    draft.columns["owner_id"] = users[somebody.owner].pk
    above = somebody.company or (somebody.line.parent if somebody.line else "")
    if above:
        draft.columns["company_id"] = keys[above]
    return draft


def _relate(ties: list[Tie], keys: dict[str, int], by: User) -> None:
    known = Party.objects.in_bulk([keys[k] for tie in ties for k in (tie.party, tie.other)])
    for tie in ties:
        party, other = known[keys[tie.party]], known[keys[tie.other]]
        made = parties.relate(party, tie.kind, other, by=by, role=tie.role, since=tie.since)
        if tie.until:
            parties.end_relationship(made, by=by, until=tie.until)


def _tell(events: list[Event], keys: dict[str, int], users: dict[str, User]) -> None:
    """Record everything, author by author, as it was told at the time."""
    known = Party.objects.in_bulk(list(keys.values()))
    for author in (None, *users):
        told = [
            (event.kind, known[keys[event.party]], _telling(event))
            for event in events
            if event.by == author
        ]
        timeline.record_all(told, by=users[author] if author else None)


def _telling(event: Event) -> Telling:
    return Telling(event.subject, event.body, direction=event.direction, channel=event.channel,
                   occurred_at=event.at, data=event.data)  # fmt: skip


def _doubt(doubles: list[Double], keys: dict[str, int]) -> None:
    """Put those who are there twice into the queue, as a search would."""
    pairs = [Pair(keys[d.key], keys[d.again], d.probability, d.levels) for d in doubles]
    found = Found(sorted(pairs, key=lambda pair: pair.a), len(keys), model=None, looked_at=[])
    keep_pairs(PartyKind.PERSON, found)


def _set_back(everybody: dict[str, Somebody], keys: dict[str, int]) -> None:
    """Everything was entered on its own day, not today."""
    days = [everybody[key].since for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE parties_party p SET created_at = d.day + interval '9 hours',
                updated_at = GREATEST(d.day + interval '9 hours',
                    (SELECT max(occurred_at) FROM timeline_interaction WHERE party_id = p.id))
            FROM unnest(%s::bigint[], %s::date[]) AS d(id, day) WHERE p.id = d.id
            """,
            [list(keys.values()), days],
        )
        cursor.execute(
            """
            UPDATE timeline_interaction i SET recorded_at = occurred_at + interval '6 minutes'
            FROM parties_party p WHERE p.id = i.party_id AND p.is_demo
            """
        )
        cursor.execute(
            """
            UPDATE parties_relationship r SET since = COALESCE(r.since, p.created_at::date),
                                              created_at = p.created_at
            FROM parties_party p WHERE p.id = r.party_id AND p.is_demo
            """
        )
