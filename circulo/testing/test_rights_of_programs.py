"""Nobody learns of what they may not see through calendars and address books either.

In the same firm as for every address, every role's program asks every collection for everybody's
records, by every method, under its own home and under a colleague's.
"""

import base64
from itertools import product

import pytest
from django.test import Client

from circulo.accounts.actions import add_token
from circulo.accounts.models import User
from circulo.testing.test_rights_matrix import as_it_stands, leaks
from circulo.testing.world_of_rights import CASES, WHOSE, WORD, World

pytestmark = pytest.mark.django_db

COLLECTIONS = {"appointments": ".ics", "tasks": ".ics", "contacts": ".vcf", "directory": ".vcf"}
KINDS = ("party", "company", "task", "appointment", "interaction")
METHODS = ("GET", "PROPFIND", "PUT", "DELETE")
HELD = {"appointments": ("appointment",), "tasks": ("task",)}  # the others hold parties
DAV = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
CARDS = 'xmlns:CR="urn:ietf:params:xml:ns:carddav"'
ALL_OF_IT = "<D:prop><D:getetag/><C:calendar-data/><CR:address-data/></D:prop>"
A_CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Otro;Ana;;;\r\nFN:Ana Otro\r\nEND:VCARD\r\n"
A_TIME = "UID:{uid}\r\nSUMMARY:Otra\r\nDTSTART:20270310T090000Z\r\n"


def _bodies_of(home: str, collection: str, names: list[str]) -> list[tuple[str, str]]:
    """What a program asks of a whole collection."""
    hrefs = "".join(f"<D:href>{home}{collection}/{name}</D:href>" for name in names)
    sought = f"<CR:text-match>{WORD}</CR:text-match>"
    component = "VEVENT" if collection == "appointments" else "VTODO"
    inside = {
        "C:calendar-multiget": hrefs,
        "CR:addressbook-multiget": hrefs,
        "C:calendar-query": '<C:filter><C:comp-filter name="VCALENDAR">'
        f'<C:comp-filter name="{component}"/></C:comp-filter></C:filter>',
        "CR:addressbook-query": f'<CR:filter><CR:prop-filter name="FN">{sought}</CR:prop-filter>'
        "</CR:filter>",
        "D:sync-collection": "<D:sync-token/>",
        "C:free-busy-query": '<C:time-range start="20260101T000000Z" end="20290101T000000Z"/>',
    }
    reports = [("REPORT", f"<{name} {DAV} {CARDS}>{ALL_OF_IT}{said}</{name}>")
               for name, said in inside.items()]  # fmt: skip
    return [("PROPFIND", f"<D:propfind {DAV} {CARDS}>{ALL_OF_IT}</D:propfind>"), *reports]


def _calls_of_programs(client: Client, user: User, world: World):
    """Every request that a calendar or address-book program can make, for everybody's records.

    What a collection cannot hold is only looked for there, and tried to be deleted: its name stands
    for nothing, whoever it belongs to, so one of each kind does.
    """
    named = [(whose, kind, world.records[whose][kind]) for whose in WHOSE for kind in KINDS]
    other = User.objects.exclude(pk=user.pk).latest("pk")
    homes = [f"/dav/{user.opaque}/", f"/dav/{other.opaque}/"]
    for home, (collection, suffix) in product(homes, COLLECTIONS.items()):
        names = [f"{identifier}{suffix}" for _whose, _kind, identifier in named]
        for method, body in _bodies_of(home, collection, names):
            yield client.generic(method, f"{home}{collection}/", body, headers={"Depth": "1"})
        held = HELD.get(collection, ("party", "company"))
        for (whose, kind, _identifier), name in zip(named, names, strict=True):
            if kind not in held and whose != WHOSE[0]:
                continue
            component = "VEVENT" if collection == "appointments" else "VTODO"
            plan = f"BEGIN:{component}\r\n{A_TIME.format(uid=name)}END:{component}\r\n"
            plan = f"BEGIN:VCALENDAR\r\n{plan}END:VCALENDAR\r\n"
            for method in METHODS if kind in held else ("GET", "DELETE"):
                body = (plan if suffix == ".ics" else A_CARD) if method == "PUT" else ""
                yield client.generic(method, f"{home}{collection}/{name}", body,
                                     headers={"Depth": "0"})  # fmt: skip


@pytest.mark.parametrize(("role", "change"), CASES)
def test_no_calendar_or_address_book_tells_or_changes_what_is_out_of_reach(firm, role, change):
    world = firm.seen_by(role, change)
    said = base64.b64encode(f"{world.user.email}:{add_token(world.user)}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {said}"})
    before = as_it_stands(world.fixed, world.user)
    faults, states = [], set()

    for answer in _calls_of_programs(client, world.user, world):
        request = f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']}"
        states.add(answer.status_code)
        if answer.status_code >= 500:
            faults.append(f"{request}: {answer.status_code}")
        faults += [f"{request} tells {whose}" for whose in leaks(world, answer)]

    assert not faults
    assert {200, 207, 404} <= states or change
    assert as_it_stands(world.fixed, world.user) == before
