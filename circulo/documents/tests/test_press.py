import io
import shutil
from typing import Any

import pytest
from pypdf import PdfReader

from circulo.documents import press
from circulo.documents.press import Unprintable, print_pdf
from circulo.lib import marked

LETTER = {"window": ["Ana"], "date": "", "subject": "Asunto", "blocks": marked.blocks("Hola")}


def data(**more):
    return {
        "title": "Asunto", "lang": "es", "region": "ES", "paper": "a4", "window": "right",
        "layout": "letter", "logo": None, "subtitle": "", "note": "nota",
        "firm": {"name": "Duero", "lines": ["Soria"], "sender": "Duero", "footer": "NIF"},
        "words": {"page": "Página {here} de {all}", "history": "Historial"},
    } | more  # fmt: skip


def pages(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture
def sheets(monkeypatch, tmp_path):
    """A folder of sheets of its own."""
    shutil.copytree(press.SHEETS, tmp_path / "sheets")
    monkeypatch.setattr(press, "SHEETS", tmp_path / "sheets")
    return tmp_path / "sheets"


@pytest.mark.parametrize("text", [
    '#read("/etc/passwd")', "$x$ *a* _b_ `c` <d> @e", '#import "@preview/x:1.0.0"', "\\ // /* */",
    '"} #panic("x") {"', "= Título", "#let x = 1; #x",
])  # fmt: skip
def test_what_people_wrote_is_printed_and_never_read_as_code(text):
    one = LETTER | {"subject": text, "window": [text], "blocks": marked.blocks(f"a {text}")}

    [printed] = pages(print_pdf("letter", data(letters=[one])))

    bare = "".join(printed.split())
    assert bare.count("".join(text.split())) >= 2


@pytest.mark.parametrize("code", [
    '#read("/etc/passwd")', '#read("../../../../etc/passwd")', '#image("/proc/self/environ")',
    '#import "@preview/cetz:0.3.1"',
])  # fmt: skip
def test_even_a_sheet_reads_nothing_but_its_own_folder(sheets, code):
    (sheets / "evil.typ").write_text(code)

    with pytest.raises(Unprintable):
        print_pdf("evil", data())


def test_a_print_that_takes_too_long_or_too_much_is_killed(sheets, monkeypatch):
    (sheets / "endless.typ").write_text("#let n = 0\n#while n < 9000 { n += 1; range(9000) }")
    with pytest.raises(Unprintable):
        print_pdf("endless", data(), seconds=1)

    monkeypatch.setattr(press, "MEGABYTES", 60)
    with pytest.raises(Unprintable):
        print_pdf("list", data(columns=["A"], rows=[["x"]] * 3000))


def test_a_letter_of_two_pages_counts_them_and_the_address_stands_in_the_window():
    long = LETTER | {"blocks": marked.blocks("\n\n".join(f"Párrafo {n}" for n in range(80)))}
    placed = {}

    def note(text, outer, inner, *_rest):
        """Where a text begins, in millimetres from the upper left."""
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        placed[text.strip()] = (x / 72 * 25.4, 297 - y / 72 * 25.4)

    pdf = print_pdf("letter", data(letters=[long]))
    first = PdfReader(io.BytesIO(pdf)).pages[0]
    first.extract_text(visitor_text=note)

    assert "Página 1 de" in pages(pdf)[0] and "Página 2 de" in pages(pdf)[1]
    left, top = placed["Ana"]
    assert 105 < left < 120 and 45 < top < 90


def test_paper_and_window_are_those_of_the_region():
    letter = PdfReader(
        io.BytesIO(print_pdf("letter", data(letters=[LETTER], paper="us-letter")))
    ).pages[0]

    assert (round(letter.mediabox.width), round(letter.mediabox.height)) == (612, 792)


def test_a_list_repeats_its_heading_and_counts_its_pages():
    rows = [[f"Fila {n}", "x"] for n in range(120)]

    printed = pages(print_pdf("list", data(columns=["Nombre", "Etapa"], rows=rows)))

    assert len(printed) > 2 and all("Nombre" in page for page in printed)
    assert "Fila 119" in printed[-1] and f"Página 2 de {len(printed)}" in printed[1]


def test_our_own_type_is_used():
    page: Any = PdfReader(io.BytesIO(print_pdf("letter", data(letters=[LETTER])))).pages[0]

    fonts = page["/Resources"]["/Font"]
    assert any("Inter" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
