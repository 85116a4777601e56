import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import names


@pytest.mark.parametrize(
    ("text", "title", "given_name", "first", "second"),
    [
        ("Ana García López", "", "Ana", "García", "López"),
        (
            "Dña. María del Carmen de la Fuente Ruiz",
            "Dña.",
            "María del Carmen",
            "de la Fuente",
            "Ruiz",
        ),
        ("María del Carmen Ruiz", "", "María del Carmen", "Ruiz", ""),
        ("José Luis Pérez", "", "José Luis", "Pérez", ""),
        ("José Luis Pérez Gil", "", "José Luis", "Pérez", "Gil"),
        ("D. Juan de Dios Pérez", "D.", "Juan de Dios", "Pérez", ""),
        ("Santiago Ramón y Cajal", "", "Santiago", "Ramón", "y Cajal"),
        ("José Ortega y Gasset", "", "José", "Ortega", "y Gasset"),
        ("Prof. Dr. Ana Gil", "Prof. Dr.", "Ana", "Gil", ""),
        ("Lic. Ana", "Lic.", "Ana", "", ""),
        ("Ing. Luis Sáenz de Santamaría", "Ing.", "Luis", "Sáenz", "de Santamaría"),
        ("García López, Ana", "", "Ana", "García", "López"),
        ("García López, Dra. Ana María", "Dra.", "Ana María", "García", "López"),
        ("de la Fuente, Ana", "", "Ana", "de la Fuente", ""),
        ("  Ana   Gil  ", "", "Ana", "Gil", ""),
        ("Ana", "", "Ana", "", ""),
        ("García,", "", "García", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_a_full_name_falls_into_its_parts(text, title, given_name, first, second):
    assert names.split(text) == names.Name(given_name, first, second, title)


def test_elsewhere_there_is_one_surname():
    assert names.split("John Michael Smith", "US") == names.Name("John Michael", "Smith")
    assert names.split("Vasco da Gama", "PT") == names.Name("Vasco", "da Gama")


def test_a_name_is_shown_in_every_way():
    name = names.split("Dra. Ana de la Fuente Gil")
    assert name.display == "Ana de la Fuente Gil"
    assert name.formal == "Dra. Ana de la Fuente Gil"
    assert name.listed == "de la Fuente Gil, Ana"
    assert name.initials == "AF"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Ana García", "AG"),
        ("El Corte Inglés", "CI"),
        ("Círculo de Lectores, S.A.", "CL"),
        ("3M", "3"),
        ("ñandú", "Ñ"),
        ("🎉", ""),
        ("", ""),
    ],
)
def test_initials(text, letters):
    assert names.initials(text) == letters


def test_search_ignores_accents_and_case():
    assert names.plain("Núñez JOSÉ Straße ÆØ Łódź") == "nunez jose strasse aeo lodz"


def test_ene_sorts_between_n_and_o():
    words = ["Peña", "Pena", "Penz", "Peo", "peñasco", "Ñu", "Nz", "Oa"]
    assert sorted(words, key=names.sort_key) == [
        "Nz",
        "Ñu",
        "Oa",
        "Pena",
        "Penz",
        "Peña",
        "peñasco",
        "Peo",
    ]


@given(st.text())
def test_no_text_breaks_a_name(text):
    name = names.split(text)
    assert names.plain(text) is not None
    assert name.initials == name.initials.upper()
    assert set(name.display.split()) <= set(text.replace(",", " ", 1).split())


@pytest.mark.django_db
def test_the_database_folds_letters_in_the_same_way():
    ranges = ((0x20, 0x7F), (0xA0, 0x370), (0x1E00, 0x1F00), (0x2010, 0x2070), (0xFF01, 0xFF5F))
    signs = [chr(code) for start, end in ranges for code in range(start, end)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sign, circulo_plain(sign), circulo_sort_key(sign) FROM unnest(%s::text[]) sign",
            [signs],
        )
        for sign, folded, key in cursor.fetchall():
            assert (names.plain(sign), names.sort_key(sign)) == (folded, key), hex(ord(sign))


@pytest.mark.django_db
def test_the_database_folds_every_alphabet_alike_whatever_it_compares_by():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT circulo_plain('Юникод' COLLATE "C"), circulo_sort_key('ЮÑ' COLLATE "C")"""
        )
        assert cursor.fetchone() == ("юникод", "юn~")
