import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from circulo.records.models import Attachment
from circulo.testing.make import make_contact, make_interaction, make_team, make_user
from circulo.timeline import actions
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import BY_HAND, Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


def log(client, party, htmx=True, **said):
    headers = {"HX-Request": "true"} if htmx else {}
    said = {"kind": "note", "once": "k1"} | said
    return client.post(reverse("timeline:log", args=[party.public_id]), said, headers=headers)


def test_a_call_is_logged_with_its_minutes_and_end_and_comes_back_on_the_timeline(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    answer = log(client, party, kind="call", direction="in", minutes="6", outcome="reached",
                 text="Asks <b>when</b>")  # fmt: skip

    told = Interaction.objects.get()
    page = answer.content.decode()
    assert (told.kind, told.direction, told.by) == (Kind.CALL, "in", seller)
    assert told.data == {"minutes": 6, "outcome": "reached"}
    assert "Asks &lt;b&gt;when" in page and f'id="i-{told.public_id}"' in page
    assert 'id="composer"' in page and "hx-swap-oob" in page


def test_every_kind_that_is_logged_by_hand_can_be(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    for kind in BY_HAND:
        assert log(client, party, kind=kind, text="x", once=kind).status_code == 200

    assert {told.kind for told in Interaction.objects.all()} == set(BY_HAND)


def test_a_double_click_counts_once(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    log(client, party, text="once")
    log(client, party, text="once")
    log(client, party, text="once", once="k2")

    assert Interaction.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_count_once():
    seller = make_user()
    party = make_contact(owner=seller)
    told, barrier = [], threading.Barrier(4)

    def log_it():
        barrier.wait()
        telling = Telling(body="x", source_key="log:1:same")
        told.append(actions.log(Kind.NOTE, party=party, by=seller, telling=telling).pk)
        connection.close()

    threads = [threading.Thread(target=log_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 4 and len(set(told)) == 1


def test_without_script_it_goes_back_to_the_page(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    answer = log(client, party, htmx=False, text="A note")

    assert (answer.status_code, answer.url) == (302, party.get_absolute_url())
    assert "A note" in client.get(party.get_absolute_url()).content.decode()


def test_what_happened_earlier_is_logged_for_then_and_privately_if_asked(client):
    team = make_team()
    seller, mate = make_user(team=team), make_user(team=team)
    party = make_contact(owner=seller)
    client.force_login(seller)

    log(client, party, text="Secret", when="2026-01-05T10:30", is_private="on")

    told = Interaction.objects.get()
    assert timezone.localtime(told.occurred_at).strftime("%d.%m. %H:%M") == "05.01. 10:30"
    client.force_login(mate)
    assert "Secret" not in client.get(party.get_absolute_url()).content.decode()
    assert client.get(f"/interactions/{told.public_id}").status_code == 404


def test_files_come_along_and_are_shown(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)
    files = [SimpleUploadedFile("offer.pdf", b"%PDF-1.7"), SimpleUploadedFile("b.txt", b"b")]

    answer = log(client, party, files=files)

    told = Interaction.objects.get()
    assert Attachment.objects.filter(record_kind="interaction", record_id=told.pk).count() == 2
    assert "offer.pdf" in answer.content.decode()
    assert "offer.pdf" in client.get(party.get_absolute_url()).content.decode()


@pytest.mark.parametrize("said", [
    {"text": ""}, {"kind": "nonsense", "text": "x"}, {"text": "\0"}, {"text": "x" * 200_001},
    {"text": "x", "when": "2999-01-01T10:00"}, {"text": "x", "when": "0001-01-01T00:00"},
    {"text": "x", "when": "rubbish"}, {"text": "x", "minutes": "-3"}, {"text": "x", "minutes": "e"},
    {"text": "x", "subject": "y" * 301}, {"text": "x", "direction": "up"},
])  # fmt: skip
def test_what_cannot_be_is_refused_and_the_text_stays(client, said):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    answer = log(client, party, **said)

    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert log(client, party, htmx=False, **said).status_code == 422
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("role,status", [
    ("seller", 200), ("agent", 200), ("treasurer", 200), ("auditor", 403), ("analyst", 403),
])  # fmt: skip
def test_only_roles_that_may_log_log(client, role, status):
    team = make_team()
    party = make_contact(owner=make_user(team=team))
    client.force_login(make_user(role, team=team))

    assert log(client, party, text="x").status_code == status


def test_with_whom_one_may_not_see_nothing_is_logged_or_read(client):
    told = actions.record(Kind.NOTE, party=make_contact(owner=make_user(team=make_team())), by=None)
    client.force_login(make_user(team=make_team()))

    assert log(client, told.party, text="x").status_code == 404
    assert client.get(reverse("timeline:timeline", args=[told.party.public_id])).status_code == 404
    assert client.get(f"/interactions/{told.public_id}").status_code == 404


def test_older_pages_follow_by_key_without_gap_or_repetition(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)
    now = timezone.now()
    for number in range(60):
        telling = Telling(subject=f"nr{number}.", occurred_at=now - timedelta(hours=number // 3))
        actions.record(Kind.NOTE, party=party, by=seller, telling=telling)

    seen, url = [], party.get_absolute_url()
    while url:
        page = client.get(url).content.decode().split("</main>")[0]
        seen += [part.split(".")[0] for part in page.split("<strong>nr")[1:]]
        after = page.split('class="more-history"')[1:]
        url = after[0].split('href="')[1].split('"')[0].replace("&amp;", "&") if after else ""

    assert len(seen) == 60 and set(seen) == {str(number) for number in range(60)}


@pytest.mark.parametrize("query", [
    "before=x", "before=~", "before=2026-01-01~aaaaaaaaaa", "since=%00", "group=none",
    "before=9999-12-31T23:59:59%2B00:00~0000000000", "group=sales&since=", "before=",
])  # fmt: skip
def test_any_address_of_a_history_answers(client, query):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    for headers in ({}, {"HX-Request": "true"}):
        url = reverse("timeline:timeline", args=[party.public_id])
        assert client.get(f"{url}?{query}", headers=headers).status_code == 200
    assert client.get(f"{party.get_absolute_url()}?{query}").status_code == 200


def test_a_renewed_history_begins_where_the_shown_one_did(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)
    for number in range(30):
        actions.record(Kind.NOTE, party=party, by=seller, telling=Telling(subject=f"nr{number}."))
    page = client.get(party.get_absolute_url()).content.decode()
    mark = page.split('name="since" value="')[1].split('"')[0]

    actions.record(Kind.NOTE, party=party, by=seller, telling=Telling(subject="nr-new."))
    url = reverse("timeline:timeline", args=[party.public_id])
    fresh = client.get(url, {"since": mark}, headers={"HX-Request": "true"}).content.decode()

    assert "nr-new." in fresh and fresh.count("<strong>nr") == 26


def test_a_history_shows_whatever_a_program_kept_with_an_interaction(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    make_interaction(party=party, by=seller, subject="Raro", data={"outcome": [], "state": {}})

    assert "Raro" in client.get(party.get_absolute_url()).content.decode()
