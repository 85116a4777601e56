"""Colleagues named in a text: who is meant, and how the name stands out."""

import pytest

from circulo.accounts.mentions import find, mark
from circulo.testing.cost import query_cost
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def colleagues():
    names = ("Nerea Gil", "Íñigo Núñez Peña", "Ana López", "Ana Ruiz", "José-María d’Ors")
    people = {name: make_user(name=name) for name in names}
    make_user(name="Berta Gone", is_active=False)
    make_user(name="Kiko", email="enrique.pons@example.com")
    return people


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Habla con @Nerea Gil mañana", {"@Nerea Gil": "Nerea Gil"}),
        ("@nerea ¿puedes?", {"@nerea": "Nerea Gil"}),
        ("@NEREA GIL.", {"@NEREA GIL": "Nerea Gil"}),
        ("(@iñigo nunez, ya)", {"@iñigo nunez": "Íñigo Núñez Peña"}),
        ("@Íñigo Núñez Peña y @Ana Ruiz", {"@Íñigo Núñez Peña": "Íñigo Núñez Peña",
                                          "@Ana Ruiz": "Ana Ruiz"}),
        ("@José-María d’Ors", {"@José-María d’Ors": "José-María d’Ors"}),
        ("@enrique.pons mira", {"@enrique.pons": "Kiko"}),
        ("@Nerea\u00a0Gil", {"@Nerea\u00a0Gil": "Nerea Gil"}),
        ("@Nerea Gil Ortiz", {"@Nerea Gil": "Nerea Gil"}),
        ("@Nerea\nGil", {"@Nerea": "Nerea Gil"}),
        ("escriba a nerea@example.com o a x@Nerea Gil", {}),
        ("@Gil, @Berta Gone, @nadie, @ nerea, @@nerea, @", {}),
    ],
)  # fmt: skip
def test_who_is_meant(text, named):
    assert {one.written: one.name for one in find(text).mentions} == named


def test_a_name_that_fits_several_names_nobody_and_is_told():
    found = find("@Ana y @ana, y @Ana López")

    assert [one.name for one in found.mentions] == ["Ana López"]
    assert found.unclear == ("@Ana", "@ana")


def test_without_an_at_nothing_is_asked_and_with_many_one_thing():
    assert query_cost(find, "Nerea Gil, nerea@example.com") == 0
    assert query_cost(find, "@Nerea Gil @Ana Ruiz @nadie @iñigo") == 1


def test_the_name_stands_out_and_nothing_of_a_text_is_markup():
    text = '<b>@Nerea Gil</b> & @Nerea Gilda "@ana"'

    said = mark(text, ["@Nerea Gil", '<i>"'])

    assert said == (
        '&lt;b&gt;<b class="mention">@Nerea Gil</b>&lt;/b&gt; &amp; @Nerea Gilda &quot;@ana&quot;'
    )


def test_names_are_suggested_by_their_beginnings_to_whoever_works_here(client):
    assert client.get("/people", {"q": "ner"}).status_code == 302
    client.force_login(make_user(name="Zoe"))

    def names(words):
        return [one["name"] for one in client.get("/people", {"q": words}).json()["people"]]

    assert names("NER") == ["Nerea Gil"] and names("ruiz") == ["Ana Ruiz"]
    assert names("ana") == ["Ana López", "Ana Ruiz"] and names("ñúñ") == ["Íñigo Núñez Peña"]
    assert names("erea") == [] and names("gone") == [] and names("%") == [] and names("\0") != []
    cost = query_cost(client.get, "/people?q=ana")
    assert cost == query_cost(client.get, "/people?q=nerea")
