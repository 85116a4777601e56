"""Real programs on the product as it runs: the caldav library, and Radicale asked the same."""

import base64
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import caldav
import pytest
import requests

from circulo.accounts.actions import add_token
from circulo.agenda.models import Entry
from circulo.dav.tests.programs import SPACES, card, d, event, responses, todo
from circulo.parties.models import Party
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Door:
    """A server with somebody's home on it."""

    base: str
    home: str
    user: str
    secret: str

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, f"{self.base}{self.home}{path}", data=body.encode(), headers=named,
            auth=(self.user, self.secret), timeout=20, allow_redirects=False,
        )  # fmt: skip


@pytest.fixture
def ours(site: str) -> Door:
    user = make_user(language="en")
    token = add_token(user)
    return Door(site, f"/dav/{user.opaque}/", user.email, token)


@pytest.fixture
def theirs(tmp_path) -> Iterator[Door]:
    """Radicale, with collections of the same names."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    options = ["--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--logging-level",
               "error", "--storage-filesystem-folder", str(tmp_path)]  # fmt: skip
    door = Door(f"http://127.0.0.1:{port}", "/ana/", "ana", "x")
    quiet = {"cwd": tmp_path, "env": {**os.environ, "RADICALE_CONFIG": ""}}
    process = subprocess.Popen([sys.executable, "-m", "radicale", *options], **quiet)
    try:
        _wait_for(door)
        for name, component in (("appointments", "VEVENT"), ("tasks", "VTODO")):
            said = f'<C:supported-calendar-component-set><C:comp name="{component}"/>'
            said += "</C:supported-calendar-component-set>"
            kind = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
            _make(door, name, kind + said)
        _make(door, "contacts", "<D:resourcetype><D:collection/><CR:addressbook/></D:resourcetype>")
        yield door
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(door: Door) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            door.ask("OPTIONS", "")
            return
        time.sleep(0.1)


def _make(door: Door, name: str, props: str) -> None:
    body = f"<D:mkcol {SPACES}><D:set><D:prop>{props}</D:prop></D:set></D:mkcol>"
    assert door.ask("MKCOL", f"{name}/", body).status_code == 201


def test_a_calendar_program_finds_makes_changes_searches_and_deletes(ours):
    client = caldav.DAVClient(f"{ours.base}/dav/", username=ours.user, password=ours.secret)
    calendars = {one.name: one for one in client.principal().calendars()}
    assert len(calendars) == 2
    appointments, tasks = (calendars[name] for name in sorted(calendars))

    said = ("DTSTART:20270310T090000Z", "DTEND:20270310T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
    appointments.save_event(event("cata@program", *said))
    span = {"start": datetime(2027, 3, 16, tzinfo=UTC), "end": datetime(2027, 3, 18, tzinfo=UTC)}
    (found,) = appointments.search(event=True, **span)
    assert Entry.objects.get().title == "Cata"
    (expanded,) = appointments.search(event=True, expand=True, **span)
    assert expanded.icalendar_component["DTSTART"].dt == datetime(2027, 3, 17, 9, tzinfo=UTC)
    found.icalendar_component["SUMMARY"] = "Cata de vinos"
    found.save()
    assert Entry.objects.get().title == "Cata de vinos"
    assert appointments.event_by_uid("cata@program").icalendar_component["SUMMARY"] == (
        "Cata de vinos")  # fmt: skip

    tasks.save_todo(todo("task@program", "DUE;VALUE=DATE:20270301"))
    (task,) = tasks.todos()
    task.complete()
    assert tasks.todos() == [] and len(tasks.todos(include_completed=True)) == 1
    assert Entry.objects.tasks().get().state == "done"

    known = appointments.objects_by_sync_token()
    appointments.event_by_uid("cata@program").delete()
    changed = list(appointments.objects_by_sync_token(known.sync_token))
    assert len(list(known)) == 1 and len(changed) == 1
    assert appointments.events() == []
    assert Entry.objects.appointments().get().state == "dropped"


def test_an_address_book_program_works_as_a_phone_does(ours):
    """The requests of DAVx⁵, in its order."""
    told = ours.ask("OPTIONS", "contacts/")
    assert "addressbook" in told.headers["DAV"]
    props = "<D:resourcetype/><D:displayname/><CS:getctag/><D:sync-token/><CR:max-resource-size/>"
    body = f"<D:propfind {SPACES}><D:prop>{props}</D:prop></D:propfind>"
    assert ours.ask("PROPFIND", "", body, Depth="1").status_code == 207
    put = ours.ask("PUT", "contacts/abc.vcf", card("abc", "TEL:612345678"), If_None_Match="*",
                   Content_Type="text/vcard; charset=utf-8")  # fmt: skip
    assert put.status_code == 201 and Party.objects.filter(owner__email=ours.user).count() == 1

    first, token = _changes(ours, "contacts/", "")
    assert list(first) == [f"{ours.home}contacts/abc.vcf"]
    etag = ours.ask("GET", "contacts/abc.vcf").headers["ETag"]
    assert ours.ask("DELETE", "contacts/abc.vcf", If_Match='"other"').status_code == 412
    assert ours.ask("DELETE", "contacts/abc.vcf", If_Match=etag).status_code == 204
    second, _token = _changes(ours, "contacts/", token)
    assert second[f"{ours.home}contacts/abc.vcf"].status == "HTTP/1.1 404 Not Found"
    assert Party.objects.get().binned_at


def test_a_body_in_pieces_is_read_to_its_end(ours):
    said = event().encode()
    pieces = (said[at : at + 50] for at in range(0, len(said), 50))

    answer = requests.put(f"{ours.base}{ours.home}appointments/x.ics", data=pieces, timeout=20,
                          auth=(ours.user, ours.secret))  # fmt: skip

    assert answer.status_code == 201 and Entry.objects.get().title == "Cata"


def _changes(door: Door, collection: str, token: str):
    inside = f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
    body = f"<D:sync-collection {SPACES}>{inside}<D:prop><D:getetag/></D:prop></D:sync-collection>"
    answer = door.ask("REPORT", collection, body)
    assert answer.status_code == 207
    return responses(answer.content), re.findall("sync-token>([^<]+)<", answer.text)[-1]


def _propfind(*names: str) -> str:
    inside = "".join(f"<{name}/>" for name in names)
    return f"<D:propfind {SPACES}><D:prop>{inside}</D:prop></D:propfind>"


def _query(component: str, inside: str = "") -> str:
    return (
        f"<C:calendar-query {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>"
        f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="{component}">{inside}'
        "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    )


SPAN = '<C:time-range start="20270310T000000Z" end="20270311T000000Z"/>'
SERIES = event("s@phone", "DTSTART:20270303T090000Z", "DTEND:20270303T100000Z",
               "RRULE:FREQ=WEEKLY;COUNT=3", title="Serie")  # fmt: skip
FN = (
    f"<CR:addressbook-query {SPACES}><D:prop><D:getetag/></D:prop><CR:filter>"
    '<CR:prop-filter name="FN"><CR:text-match>Ana</CR:text-match></CR:prop-filter></CR:filter>'
    "</CR:addressbook-query>"
)
# What is asked of both, one after the other: method, path, body, headers.
DIALOGUE = [
    ("PUT", "appointments/one.ics", event(), {"If-None-Match": "*"}),
    ("PUT", "appointments/one.ics", event(), {"If-None-Match": "*"}),
    ("PUT", "appointments/one.ics", event(), {"If-Match": '"other"'}),
    ("PUT", "appointments/twin.ics", event(), {}),
    ("PUT", "appointments/series.ics", SERIES, {}),
    ("PUT", "tasks/two.ics", todo("two@phone", "DUE:20270310T100000Z"), {}),
    ("PUT", "tasks/some.ics", todo("some@phone"), {}),
    ("PUT", "contacts/three.vcf", card(), {}),
    ("GET", "appointments/one.ics", "", {}),
    ("HEAD", "appointments/one.ics", "", {}),
    ("GET", "appointments/nothing.ics", "", {}),
    ("DELETE", "appointments/nothing.ics", "", {}),
    ("DELETE", "appointments/one.ics", "", {"If-Match": '"other"'}),
    ("PROPFIND", "appointments/", _propfind("D:getetag", "D:x"), {"Depth": "1"}),
    ("PROPFIND", "appointments/", _propfind("D:resourcetype", "D:sync-token", "CS:getctag",
     "C:supported-calendar-component-set"), {"Depth": "0"}),
    ("PROPFIND", "tasks/", _propfind("D:resourcetype", "D:owner", "D:nothing"), {"Depth": "0"}),
    ("PROPFIND", "contacts/", _propfind("D:resourcetype", "D:getetag"), {"Depth": "1"}),
    ("PROPFIND", "", _propfind("D:current-user-principal", "C:calendar-home-set",
     "CR:addressbook-home-set", "D:resourcetype"), {"Depth": "0"}),
    ("PROPFIND", "nothing/", _propfind("D:getetag"), {"Depth": "0"}),
    ("PROPFIND", "appointments/", "<a", {"Depth": "0"}),
    ("REPORT", "appointments/", _query("VEVENT"), {"Depth": "1"}),
    ("REPORT", "appointments/", _query("VEVENT", SPAN), {"Depth": "1"}),
    ("REPORT", "appointments/", _query("VTODO"), {"Depth": "1"}),
    ("REPORT", "tasks/", _query("VTODO", SPAN), {"Depth": "1"}),
    ("REPORT", "tasks/", _query("VTODO",
     '<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>'), {"Depth": "1"}),
    ("REPORT", "contacts/", FN, {"Depth": "1"}),
    ("REPORT", "contacts/", FN.replace("Ana", "Eva"), {"Depth": "1"}),
    ("REPORT", "appointments/", f"<D:sync-collection {SPACES}><D:sync-token>urn:x</D:sync-token>"
     "<D:prop><D:getetag/></D:prop></D:sync-collection>", {}),
    ("DELETE", "appointments/one.ics", "", {}),
    ("GET", "appointments/one.ics", "", {}),
]  # fmt: skip
# Both refuse a second thing of one UID, but not by the same status.
ALIKE = {400: {400}, 403: {403, 409}, 404: {404}, 409: {403, 409}, 412: {412}}


def _shape(door: Door, answer: requests.Response):
    """What both should say alike: whose members, and which properties of each are there.

    Radicale gives collections an ETag too; ours have a sync-token for that.
    """
    if answer.status_code != 207:
        return None
    found = {}
    for path, told in responses(answer.content).items():
        left_out = {d("getetag")} if path.endswith("/") else set()
        known = (set(told.there) - left_out, set(told.missing) - left_out, told.status)
        found[path.removeprefix(door.home)] = known
    return found


def test_radicale_answers_the_same_requests_alike(ours, theirs):
    differing = []
    for method, path, body, headers in DIALOGUE:
        said = {name.replace("-", "_"): value for name, value in headers.items()}
        here, there = (door.ask(method, path, body, **said) for door in (ours, theirs))
        alike = ALIKE.get(there.status_code, {there.status_code})
        alike |= {201, 204} if there.status_code in (200, 201, 204) and method != "GET" else set()
        if here.status_code not in alike:
            differing.append((method, path, here.status_code, there.status_code))
        elif _shape(ours, here) != _shape(theirs, there):
            differing.append((method, path, _shape(ours, here), _shape(theirs, there)))
    assert not differing, "\n".join(map(str, differing))


def test_the_secret_is_sent_as_programs_send_it(ours):
    said = base64.b64encode(f"{ours.user.upper()}:{ours.secret}".encode()).decode()
    answer = requests.request("PROPFIND", f"{ours.base}/dav", timeout=20,
                              headers={"Authorization": f"basic {said}", "Depth": "0"})  # fmt: skip
    assert answer.status_code == 207
    away = requests.request("PROPFIND", f"{ours.base}/.well-known/caldav", timeout=20,
                            allow_redirects=False)  # fmt: skip
    assert (away.status_code, away.headers["Location"]) == (301, "/dav/")
