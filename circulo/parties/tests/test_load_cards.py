"""Cards of an address book: nothing that they say is lost."""

import pytest

from circulo.parties.models import Party
from circulo.parties.tests.test_load_contacts import given, loaded
from circulo.testing.make import make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Gil;Eva;;;Jr.\nFN:Eva Gil\nEMAIL:eva@duero.example\n"
    "ORG:Bodegas Duero;Compras\nTITLE:Jefa\nROLE:Enóloga\nBDAY:--0203\nLANG:PT\n"
    "URL:https://one.example\nURL:https://two.example\nNOTE:De la feria\nEND:VCARD\n"
)
LEFT = ["De la feria", "Birthday: --0203", "Department: Compras", "Role: Enóloga",
        "After the name: Jr.", "Web: https://two.example"]  # fmt: skip


def test_what_has_no_place_of_its_own_stands_in_the_notes(tmp_path):
    assert loaded(given(tmp_path, CARD, "eva.vcf"), "contacts") == (1, 0, 0, 0)
    eva = Party.objects.people().get()
    assert eva.notes.splitlines() == LEFT
    assert (eva.job_title, eva.birthday, eva.language) == ("Jefa", None, "pt")
    assert eva.points.get(kind="web").value == "https://one.example"


def test_the_notes_of_who_is_known_are_left_alone(tmp_path):
    eva = make_contact(emails=["eva@duero.example"], notes="Prefers mornings")
    card = CARD.replace("NOTE:De la feria\n", "")
    assert loaded(given(tmp_path, card, "eva.vcf"), "contacts")[1] == 1
    eva.refresh_from_db()
    assert (eva.notes, eva.job_title) == ("Prefers mornings", "Jefa")
