"""How often something repeats: offered by the form, written to calendars and read back the same."""

import pytest
from django.utils import translation

from circulo.agenda import repeats
from circulo.agenda.models import Entry
from circulo.agenda.words import repetition_in_words, rule_in_words
from circulo.dav.tests.programs import Program
from circulo.testing.make import make_appointment, make_user

pytestmark = pytest.mark.django_db
SAID = {"title": "Cata", "kind": "meeting", "day": "2027-03-01", "time": "10:00",
        "end_time": "11:00", "priority": "normal"}  # fmt: skip
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
QUARTER = "FREQ=MONTHLY;INTERVAL=3"


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en", time_zone="Europe/Madrid")
    client.force_login(user)
    return user


@pytest.mark.parametrize("rule", [key for key in repeats.REPEATS if key])
def test_each_choice_goes_to_a_calendar_program_and_back_and_stays_chosen(client, admin, rule):
    said = SAID | {"owner": admin.opaque, "repeat": rule, "until": "2029-12-31"}
    assert client.post("/appointments/new", said).status_code == 302
    entry = Entry.objects.get()
    program = Program(admin)
    path = f"appointments/{entry.public_id}.ics"

    told = program.ask("GET", path).content.decode()
    changed = told.replace("SUMMARY:Cata", "SUMMARY:Otra")
    assert program.ask("PUT", path, changed).status_code == 204

    entry.refresh_from_db()
    assert (entry.title, repeats.without_end(entry.rule)) == ("Otra", rule)
    assert str(repeats.end_of(entry.rule)) == "2029-12-31"
    page = client.get(f"{entry.get_absolute_url()}/edit").content.decode()
    assert f'<option value="{rule}" selected>' in page


@pytest.mark.parametrize(
    ("rule", "offered"),
    [
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", WEEKDAYS),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=FR,TH,WE,TU,MO", WEEKDAYS),
        ("INTERVAL=3;FREQ=MONTHLY", QUARTER),
    ],
)
def test_what_another_program_wrote_in_other_words_is_the_same_choice(client, admin, rule, offered):
    entry = make_appointment(owner=admin, repeat=rule)
    kept = Entry.objects.get().rule

    choices = repeats.offered(kept)

    assert choices[kept] == repeats.REPEATS[offered]
    assert len(choices) == len(repeats.REPEATS)
    client.post(f"{entry.get_absolute_url()}/edit",
                SAID | {"owner": admin.opaque, "repeat": kept})  # fmt: skip
    assert Entry.objects.get().rule == kept


def test_another_rule_is_offered_beside_the_usual_ones(client, admin):
    choices = repeats.offered("FREQ=MONTHLY;INTERVAL=4")
    assert len(choices) == len(repeats.REPEATS) + 1
    assert choices["FREQ=MONTHLY;INTERVAL=4"] == "Cada 4 meses"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (QUARTER, "cada trimestre"),
        ("FREQ=MONTHLY;INTERVAL=6", "cada semestre"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "cada semana, de lunes a viernes"),
        ("FREQ=WEEKLY;BYDAY=FR,MO", "cada semana, lunes y viernes"),
    ],
)
def test_a_rule_reads_as_one_says_it(rule, words):
    with translation.override("es"):
        assert rule_in_words(rule) == words


@pytest.mark.parametrize(
    ("day", "rule", "words"),
    [
        ("2027-01-31", "FREQ=MONTHLY", "cada mes. Los meses sin día 31 se saltan"),
        ("2027-01-30", "FREQ=MONTHLY", "cada mes. Los meses sin día 30 se saltan"),
        ("2027-01-28", "FREQ=MONTHLY", "cada mes"),
        ("2027-01-31", "FREQ=MONTHLY;INTERVAL=6", "cada semestre"),
        ("2027-01-31", "FREQ=WEEKLY", "cada semana"),
        ("2028-02-29", "FREQ=YEARLY", "cada año. Los años sin 29 de febrero se saltan"),
    ],
)
def test_whoever_makes_a_series_is_told_which_times_it_leaves_out(client, admin, day, rule, words):
    said = SAID | {"kind": "call", "owner": admin.opaque, "day": day, "repeat": rule}
    client.post("/tasks/new", said)

    entry = Entry.objects.get()
    told = [one["text"] for one in client.session["circulo.toasts"]]
    assert any("are left out" in text for text in told) == ("se saltan" in words)
    with translation.override("es"):
        assert repetition_in_words(entry) == words
