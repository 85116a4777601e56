"""Nobody learns of what they may not see: every address and every call of the API, for every role.

A firm with two teams is made. Each contact, company, interaction, task, appointment, deal and file
carries a secret word. Every role then asks every address and every operation for records of its
own, of its team and of another team; no answer may hold the secret of a record out of reach, and no
attempt may change one.
"""

import fcntl
import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from http import HTTPStatus
from itertools import product
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from circulo.accounts.actions import add_token
from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.records.own import definitions
from circulo.testing.make import make_user
from circulo.testing.overheard import is_one_of, overheard
from circulo.testing.world_of_rights import CASES, SEES, WHOSE, WORD, World

pytestmark = pytest.mark.django_db

NOBODY = "zzzzzzzzzz"
SKIPPED = re.compile(r"^(logout|settings/security/end-others|live|demo/|password/)")


@dataclass(frozen=True)
class Place:
    """An address of the product, or an operation of its API, that is asked for identifiers."""

    pattern: str
    method: str = ""

    def paths(self, identifier: str) -> list[str]:
        if self.method:
            base = self.pattern if self.pattern.startswith("/api") else f"/api/v1{self.pattern}"
            if "{" in base:
                return [re.sub(r"{\w+}", identifier, base)]
            return [base, f"{base}?q={WORD}", f"{base}?limit=200"]
        values = {
            "column": "job_title",
            "kind": "party",
            "row": "x",
            "key": identifier,
            "field": "apunte",
            "number": "1",
        }
        of = "<(?:\\w+:)?(\\w+)>"
        return ["/" + re.sub(of, lambda place: values.get(place[1], identifier), self.pattern)]

    def answers(
        self, client: Client, identifier: str, record: dict[str, str], *, reads: bool = True,
        in_every_way: bool = True,
    ):  # fmt: skip
        """Each answer, and what was asked; without `reads` only what may change something, else
        `in_every_way` in which it can be asked for, or in one."""
        for path in self.paths(identifier)[: None if in_every_way else 1]:
            if not self.method:
                calls = _calls(client, path, record, reads=reads, in_every_way=in_every_way)
            else:
                calls = self._call(client, path, reads=reads)
            for answer, call in calls:
                yield answer, f"{call} {path}"

    def _call(self, client: Client, path: str, *, reads: bool):
        if self.method == "GET" and not reads:
            return
        said = "" if self.method == "GET" else json.dumps({"job_title": "Otro", "notes": "otras"})
        yield client.generic(self.method, path, said, "application/json"), self.method


def pages() -> list[Place]:
    """Every address of the product."""

    def walk(resolver, before=""):
        for pattern in resolver.url_patterns:
            where = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, where)
            elif not SKIPPED.match(where):
                yield Place(where)

    return list(walk(get_resolver()))


def operations(user: User) -> list[Place]:
    """Every operation of the API, those that change something last."""
    reader = Client()
    reader.force_login(user)
    described = reader.get("/api/v1/openapi.json").json()
    order = ("get", "post", "patch", "put", "delete")
    return [
        Place(path, method.upper())
        for path, operations in described["paths"].items()
        for method in order
        if method in operations
    ]


@dataclass(frozen=True)
class Found:
    """What an administrator finds at a place: whether it is read, and the kinds of record there.

    The first kind of all is among them in any case, to see that what is no record does no harm:
    where its identifiers stand for none that could be there, one of them does for all.
    """

    is_read: bool
    kinds: list[str]
    is_first_a_stranger: bool = False

    def kinds_for(self, whose: str) -> list[str]:
        """The kinds of this owner's records that are asked for."""
        return self.kinds[whose != WHOSE[0] and self.is_first_a_stranger :]


_found: dict[Place, Found] = {}


def look_around(places: list[Place], record: dict[str, str]) -> None:
    """Find, once, what is at each place.

    The processes of the tests tell each other what they found, each beginning somewhere else: to
    look everywhere takes as long as a role.
    """
    if all(place in _found for place in places):
        return
    begin = random.randrange(len(places))
    admin = make_user("admin")
    client = Client(headers={"Authorization": f"Bearer {add_token(admin)}"})
    client.force_login(admin)
    with (settings.HOME / "kinds-of-places.json").open("a+") as file:
        file.seek(0)
        for place in places[begin:] + places[:begin]:
            with _alone(file):
                _found.update(
                    {Place(*place): Found(*found) for place, found in map(json.loads, file)}
                )
            if place not in _found:
                _found[place] = _look_at(place, client, record)
                with _alone(file):
                    file.write(json.dumps([astuple(place), astuple(_found[place])]) + "\n")
                    file.flush()


@contextmanager
def _alone(file: IO[str]) -> Iterator[None]:
    """Have a file for oneself, from where one read last."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _look_at(place: Place, client: Client, record: dict[str, str]) -> Found:
    first, *others = record
    is_read = _is_there(place, client, record[first], record) is not None
    if place.paths("x") == place.paths("y"):
        return Found(is_read, [first])
    with overheard() as asked:
        _is_there(place, client, NOBODY, record, reads=is_read)
    fit = [kind for kind in record if not asked or is_one_of(asked, record[kind])]
    kinds = [k for k in others if k in fit
             and _is_there(place, client, record[k], record, reads=is_read)]  # fmt: skip
    return Found(is_read, [first, *kinds], first not in fit)


def _is_there(
    place: Place, client: Client, identifier: str, record: dict[str, str], *, reads: bool = True
) -> bool | None:
    """Whether it is there to read or, without `reads`, to act on; None where that is not done.

    Whatever was done is taken back.
    """
    with transaction.atomic():
        answers = place.answers(client, identifier, record, reads=reads or bool(place.method))
        answer, _call = next(answers)
        body_of(answer)
        transaction.set_rollback(True)
    definitions.forget()
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return None
    return bool(answer.status_code != HTTPStatus.NOT_FOUND)


def as_it_stands(whose: list[str], user: User) -> dict[str, str]:
    """What is kept of the parties of each owner, to see that nothing moved.

    One's own tasks are not looked at: whoever has some may do them, whatever their role.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT md5(string_agg(
                row(p, x.files, x.letters, x.points, x.ties, x.plans, x.known, x.deals,
                    x.quotes, x.leads)::text, '|'
                ORDER BY p.id)), w
            FROM unnest(%s::text[]) w
            JOIN parties_party p ON p.search LIKE '%%secreto' || w || 'zq%%',
            LATERAL (SELECT
                (SELECT jsonb_agg(a) FROM records_attachment a WHERE a.record_id = p.id) files,
                (SELECT jsonb_agg(l) FROM documents_letter l WHERE l.party_id = p.id) letters,
                (SELECT count(*) FROM parties_point o WHERE o.party_id = p.id) points,
                (SELECT count(*) FROM parties_relationship r WHERE r.party_id = p.id) ties,
                (SELECT string_agg(e::text, '' ORDER BY e.id) FROM agenda_entry e
                    WHERE e.party_id = p.id AND e.owner_id <> %s) plans,
                (SELECT string_agg(d::text, '' ORDER BY d.id) FROM sales_deal d
                    WHERE d.party_id = p.id AND d.owner_id <> %s) deals,
                (SELECT string_agg(q::text || COALESCE((SELECT string_agg(m::text, '')
                        FROM email_mail m WHERE m.about_id = q.id), ''), '' ORDER BY q.id)
                    FROM quotes_quote q
                    WHERE q.party_id = p.id AND q.owner_id <> %s) quotes,
                (SELECT string_agg(l::text, '' ORDER BY l.id) FROM leads_lead l
                    WHERE l.party_id = p.id AND l.owner_id <> %s) leads,
                (SELECT count(*) FROM needs_preference n
                 WHERE n.party_id = p.id AND n.ended_at IS NULL) known) x
            GROUP BY w
            """,
            [whose, user.pk, user.pk, user.pk, user.pk],
        )
        return {name: digest for digest, name in cursor.fetchall()}


def body_of(answer) -> bytes:
    """The whole of an answer: a file that is not read to its end stays open."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def leaks(world: World, answer) -> list[str]:
    """The secrets in an answer that this person may not know."""
    text = body_of(answer).decode("utf-8", "replace") + str(answer.headers)
    return [whose for whose in world.hidden if f"secreto{whose}zq" in text]


def faults_of(world: World, client: Client, places: list[Place]) -> list[str]:
    """Answers that broke down, told too much, or changed what is out of reach.

    Whoever may see everything cannot be told too much: such a person reads one record of each kind
    in one way, and tries to change one where they may change all.
    """
    before = as_it_stands(world.fixed, world.user)
    faults = []
    look_around(places, world.records[WHOSE[0]])
    for place, whose in product(places, WHOSE if world.hidden or world.fixed else WHOSE[:1]):
        record, found = world.records[whose], _found[place]
        is_named = place.paths("x") != place.paths("y")
        reads = found.is_read and (whose == WHOSE[0] or (is_named and bool(world.hidden)))
        for kind in found.kinds_for(whose):
            asked = place.answers(
                client, record[kind], record, reads=reads, in_every_way=bool(world.hidden)
            )
            for answer, call in asked:
                if answer.status_code >= 500:
                    faults.append(f"{call}: {answer.status_code}")
                faults += [f"{call} tells {w}" for w in leaks(world, answer)]
    if as_it_stands(world.fixed, world.user) != before:
        faults.append("Something out of reach was changed.")
    return faults


@pytest.mark.parametrize(("role", "change"), CASES)
def test_no_page_tells_or_changes_what_is_out_of_reach(firm, role, change):
    world = firm.seen_by(role, change)
    client = Client()
    client.force_login(world.user)
    assert not faults_of(world, client, pages())


@pytest.mark.parametrize(("role", "change"), CASES)
def test_no_call_of_the_api_tells_or_changes_what_is_out_of_reach(firm, role, change):
    world = firm.seen_by(role, change)
    client = Client(headers={"Authorization": f"Bearer {add_token(world.user)}"})
    assert not faults_of(world, client, operations(world.user))


def _calls(client: Client, path: str, record: dict[str, str], *, reads: bool, in_every_way: bool):
    searched: dict[str, str] = {
        "q": WORD,
        "filter": json.dumps({"field": "name", "op": "contains", "value": WORD}),
    }
    if reads:
        yield client.get(path, searched), "GET"
    if reads and in_every_way:
        swapped = client.get(path, {"q": WORD, "palette": "1"}, headers={"HX-Request": "true"})
        yield swapped, "GET by htmx"
    posted: dict[str, Any] = {
        "ids": list(record.values()),
        "every": "1",
        "name": WORD,
        "q": WORD,
        "body": "x",
    }
    yield client.post(path, posted), "POST"


@pytest.mark.parametrize(("role", "change"), CASES)
def test_lists_count_only_what_is_within_reach(firm, role, change):
    world = firm.seen_by(role, change)
    client = Client(headers={"Authorization": f"Bearer {add_token(world.user)}"})
    for name in ("contacts", "companies"):
        answer = client.get(f"/api/v1/{name}", {"q": WORD})
        if not world.sees and answer.status_code == 403:
            continue
        found = answer.json()
        assert (len(found["items"]), found["count"]) == (len(world.sees), len(world.sees))


def test_every_role_is_tried():
    assert set(SEES) == {role.value for role in RoleName}
