"""Interactions from tables and mailboxes."""

from pathlib import Path

import pytest

from circulo.lib.readers import writers
from circulo.lib.readers.tests.reference import reference
from circulo.parties.models import Party
from circulo.records.actions import loads, running
from circulo.records.load_types import load_types
from circulo.records.models import Attachment, Load
from circulo.testing.make import make_company, make_contact, make_interaction, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


def load_of(path: Path, *, by=None, **options) -> Load:
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, "interactions", by=by)
    return running.run_load(loads.map_columns(load, options=options))


def counts(load: Load) -> tuple[int, int, int, int]:
    return load.created, load.updated, load.skipped, load.refused


def given(tmp_path: Path, text: str, name: str = "given.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def mail(sender: str, to: str, number: int = 1) -> str:
    return (
        f"From: {sender}\nTo: {to}\nSubject: Hola {number}\nMessage-ID: <{number}@x.es>\n"
        "Date: Tue, 3 Feb 2026 10:00:00 +0100\n\nBuenos días\n"
    )


def test_every_real_mail_is_recorded_or_refused_with_a_reason():
    taken = [load_of(path) for path in sorted(reference("import/eml").iterdir())]

    assert len(taken) == 108
    assert sum(load.created for load in taken) >= 70
    assert all(sum(counts(load)) == 1 for load in taken)
    assert all(load.refusals.get().reason for load in taken if load.refused)


def test_a_mail_is_related_to_who_sent_it_and_twice_is_once(tmp_path):
    ana = make_contact(given_name="Ana", emails=["ana@x.es"])
    path = given(tmp_path, mail("Ana <ANA@x.es>", "us@firm.es"), "one.eml")

    assert counts(load_of(path)) == (1, 0, 0, 0)
    assert counts(load_of(path)) == (0, 0, 1, 0)

    told = Interaction.objects.get()
    assert (told.party, told.kind, told.direction, told.subject) == (ana, "email", "in", "Hola 1")
    assert told.occurred_at.isoformat() == "2026-02-03T09:00:00+00:00"


def test_the_files_of_a_mail_come_along():
    load_of(reference("import/eml") / "mikel_attachment_pdf.eml")
    kept = Attachment.objects.get(record_kind="interaction")
    assert (kept.record_id, kept.content_type) == (Interaction.objects.get().pk, "application/pdf")
    assert kept.file.read_bytes().startswith(b"%PDF")


def test_what_one_of_us_wrote_goes_to_everyone_outside(tmp_path):
    seller = make_user(email="us@firm.es")
    text = mail("us@firm.es", "Ana Gil <ana@x.es>, luis@x.es, us@firm.es")

    assert counts(load_of(given(tmp_path, text, "one.eml"))) == (1, 0, 0, 0)

    told = Interaction.objects.order_by("pk")
    assert {(each.direction, each.by) for each in told} == {("out", seller)}
    assert [each.party.name for each in told] == ["Ana Gil", "luis@x.es"]


def test_a_mailbox_makes_who_is_unknown_once(tmp_path):
    box = "".join(f"From x\n{mail('Ana <ana@x.es>', 'us@firm.es', n)}\n" for n in (1, 2, 2))
    assert counts(load_of(given(tmp_path, box, "box.mbox"))) == (2, 0, 1, 0)
    assert Party.objects.get().points.get().value == "ana@x.es"


def test_nobody_is_made_where_that_is_not_wanted(tmp_path):
    path = given(tmp_path, mail("Ana <ana@x.es>", "us@firm.es"), "one.eml")
    load = load_of(path, makes_missing=False)
    assert counts(load) == (0, 0, 0, 1)
    assert "ana@x.es" in (loads.error_file(load) or Path()).read_text()


def test_a_table_of_calls_and_visits(tmp_path):
    ana = make_contact(given_name="Ana", first_surname="Gil", emails=["ana@x.es"])
    firm = make_company(name="Molinos S.L.")
    author = make_user(email="us@firm.es")
    text = (
        "Tipo;Fecha;Correo;Contacto;Asunto;Notas;Dirección;Usuario\n"
        "Llamada;13/02/2026 10:30;ana@x.es;;Pedido;Quiere más;Entrante;us@firm.es\n"
        "Visita;14/02/2026;;Molinos S.L.;Fábrica;;;\n"
        "Nota;14/02/2026;;Ana Gil;Cumpleaños;;;\n"
        "Baile;14/02/2026;ana@x.es;;x;;;\n"
        "Nota;;ana@x.es;;x;;;\n"
        "Nota;14/02/2926;ana@x.es;;x;;;\n"
        "Nota;14/02/2026;;;x;;;\n"
    )
    path = given(tmp_path, text)

    load = load_of(path)
    assert counts(load) == (3, 0, 0, 4), list(load.refusals.values())
    assert counts(load_of(path)) == (0, 0, 3, 4)

    call = Interaction.objects.get(kind=Kind.CALL)
    assert (call.party, call.by, call.direction, call.body) == (ana, author, "in", "Quiere más")
    assert call.occurred_at.isoformat() == "2026-02-13T09:30:00+00:00"
    assert Interaction.objects.get(kind=Kind.VISIT).party == firm
    assert Interaction.objects.get(kind=Kind.NOTE).party == ana


def test_a_dump_loaded_again_changes_nothing(tmp_path):
    make_interaction(kind=Kind.CALL, direction="in", body="=1+1\nline")
    make_interaction(by=make_user())
    dump = load_types()["interactions"].dumped
    assert dump is not None
    for ending in ("csv", "xlsx", "jsonl"):
        path = tmp_path / f"out.{ending}"
        writers.write(path, *dump(make_user("admin"), {}))
        assert counts(load_of(path)) == (0, 0, 2, 0)


def test_a_check_counts_without_recording(tmp_path):
    box = "".join(f"From x\n{mail('Ana <ana@x.es>', 'us@firm.es', n)}\n" for n in (1, 2, 2))
    with given(tmp_path, box, "box.mbox").open("rb") as file:
        load = loads.start_load(file, "box.mbox", "interactions", by=None)
    assert counts(running.check_load(load)) == (2, 0, 1, 0)
    assert not Interaction.objects.exists() and not Party.objects.exists()


def test_a_mail_is_known_by_what_it_says_where_its_name_has_no_ending(tmp_path):
    folded = "Received: from a.x.es\n by b.x.es; Tue, 3 Feb 2026 10:00:00 +0100\n"
    text = folded + "Received: from b.x.es\n" + mail("Ana <ana@x.es>", "us@firm.es")
    assert counts(load_of(given(tmp_path, text, "message"))) == (1, 0, 0, 0)
