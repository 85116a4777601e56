"""Who is who in the Febrl files, whose truth (the number in `rec_id`) is only looked at here."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pyarrow import parquet

from circulo.lib.readers import tables
from circulo.parties.duplicates.files import write_pairs
from circulo.parties.linkage import keys, records
from circulo.parties.linkage.engine import find_fresh_pairs, find_pairs
from circulo.parties.linkage.model import Model
from circulo.parties.linkage.workbench import workbench

FEBRL = Path(os.environ.get("CIRCULO_REFERENCE_DATA", "")) / "febrl"
needs_febrl = pytest.mark.skipif(
    not (FEBRL / "dataset1.csv").is_file(),
    reason="CIRCULO_REFERENCE_DATA names no folder with febrl/dataset1.csv",
)


def f1(found, ids):
    """F1 of pairs of ids: two records are one where the number in their ids is."""
    people: dict[str, list[str]] = {}
    for one in ids:
        people.setdefault(one.split("-")[1], []).append(one)
    true = {
        frozenset((a, b)) for same in people.values() for a in same for b in same if a < b
    }  # fmt: skip
    pairs = {frozenset(pair) for pair in found}
    return 2 * len(pairs & true) / (len(pairs) + len(true))


def ids_of(*names):
    return [
        row["rec_id"]
        for name in names
        for row in csv.DictReader(
            (FEBRL / name).read_text(encoding="utf-8").splitlines(), skipinitialspace=True
        )
    ]


def matched(capsys, *arguments):
    call_command("match", *map(str, arguments), "--json")
    said = json.loads(capsys.readouterr().out)
    return said, [(row["id_a"], row["id_b"]) for row in said["matches"]]


@needs_febrl
def test_the_people_of_two_files_are_found_in_each_other(capsys):
    said, pairs = matched(
        capsys, FEBRL / "dataset4a.csv", "--with", FEBRL / "dataset4b.csv", "--id", "rec_id"
    )

    assert said["threshold"] == 0.5
    assert f1(pairs, ids_of("dataset4a.csv", "dataset4b.csv")) >= 0.999


@needs_febrl
def test_nobody_is_twice_where_nobody_can_be(capsys):
    two = (FEBRL / "dataset4a.csv", "--with", FEBRL / "dataset4b.csv", "--id", "rec_id")
    _said, pairs = matched(capsys, *two, "--one-to-one")

    assert len({a for a, _b in pairs}) == len({b for _a, b in pairs}) == len(pairs)
    assert f1(pairs, ids_of("dataset4a.csv", "dataset4b.csv")) >= 0.999


@needs_febrl
def test_who_is_twice_in_one_file_is_found(capsys):
    _said, pairs = matched(capsys, FEBRL / "dataset1.csv", "--id", "rec_id")

    assert f1(pairs, ids_of("dataset1.csv")) >= 0.99


PEOPLE = [
    # id, given name, first surname, second surname, born, tax id, e-mail, phone
    (1, "José Luis", "García", "López", "19800512", "12345678Z", "jl@uno.es", "600111222"),
    (2, "Pepe Luis", "Garcia", "Lopez", "19800512", None, None, "600111222"),
    (3, "María del Carmen", "de la Fuente", "Ruiz", "19751103", None, "mc@uno.es", None),
    (4, "Mamen", "Fuente", None, "19751103", None, "mc@uno.es", None),
    (5, "Iker", "Zabaleta", "Otero", "19900101", "87654321X", None, "600333444"),
    (6, "Zabaleta", "Iker", None, "19900110", "87654321X", None, "600333445"),
]
OTHERS = (
    "Ana", "Eva", "Luis", "Marta", "Pablo", "Inés", "Hugo", "Sara", "Leo", "Nora", "Raúl", "Alma",
)  # fmt: skip
SURNAMES = (
    "Pardo", "Calvo", "Nieto", "Vega", "Sanz", "Moya", "Cano", "Rubio", "Campos", "Bravo", "Marín",
    "Prieto",
)  # fmt: skip


def crowd(database, people=PEOPLE):
    """A few people who are there twice among many who are not."""
    rows = list(people)
    for number in range(400):
        given, first = OTHERS[number % 12], SURNAMES[number // 12 % 12]
        rows.append(
            (100 + number, given, first, SURNAMES[(number * 7 + number // 5) % 12],
             f"19{40 + number % 60}{1 + number % 12:02}{1 + number % 28:02}",
             f"{number * 7919 % 10**8:08}T", f"{given}{number}@dos.es",
             f"6{number * 104729 % 10**8:08}")
        )  # fmt: skip
    records.create_raw(database)
    for row in rows:
        said = [*row[:6], [row[6]] if row[6] else None, [row[7]] if row[7] else None]
        database.execute(
            "INSERT INTO raw (id, side, version, given_name, first_surname, second_surname,"
            " birthday, tax_id, emails, phones) VALUES (?, 0, 1, ?, ?, ?, ?, ?, ?, ?)",
            said,
        ).fetchall()
    records.tidy(database, records.PEOPLE)


def test_people_are_known_by_other_forms_of_their_names():
    with workbench() as database:
        crowd(database)
        found, model = find_pairs(database, records.PEOPLE)

    assert [(pair.a, pair.b) for pair in sorted(found, key=lambda p: p.a)] == [
        (1, 2), (3, 4), (5, 6),
    ]  # fmt: skip
    levels = {pair.a: pair.levels for pair in found}
    assert levels[1]["given_name"] == "called" and levels[1]["phones"] == "same"
    assert levels[3]["surnames"] == "one_missing"
    assert levels[5]["given_name"] == levels[5]["surnames"] == "swapped"
    assert model.records == 406


def test_what_changed_is_compared_with_all_as_in_a_whole_search():
    with workbench() as database:
        crowd(database)
        found, model = find_pairs(database, records.PEOPLE)
        database.execute("CREATE TABLE fresh AS SELECT 4::BIGINT AS unique_id").fetchall()

        again = Model.from_json(model.as_json())
        assert again is not None
        fresh = find_fresh_pairs(database, again)

    assert fresh == [pair for pair in found if 4 in (pair.a, pair.b)]


def test_keys_that_everybody_shares_are_passed_over():
    with workbench() as database:
        crowd(database, [])
        database.execute("UPDATE records SET emails = ['info@firma.es']").fetchall()
        keys.make_keys(database, records.PEOPLE)
        keys.make_pairs(database, 5)
        pairs = database.execute("SELECT count(*) FROM pairs").fetchall()[0][0]

    # Each with each would be 79,800.
    assert pairs < 8_000


def test_companies_are_known_without_their_legal_form():
    with workbench() as database:
        records.create_raw(database)
        for number in range(300):
            name = f"{SURNAMES[number % 12]} {OTHERS[number // 12 % 12]} {number}, S.L."
            database.execute(
                "INSERT INTO raw (id, side, version, name, tax_id, webs) VALUES (?, 0, 1, ?, ?, ?)",
                [number, name, f"B{number * 7919 % 10**8:08}", [f"https://www.f{number}.es/"]],
            ).fetchall()
        database.execute(
            "INSERT INTO raw (id, side, version, name, tax_id, webs) VALUES"
            " (1000, 0, 1, 'PARDO ANA 0 Sociedad Limitada', 'B-00000000', ['http://f0.es'])"
        ).fetchall()
        records.tidy(database, records.COMPANIES)
        found, _model = find_pairs(database, records.COMPANIES)

    assert [(pair.a, pair.b) for pair in found] == [(0, 1000)]


def test_a_model_of_another_version_is_learned_anew():
    assert Model.from_json('{"form": 0}') is None
    assert Model.from_json("not json") is None


def people_file(folder):
    """A list of people as a Spanish spreadsheet holds it, in which one is twice."""
    lines = ["Código;Nombre y apellidos;Correo electrónico;Fecha de nacimiento"]
    lines += [f"{n};{OTHERS[n % 12]} {SURNAMES[n // 12]} Gil;p{n}@uno.es;{1 + n % 28}/03/1970"
              for n in range(140)]  # fmt: skip
    lines.append("x;Ana Pardo Gil;p0@uno.es;01/03/1970")
    path = folder / "gente.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_file_says_in_spanish_what_it_holds(tmp_path, capsys):
    said, pairs = matched(capsys, people_file(tmp_path), "--id", "codigo")

    assert pairs == [("0", "x")]
    assert said["columns"][0]["Nombre y apellidos"] == "name"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl", "parquet"])
def test_pairs_are_written_in_the_format_of_the_ending(tmp_path, ending):
    path = tmp_path / f"b.{ending}"

    assert write_pairs(path, ["id_a", "id_b"], [["0", "x"], ["1", "y"]]) == 2

    assert list(pairs_in(path)) == [["0", "x"], ["1", "y"]]


def pairs_in(path):
    if path.suffix == ".parquet":
        return [list(row.values()) for row in parquet.read_table(path).to_pylist()]
    return tables.rows(path, tables.sniff(path))


def test_pairs_go_to_the_file_that_is_named_and_not_to_the_terminal(tmp_path, capsys):
    call_command("match", str(people_file(tmp_path)), "--id=codigo", f"--out={tmp_path / 'b.csv'}")

    assert (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()[1].startswith("0,x,")
    assert capsys.readouterr().out == ""


def test_a_wrong_call_says_what_is_wrong(tmp_path):
    (tmp_path / "a.csv").write_text("id,colour\n1,red\n2,blue\n", encoding="utf-8")

    for arguments in (["none.csv", "--id=id"], ["a.csv", "--id=key"], ["a.csv", "--id=id"],
                      ["a.csv", "--id=id", "--one-to-one"]):  # fmt: skip
        with pytest.raises(CommandError) as refused:
            call_command("match", str(tmp_path / arguments[0]), *arguments[1:])
        assert refused.value.returncode == 2


def test_a_web_worker_never_loads_what_searches():
    code = (
        "import django, sys; django.setup(); import circulo.config.urls;"
        "from circulo.parties.actions import find_duplicates;"
        "print([m for m in ('duckdb', 'splink', 'pyarrow', 'sqlglot') if m in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "circulo.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
