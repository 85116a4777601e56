from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import format as fmt
from circulo.lib import marked
from circulo.lib.merge import (
    Group,
    Leaf,
    MergeFault,
    Rows,
    as_html,
    as_is,
    as_marked,
    as_typst,
    check,
    fill,
    parse,
    written,
)
from circulo.lib.merge.filters import Kind
from circulo.lib.merge.parsing import OPENING
from circulo.lib.merge.syntax import RESERVED, Filter, For, If, Path, Show, Text

ES = fmt.get("es-ES", "es")
ADDRESS = Group({"city": Leaf("City"), "street": Leaf("Street")})
KNOWN = Group(
    {
        "contact": Group(
            {
                "given_name": Leaf("Given name"),
                "birthday": Leaf("Birthday", Kind.DAY),
                "revenue": Leaf("Revenue", Kind.MONEY),
                "size": Leaf("Size", Kind.NUMBER),
                "tags": Leaf("Tags", Kind.TEXTS),
                "addresses": Rows(ADDRESS),
                "company": Group({"name": Leaf("Name")}),
            }
        )
    }
)
ANA = {
    "contact": {
        "given_name": "Ana <b>",
        "birthday": date(1980, 3, 5),
        "revenue": {"amount": Decimal("1234.5"), "currency": "EUR"},
        "size": 1234567,
        "tags": ["vip", "feria"],
        "addresses": [{"city": "Soria"}, {"city": "León"}],
        "company": {},
    }
}


def said(text, escape=as_is, locale=ES):
    tree = parse(text)
    check(tree, KNOWN)
    return fill(tree, ANA, locale, escape)


@pytest.mark.parametrize("text,expected", [
    ("Hola", "Hola"),
    ("{{ contact.given_name }}", "Ana <b>"),
    ("{{contact.given_name|upper}}", "ANA <B>"),
    ('{{ contact.company.name | "su empresa" }}', "su empresa"),
    ('{{ contact.company.name | upper | "su empresa" }}', "su empresa"),
    ("{{ contact.birthday }}", "5 de marzo de 1980"),
    ('{{ contact.birthday | date "short" }}', "05/03/1980"),
    ("{{ contact.revenue }}", "1.234,50\u00a0€"),
    ("{{ contact.size | number 1 }}", "1.234.567,0"),
    ("{{ contact.tags }}", "vip y feria"),
    ('{{ contact.tags | join " · " }}', "vip · feria"),
    ("{% if contact.company.name %}sí{% else %}no{% end %}", "no"),
    ("{% if not contact.company.name %}no{% end %}", "no"),
    ("{% for a in contact.addresses %}{{ a.city }};{% end %}", "Soria;León;"),
    ("{% for a in contact.addresses %}\n- {{ a.city }}\n{% end %}\nfin", "- Soria\n- León\nfin"),
    ("{% for t in contact.tags %}[{{ t }}]{% end %}", "[vip][feria]"),
    ('{{ "{{" }} y }}', "{{ y }}"),
    ("{{{ contact.size }}}", "{1.234.567}"),
])  # fmt: skip
def test_a_text_is_filled(text, expected):
    assert said(text).text == expected


def test_days_and_sums_are_written_as_the_recipient_reads_them():
    mexico = fmt.get("es-MX", "es", "America/Mexico_City")

    assert said("{{ contact.size }}", locale=mexico).text == "1,234,567"
    assert said("{{ contact.birthday }}", locale=fmt.get("en-GB", "en")).text == "5 March 1980"


def test_what_has_no_value_is_told_once_and_what_has_a_fallback_is_not():
    filled = said("{{ contact.company.name }}{{ contact.company.name }}"
                  '{{ contact.company.name | "x" }}')  # fmt: skip

    assert filled.missing == ["contact.company.name"]


@pytest.mark.parametrize("text,line,column,part", [
    ("Hola\n  {{ contact.gven_name }}", 2, 6, "contact.given_name"),
    ("{{ contact }}", 1, 4, "contact.given_name"),
    ("{{ contact.addresses }}", 1, 4, "for one in contact.addresses"),
    ("{{ contact.given_name", 1, 1, "}}"),
    ("{% if contact.size %}x", 1, 1, "end"),
    ("x{% end %}", 1, 2, "if"),
    ("{% while x %}", 1, 1, "if"),
    ("{{ contact.size | shout }}", 1, 19, "upper"),
    ("{{ contact.given_name | money }}", 1, 25, "money"),
    ('{{ contact.birthday | date "tiny" }}', 1, 23, "short"),
    ("{% for x in contact.given_name %}{% end %}", 1, 13, "contact.given_name"),
    ("{% if contact.size %}a{% else %}b{% else %}c{% end %}", 1, 34, "else"),
    ("{{ contact.size + 1 }}", 1, 17, "+"),
    ("{{ __import__ }}", 1, 4, "_"),
])  # fmt: skip
def test_a_fault_names_its_place_and_its_remedy(text, line, column, part):
    with pytest.raises(MergeFault) as fault:
        said(text)

    place = fault.value.place
    assert (place.line, place.column) == (line, column)
    assert part in str(fault.value)


names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda n: n not in RESERVED)
paths = st.lists(names, min_size=1, max_size=3).map(lambda all: Path(tuple(all)))
plain = st.text(min_size=1).filter(lambda text: not OPENING.search(text) and text[-1] != "{")
filters = st.one_of(
    st.builds(Filter, st.just(""), st.text()),
    st.builds(Filter, names, st.one_of(st.none(), st.text(), st.integers(0, 99))),
)
leaves = st.one_of(
    st.builds(Text, plain),
    st.builds(Show, st.one_of(paths, st.text()), st.lists(filters, max_size=3).map(tuple)),
)


def joined(nodes):
    """No two texts side by side: read again, they are one."""
    found: list[object] = []
    for node in nodes:
        if found and isinstance(node, Text) and isinstance(found[-1], Text):
            continue
        found.append(node)
    return tuple(found)


trees = st.recursive(
    st.lists(leaves, max_size=4).map(joined),
    lambda inner: st.lists(
        st.one_of(
            leaves,
            st.builds(If, paths, st.booleans(), inner, inner),
            st.builds(For, names, paths, inner),
        ),
        max_size=4,
    ).map(joined),
    max_leaves=8,
)


@given(trees)
def test_what_is_written_is_read_again_as_the_same(tree):
    assert parse(written(tree)) == tree


@given(st.one_of(st.text(), st.text(alphabet='{}%|. \n"\\abifendforin', max_size=60)))
def test_any_text_is_read_or_refused_with_its_own_fault(text):
    try:
        tree = parse(text)
    except MergeFault as fault:
        assert fault.place.line >= 1 and str(fault)
        return
    assert parse(written(tree)) == tree


@given(st.text())
def test_no_value_gets_out_of_its_place(value):
    world = {"contact": {"given_name": value}}
    tree = parse("<{{ contact.given_name }}>")

    in_html = fill(tree, world, ES, as_html).text
    in_typst = fill(tree, world, ES, as_typst).text
    in_marks = fill(parse("{{ contact.given_name }}"), world, ES, as_marked).text

    assert "<" not in in_html[1:-1] and ">" not in in_html[1:-1] and '"' not in in_html
    bare = in_typst.replace("\\\\", "")
    assert all(bare[at - 1] == "\\" for at, sign in enumerate(bare) if sign in "#*_`$[]@")
    assert {block["kind"] for block in marked.blocks(in_marks)} <= {"paragraph"}
    assert not any(run["bold"] for block in marked.blocks(in_marks)
                   for item in block["items"] for run in item)  # fmt: skip


@given(st.text())
def test_marks_become_blocks_without_a_word_lost_or_a_tag_made(text):
    found = marked.blocks(text)

    assert "<script" not in marked.in_html(found)
    for block in found:
        assert block["kind"] in ("paragraph", "heading", "list")


def test_marks_shape_a_letter():
    found = marked.in_html(marked.blocks("# Oferta\nHola **Ana**,\nqué tal\n\n- uno\n- dos <b>"))

    assert found == (
        "<h3>Oferta</h3><p>Hola <strong>Ana</strong>,<br>qué tal</p>"
        "<ul><li>uno</li><li>dos &lt;b&gt;</li></ul>"
    )
