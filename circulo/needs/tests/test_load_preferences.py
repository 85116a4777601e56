"""Preferences from tables and back."""

import pytest

from circulo.lib.readers import writers
from circulo.needs.models import Preference
from circulo.records.actions import loads, running
from circulo.records.load_types import load_types
from circulo.records.models import Load
from circulo.testing.make import (
    make_company,
    make_contact,
    make_preference,
    make_team,
    make_topic,
    make_user,
)
from circulo.timeline.tests.test_load_interactions import counts, given

pytestmark = pytest.mark.django_db


def load_of(path, *, by=None) -> Load:
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, "preferences", by=by)
    return running.run_load(loads.map_columns(load))


def test_a_table_with_a_column_for_each_topic_is_understood(tmp_path):
    wine = make_topic("several", short_es="Vinos", short_en="Wines")
    staff = make_topic("number", short_es="Comensales", short_en="Covers")
    ana = make_contact(given_name="Ana", first_surname="Gil", emails=["ana@x.es"])
    inn = make_company(name="Mesón del Duero")
    path = given(
        tmp_path,
        "Correo;Empresa;Vinos;Covers;Fecha\n"
        "ana@x.es;;Tinto, Rosado;;13/02/2026\n"
        ";Mesón del Duero;blanco;1250;13/02/2026\n"
        "ana@x.es;;azul;;13/02/2026\n"
        "nadie@x.es;;tinto;;13/02/2026\n"
        "ana@x.es;;;;13/02/2026\n",
    )

    load = load_of(path)

    assert counts(load) == (2, 0, 0, 3), list(load.refusals.values())
    assert Preference.objects.get(party=ana).picked == ["red", "rose"]
    known = {p.topic: p for p in Preference.objects.filter(party=inn)}
    assert known[wine].picked == ["white"]
    assert known[staff].amount == 1250
    assert {p.source for p in known.values()} == {"imported"}
    assert counts(load_of(path)) == (0, 0, 2, 3)


def test_a_row_for_each_thing_known(tmp_path):
    make_topic(short_es="Vino", short_en="Wine")
    ana = make_contact(given_name="Ana", first_surname="Gil")
    path = given(
        tmp_path,
        "Contacto;Tema;Tipo;Respuesta;Intensidad;Fuente\n"
        "Ana Gil;Vino;;tinto;2;Observado\n"
        "Ana Gil;;No le gusta;el ruido;;\n"
        "Ana Gil;Queso;;curado;;\n",
    )
    load = load_of(path)
    assert counts(load) == (2, 0, 0, 1), list(load.refusals.values())
    told = {p.sort: p for p in ana.preferences.all()}
    assert (told["preference"].strength, told["preference"].source) == (2, "observed")
    assert (told["dislike"].text, told["dislike"].strength) == ("el ruido", -1)
    assert counts(load_of(path)) == (0, 0, 2, 1)


def test_a_dump_loaded_again_changes_nothing(tmp_path):
    for answer, value in (("choice", "red"), ("several", ["red", "rose"]), ("scale", 3),
                          ("number", "12.5"), ("yes_no", True), ("date", "2026-02-03"),
                          ("text", "=1+1")):  # fmt: skip
        make_preference(make_topic(answer), value)
    make_preference(value="Paseos")
    dump = load_types()["preferences"].dumped
    assert dump is not None
    for ending in ("csv", "xlsx", "jsonl"):
        path = tmp_path / f"out.{ending}"
        writers.write(path, *dump(make_user("admin"), {}))
        load = load_of(path)
        assert counts(load) == (0, 0, 8, 0), list(load.refusals.values())


def test_nobody_brings_in_what_concerns_contacts_out_of_reach(tmp_path):
    make_topic(short_es="Vino", short_en="Wine")
    make_contact(emails=["ana@x.es"], owner=make_user(team=make_team()))
    path = given(tmp_path, "Correo;Vino\nana@x.es;tinto\n")
    assert counts(load_of(path, by=make_user(team=make_team()))) == (0, 0, 0, 1)
