"""What the tags write: safe, said to everybody, without a style attribute."""

from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from circulo.web.components.marks import initials_of
from circulo.web.components.tables import Column, Row, Table, cell


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def written(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class Letter(forms.Form):
    to = forms.EmailField(help_text="One address.")
    text = forms.CharField(required=False)


def test_an_icon_is_inlined_and_silent():
    assert 'aria-hidden="true"' in written('{% icon "phone" %}')


def test_a_ring_says_how_alive_the_relationship_is():
    begona = SimpleNamespace(name="Begoña Núñez Peña", alive=0.82)

    ring = written("{% ring it %}", it=begona)

    assert 'aria-label="82 % active"' in ring
    assert 'stroke-dasharray="82 100"' in ring
    assert "style=" not in ring


def test_without_a_score_the_ring_is_a_plain_line():
    ring = written("{% ring it %}", it=SimpleNamespace(name="Hotel Ágora"))

    assert "stroke-dasharray" not in ring
    assert ">HÁ<" in ring


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Begoña Núñez Peña", "BN"), ("Juan de la Fuente", "JF"), ("arlanza", "A"), ("", "·")],
)
def test_initials(name, letters):
    assert initials_of(name) == letters


def test_a_field_ties_help_and_error_to_its_control():
    field = written("{% field form.to %}", form=Letter({"to": "nobody"}))

    assert 'aria-describedby="id_to_help id_to_wrong"' in field
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field
    assert 'id="id_to_wrong"' in field


def test_a_refused_form_has_its_focus_where_it_is_wrong_and_nowhere_else():
    page = "{% errors form %}{% field form.text autofocus=True %}{% field form.to %}"
    assert written(page, form=Letter()).count("autofocus") == 1
    wrong = written(page, form=Letter({"to": "nobody"}))
    assert wrong.count("autofocus") == 1 and "autofocus" in wrong[wrong.index('name="to"') :]

    refused = Letter({"to": "ana@example.com", "text": "x"})
    refused.add_error(None, "Somebody was faster.")
    told = written(page, form=refused)
    assert told.count("autofocus") == 1 and told.index("autofocus") < told.index("Somebody")


def test_only_what_is_not_required_is_marked():
    form = Letter()

    assert "optional" not in written("{% field form.to %}", form=form)
    assert "optional" in written("{% field form.text %}", form=form)


def test_what_people_write_is_escaped():
    bad = "<script>alert(1)</script>"
    row = Row("1", "/x", {"name": bad, "tags": [bad], "mail": bad}, note=bad)
    cells = [cell(Column(n, n, kind=k), row) for n, k in
             [("name", "name"), ("tags", "chips"), ("mail", "mail")]]  # fmt: skip
    tags = [
        written("{% chip it %}", it=bad),
        written("{% ring it %}", it=bad),
        written("{% button it mark='x' title=it %}", it=bad),
        written("{% bars it it.0.0 %}", it=[(bad, 3)]),
        written("{% panel it aside=it %}{{ it }}{% endpanel %}", it=bad),
    ]

    assert not [text for text in [*cells, *tags] if "<script>" in text]


def test_columns_and_sort_are_in_the_address():
    columns = [Column("name", "Name", kind="name", sort=True), Column("city", "City", sort=True)]
    request = RequestFactory().get("/?columns=city,name&sort=city&q=a&cursor=z")

    table = Table.of(request, "t", columns, [])

    assert [column.name for column in table.columns] == ["city", "name"]
    city, name = table.headings
    assert (city.order, city.url) == ("ascending", "?columns=city%2Cname&q=a&sort=-city")
    assert (name.order, name.url) == ("", "?columns=city%2Cname&q=a&sort=name")


def test_an_editable_cell_knows_where_its_form_is():
    row = Row("1", "/x", {"city": "León"}, edit="/x/cell/{name}")

    assert 'data-edit="/x/cell/city"' in cell(Column("city", "City", edit=True), row)
    assert "data-edit" not in cell(Column("city", "City"), row)


def test_a_chart_carries_its_figures():
    chart = written("{% bars it 'Income' %}", it=[("W1", 3), ("W2", 4)])

    assert '<th scope="row">W2</th>' in chart
    assert "style=" not in chart
