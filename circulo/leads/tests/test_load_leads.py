"""Bringing leads in, and taking them out."""

import csv
import io

import pytest

from circulo.leads.dumps import dump_leads
from circulo.leads.models import Lead
from circulo.records.actions import loads, running, undoing
from circulo.records.verify import verify
from circulo.testing.make import (
    make_contact,
    make_lead,
    make_route_rule,
    make_score_rule,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FILE = """Nombre;Apellidos;Empresa;Correo;Teléfono;Origen;Estado;Motivo;Fecha;Mensaje
Ana;Ruiz;Duero SL;ana@duero.example;612345678;Web;nuevo;;01/03/2026 10:00;Quiero probar
Luis;Gil;;luis@x.example;;Feria;descartado;No contesta;02/03/2026;
;;;no es un correo;;Web;;;;
Eva;;;eva@x.example;;Web;quizá;;;
;;;;;Web;;;;
Mar;Sanz;Tormes;mar@t.example;;Web;convertido;;31/12/0001;
Pía;Sanz;Tormes;pia@t.example;;Web;convertido;;05/03/2026;
"""


def load(text, by, **options):
    begun = loads.start_load(io.BytesIO(text.encode()), "leads.csv", "leads", by=by)
    return running.run_load(loads.map_columns(begun, options=options))


def test_spanish_headings_are_understood_and_a_bad_row_stops_no_other():
    seller = make_user("admin")
    make_route_rule(seller)
    known = make_contact(emails=["ana@duero.example"])

    done = load(FILE, make_user("admin"))

    assert (done.created, done.refused) == (3, 4), done.error_file
    ana = Lead.objects.get(email="ana@duero.example")
    assert (str(ana), ana.company, ana.phone, ana.party, ana.owner) == (
        "Ana Ruiz", "Duero SL", "+34612345678", known, seller
    )  # fmt: skip
    assert str(ana.arrived_at)[:10] == "2026-03-01" and ana.answer_due_at and ana.score
    luis, pia = Lead.objects.get(email="luis@x.example"), Lead.objects.get(email="pia@t.example")
    assert (luis.status, str(luis.reason), luis.owner) == ("discarded", "No contesta", None)
    assert pia.status == "converted" and pia.converted_at
    assert not verify()


def test_the_same_table_again_changes_what_differs_and_is_undone():
    admin = make_user("admin")
    text = "Lead ID,First Name,Company,Email,Lead Source\nA1,Ana,Duero,a@x.example,Web\n"
    make_score_rule(40, label="T", criteria={"field": "company", "op": "is", "value": "Tormes"})
    first = load(text, admin)
    again = load(text.replace("Duero", "Tormes"), admin)
    assert (first.created, again.updated, again.created) == (1, 1, 0)
    lead = Lead.objects.get(reference="A1")
    assert lead.company == "Tormes" and "T" in {one["label"] for one in lead.score_reasons}
    undoing.undo_changes(again.change_set, by=admin)
    undoing.undo_changes(first.change_set, by=admin)
    assert not Lead.objects.exists() and not verify()


def test_a_seller_changes_no_lead_of_another_and_gives_nothing_to_others():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    make_lead(owner=other, reference="B1")
    done = load(f"referencia;nombre;propietario\nB1;Eva;\nB2;Eva;{other.email}\nB3;Eva;\n", seller)
    assert (done.created, done.refused) == (1, 2)


def test_what_is_handed_out_is_taken_again():
    admin = make_user("admin")
    load(FILE, admin)
    names = ("given_name", "email", "status", "reason", "arrived_at", "message", "score")
    before = list(Lead.objects.order_by("email").values(*names))
    headings, rows = dump_leads(admin, {})
    out = io.StringIO()
    csv.writer(out).writerows([headings[1:], *(row[1:] for row in rows)])
    Lead.objects.all().delete()

    done = load(out.getvalue(), admin)

    assert (done.created, done.refused) == (3, 0), done.error_file
    assert list(Lead.objects.order_by("email").values(*names)) == before
