"""Nothing of a Spanish page is left in English: what both say alike must be a name or data."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from circulo.testing.catalogue import spanish
from circulo.testing.journeys.places import a_firm_at_work, pages_of

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {"aria-label", "placeholder", "title", "alt", "data-confirm", "data-confirm-why",
        "data-confirm-act", "data-none"}  # fmt: skip
ENGLISH = re.compile(r"\b(the|of|and|is|are|your|with|this|that|for|from|what)\b", re.I)
API = "/api/v1/docs"  # says the names of the interface, which are English
SILENT = {"script", "style", "template", "code", "pre", "svg"}
ALIKE = re.compile(  # names of things that both languages call the same
    r"Círculo|Circulo|English|Español|CSV|XLSX|vCard|API|OpenAPI|WhatsApp|Ctrl|Enter|@|http|UTF|\w/\w|\d"
)


class Words(HTMLParser):
    """The texts of a page that a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in SILENT
        if not self._silent:
            self.found |= {value.strip() for name, value in attrs if name in SAID and value}

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent:
            self.found.add(" ".join(data.split()))


def words_of(page):
    reader = Words()
    reader.feed(page)
    return {text for text in reader.found if re.search("[^\\W\\d]{3}", text)}


def test_no_page_is_left_in_english():
    firm = a_firm_at_work()
    pages, _unknown = pages_of(firm)
    in_spanish = {path: words_of(page) for path, page in pages.items() if path != API}
    client = Client()
    client.force_login(firm.admin)
    firm.admin.language = "en"
    firm.admin.save(update_fields=["language"])
    translated = {
        message.id
        for message in spanish()
        if isinstance(message.id, str) and message.id and message.id != message.string
    }

    left = {
        f"{path}: {text}"
        for path, said in in_spanish.items()
        for text in said & words_of(client.get(path).text)
        if (text in translated or ENGLISH.search(text)) and not ALIKE.search(text)
    }

    assert left == set()
