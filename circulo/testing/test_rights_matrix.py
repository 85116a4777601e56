"""Nobody learns of what they may not see: every address and every call of the API, for every role.

A firm with two teams is made. Each contact, company, interaction, task, appointment, deal and file
carries a secret word. Every role then asks every address and every operation for records of its
own, of its team and of another team; no answer may hold the secret of a record out of reach, and no
attempt may change one.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role, User
from circulo.accounts.rights import RoleName
from circulo.documents.models import Letter, Mailing
from circulo.lib import ids
from circulo.needs.actions import begin_interview
from circulo.needs.models import Interview, Topic
from circulo.parties.actions import relate
from circulo.parties.models import Party
from circulo.records.actions import attach
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.saved_views import save_view
from circulo.records.own import definitions
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_deal,
    make_interaction,
    make_interview,
    make_preference,
    make_price_list,
    make_price_rule,
    make_product,
    make_task,
    make_team,
    make_template,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

WHOSE = ("own", "team", "others")
# What each role sees by default, said here once more and on purpose.
SEES = {
    "admin": WHOSE,
    "manager": ("own", "team"),
    "seller": ("own", "team"),
    "agent": WHOSE,
    "marketer": WHOSE,
    "analyst": WHOSE,
    "auditor": WHOSE,
    "treasurer": WHOSE,
}
EDITS = {
    "admin": WHOSE,
    "manager": ("own", "team"),
    "seller": ("own",),
    "agent": WHOSE,
    "marketer": ("own", "team"),
    "analyst": (),
    "auditor": (),
    "treasurer": ("own",),
}
CHANGED = {"own only": {"view": "own", "edit": "own"}, "nothing": {"view": "none", "edit": "none"}}
CASES = [(role, "") for role in SEES] + [("seller", change) for change in CHANGED]
SKIPPED = re.compile(r"^(logout|settings/security/end-others|live|demo/|password/)")
WORD = "hallazgo"  # every record is found by it; its secret is another word


@dataclass
class World:
    """Who asks, and the records of each owner."""

    user: User
    records: dict[str, dict[str, str]]

    sees: tuple[str, ...]
    edits: tuple[str, ...]

    @property
    def hidden(self) -> list[str]:
        """Whose records are out of reach."""
        return [whose for whose in WHOSE if whose not in self.sees]

    @property
    def fixed(self) -> list[str]:
        """Whose records this person may not change."""
        return [whose for whose in WHOSE if whose not in self.edits]


def a_world(role: str, change: str) -> World:
    norte, sur = make_team("Norte"), make_team("Sur")
    if change:
        rights = {kind: CHANGED[change] for kind in ("contacts", "companies", "tasks", "deals")}
        Role.objects.filter(pk=role).update(rights=rights)
    user = make_user(role, team=norte)
    add_field("contacts", "text", {"label_es": "Apunte", "is_searchable": True}, by=None)
    owners = {"own": user, "team": make_user(team=norte), "others": make_user(team=sur)}
    records = {whose: _records(owner, f"secreto{whose}zq") for whose, owner in owners.items()}
    sees = {"": SEES[role], "own only": ("own",), "nothing": ()}[change]
    edits = {"": EDITS[role], "own only": ("own",), "nothing": ()}[change]
    user = User.objects.select_related("role", "team").get(pk=user.pk)
    return World(user, records, sees, edits)


def _records(owner: User, secret: str) -> dict[str, str]:
    said = {
        "emails": [f"{secret}@example.com"],
        "phones": ["612345678"],
        "notes": secret,
        "tags": [secret],
        "addresses": [{"city": secret, "country": "ES"}],
    }
    company = make_company(owner=owner, name=f"{WORD} {secret}", **said)
    contact = make_contact(
        owner=owner, given_name=WORD, first_surname=secret, company=company,
        custom={"apunte": secret}, **said
    )  # fmt: skip
    told = make_interaction(party=contact, by=owner, subject=f"{WORD} {secret}", body=secret)
    tie = relate(contact, "member_of", company, by=owner, role=secret)
    upload = SimpleUploadedFile(f"{secret}.txt", secret.encode())
    (file,) = attach("party", contact.pk, [upload], by=owner)
    task = make_task(owner=owner, party=contact, title=f"{WORD} {secret}", notes=secret,
                     due_on=timezone.localdate())  # fmt: skip
    meeting = make_appointment(owner=owner, party=contact, title=f"{WORD} {secret}", place=secret)
    letter = Letter.objects.create(
        party=contact, subject=secret, body=secret, by=owner, written_on=date(2026, 3, 4)
    )
    Letter.objects.filter(pk=letter.pk).update(file=file)
    # What belongs to a person and not to a party: a secret of those of another team alone.
    theirs = secret if "others" in secret else WORD
    template = make_template(by=owner, name=theirs, body=theirs, sharing="team")
    mailing = Mailing.objects.create(what="labels", keys=[contact.pk], by=owner, error=theirs,
                                     state="failed")  # fmt: skip
    view = save_view("contacts", theirs, {"sharing": "team", "search": theirs}, by=owner)
    wine = Topic.objects.first() or make_topic()
    make_preference(party=company, by=owner, value=secret)
    known = make_preference(wine, "red", party=contact, by=owner)
    liked = make_preference(party=contact, by=owner, value=secret)
    interview = Interview.objects.first() or make_interview(wine, make_topic("text"))
    sitting = begin_interview(contact, interview, by=owner)
    return {
        **_deal(company, contact, secret),
        "preference": known.public_id,
        "liked": liked.public_id,
        "sitting": sitting.public_id,
        "topic": wine.public_id,
        "interview": interview.public_id,
        "task": task.public_id,
        "appointment": meeting.public_id,
        "file": file.public_id,
        "letter": letter.public_id,
        "template": template.public_id,
        "mailing": mailing.public_id,
        "view": view.public_id,
        "party": contact.public_id,
        "company": company.public_id,
        "interaction": told.public_id,
        "relationship": ids.encode("relationship", tie.pk),
        "attachment": ids.encode("attachment", file.pk),
        "price_rule": make_price_rule(party=contact.public_id, by=owner).public_id,
        "product": make_product(by=owner).public_id,
        "price_list": make_price_list(by=owner).public_id,
    }


def _deal(company: Party, contact: Party, secret: str) -> dict[str, str]:
    deal = make_deal(owner=company.owner, party=company, title=f"{WORD} {secret}", notes=secret,
                     people=[{"party": contact.public_id}], rivals=[{"name": secret}])  # fmt: skip
    return {"deal": deal.public_id, "stage": deal.stage.public_id}


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
        self, client: Client, identifier: str, record: dict[str, str], *, reads: bool = True
    ):
        """Each answer, and what was asked; without `reads` only what may change something."""
        for path in self.paths(identifier):
            if not self.method:
                calls = _calls(client, path, record, reads=reads)
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


_kinds: dict[Place, list[str]] = {}


def find_kinds(places: list[Place], record: dict[str, str]) -> None:
    """Find, once, the kinds of record that an administrator sees at each place.

    The first kind is among them in any case, to see that what is no record there does no harm.
    """
    if not (unknown := [place for place in places if place not in _kinds]):
        return
    admin = make_user("admin")
    client = Client(headers={"Authorization": f"Bearer {add_token(admin)}"})
    client.force_login(admin)
    first, *others = record
    for place in unknown:
        is_of_a_record = place.paths("x") != place.paths("y")
        found = [
            kind for kind in others if is_of_a_record and _is_found(place, client, kind, record)
        ]
        _kinds[place] = [first, *found]


def _is_found(place: Place, client: Client, kind: str, record: dict[str, str]) -> bool:
    """Whether one of this kind is there to read or, where nothing is read, to act on.

    Whatever that did is taken back.
    """
    with transaction.atomic():
        for answer, _call in place.answers(client, record[kind], record):
            body_of(answer)
            if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                break
        transaction.set_rollback(True)
    definitions.forget()
    return answer.status_code not in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)


def as_it_stands(whose: list[str], user: User) -> dict[str, str]:
    """What is kept of the parties of each owner, to see that nothing moved.

    One's own tasks are not looked at: whoever has some may do them, whatever their role.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT md5(string_agg(
                row(p, x.files, x.letters, x.points, x.ties, x.plans, x.known, x.deals)::text, '|'
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
                (SELECT count(*) FROM needs_preference n
                 WHERE n.party_id = p.id AND n.ended_at IS NULL) known) x
            GROUP BY w
            """,
            [whose, user.pk, user.pk],
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

    Whoever may see everything cannot be told too much: such a person reads one record of each kind,
    and tries to change one where they may change all.
    """
    before = as_it_stands(world.fixed, world.user)
    faults = []
    find_kinds(places, world.records[WHOSE[0]])
    for place, whose in product(places, WHOSE if world.hidden or world.fixed else WHOSE[:1]):
        record, reads = world.records[whose], bool(world.hidden) or whose == WHOSE[0]
        for kind in _kinds[place]:
            for answer, call in place.answers(client, record[kind], record, reads=reads):
                if answer.status_code >= 500:
                    faults.append(f"{call}: {answer.status_code}")
                faults += [f"{call} tells {w}" for w in leaks(world, answer)]
    if as_it_stands(world.fixed, world.user) != before:
        faults.append("Something out of reach was changed.")
    return faults


@pytest.mark.parametrize(("role", "change"), CASES)
def test_no_page_tells_or_changes_what_is_out_of_reach(role, change):
    world = a_world(role, change)
    client = Client()
    client.force_login(world.user)
    assert not faults_of(world, client, pages())


@pytest.mark.parametrize(("role", "change"), CASES)
def test_no_call_of_the_api_tells_or_changes_what_is_out_of_reach(role, change):
    world = a_world(role, change)
    client = Client(headers={"Authorization": f"Bearer {add_token(world.user)}"})
    assert not faults_of(world, client, operations(world.user))


def _calls(client: Client, path: str, record: dict[str, str], *, reads: bool):
    searched: dict[str, str] = {
        "q": WORD,
        "filter": json.dumps({"field": "name", "op": "contains", "value": WORD}),
    }
    if reads:
        yield client.get(path, searched), "GET"
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
def test_lists_count_only_what_is_within_reach(role, change):
    world = a_world(role, change)
    client = Client(headers={"Authorization": f"Bearer {add_token(world.user)}"})
    for name in ("contacts", "companies"):
        answer = client.get(f"/api/v1/{name}", {"q": WORD})
        if not world.sees and answer.status_code == 403:
            continue
        found = answer.json()
        assert (len(found["items"]), found["count"]) == (len(world.sees), len(world.sees))


def test_every_role_is_tried():
    assert set(SEES) == {role.value for role in RoleName}
