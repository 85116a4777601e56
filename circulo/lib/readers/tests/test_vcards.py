from datetime import date
from pathlib import Path

import pytest

from circulo.lib.readers import vcards
from circulo.lib.readers.tests.reference import reference
from circulo.lib.readers.vcards import Card, CardAddress, CardPoint, Unreadable

pytestmark = pytest.mark.usefixtures("in_english")

CARDS_IN = {
    "mangstadt_John_Doe_ANDROID.vcf": (6, "", "john.doe@company.com", ""),
    "mangstadt_John_Doe_BLACK_BERRY.vcf": (1, "John Doe", "", "+96123456789"),
    "mangstadt_John_Doe_GMAIL.vcf": (
        1,
        "Mr. John Richter, James Doe Sr.",
        "john.doe@ibm.com",
        "905-555-1234",
    ),
    "mangstadt_John_Doe_IPHONE.vcf": (
        1,
        "Mr. John Richter James Doe Sr.",
        "john.doe@ibm.com",
        "905-555-1234",
    ),
    "mangstadt_John_Doe_MAC_ADDRESS_BOOK.vcf": (
        1,
        "Mr. John Richter,James Doe Sr.",
        "john.doe@ibm.com",
        "905-777-1234",
    ),
    "mangstadt_John_Doe_MS_OUTLOOK.vcf": (
        1,
        "Mr. John Richter James Doe Sr.",
        "john.doe@ibm.cm",
        "(905) 555-1234",
    ),
    "mangstadt_gmail-list.vcf": (3, "Arnold Smith", "asmithk@gmail.com", ""),
    "mangstadt_gmail-single.vcf": (1, "Greg Dartmouth", "gdartmouth@hotmail.com", "555 555 1111"),
    "mangstadt_outlook-2003.vcf": (1, "John Doe III", "jdoe@hotmail.com", "BusinessPhone"),
    "mangstadt_outlook-2007.vcf": (
        1,
        "Mr. Michael Angstadt Jr.",
        "mike.angstadt@gmail.com",
        "(111) 555-1111",
    ),
    "mangstadt_rfc6350-example.vcf": (
        1,
        "Simon Perreault",
        "simon.perreault@viagenie.ca",
        "+1-418-656-9254 ext. 102",
    ),
    "mangstadt_thunderbird-MoreFunctionsForAddressBook-extension.vcf": (
        1,
        "John Doe",
        "doe.john@hotmail.com",
        "555-555-1111",
    ),
}


def read(tmp_path: Path, text: str | bytes) -> list[Card]:
    path = tmp_path / "given.vcf"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(vcards.read(path))


@pytest.mark.parametrize("name", CARDS_IN)
def test_the_cards_of_real_programs_are_read(name):
    cards = list(vcards.read(reference("import/vcard") / name))
    first = cards[0]
    email = first.emails[0].value if first.emails else ""
    phone = first.phones[0].value if first.phones else ""
    assert (len(cards), first.full_name, email, phone) == CARDS_IN[name]


def test_quoted_printable_with_soft_breaks_and_a_lost_end(tmp_path):
    cards = read(
        tmp_path,
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:N=FA=F1ez=\r\n;I=F1igo;;;\r\n"
        "TEL;CELL:600\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEMAIL;TYPE=WORK,pref:ana@x.es\r\n",
    )
    assert [card.family_name for card in cards] == ["Núñez", ""]
    assert cards[0].given_name == "Iñigo"
    assert cards[0].phones == (CardPoint("600", ("cell",)),)
    assert cards[1].emails == (CardPoint("ana@x.es", ("work",), is_preferred=True),)


def test_groups_labels_lists_and_escapes(tmp_path):
    (card,) = read(
        tmp_path,
        "BEGIN:VCARD\nVERSION:4.0\nFN:Ana\\, la de \n Cuenca\nitem1.TEL;VALUE=uri:tel:+34-600\n"
        "item1.X-ABLabel:_$!<Assistant>!$_\nADR;TYPE=home:;;Mayor\\, 3;Cuenca;;16001;España\n"
        "CATEGORIES:vip,so\\,cia\nBDAY:19800322\nKIND:org\nNOTE:one\\ntwo\n"
        "ORG:Molinos\\; S.L.;Ventas\n"
        "END:VCARD\n",
    )
    assert card.full_name == "Ana, la de Cuenca"
    assert card.phones == (CardPoint("+34-600", ("assistant",)),)
    assert card.addresses[0].street == "Mayor, 3"
    assert (card.organisation, card.department) == ("Molinos; S.L.", "Ventas")
    assert (card.birthday, card.note, card.is_organisation) == (date(1980, 3, 22), "one\ntwo", True)


def test_photos_of_any_size_are_left_out(tmp_path):
    photo = "PHOTO;ENCODING=b:" + "A" * 5_000_000
    (card,) = read(
        tmp_path, f"BEGIN:VCARD\nVERSION:3.0\nFN:Ana\n{photo}\nEMAIL:a@x.es\nEND:VCARD\n"
    )
    assert card.emails[0].value == "a@x.es"


def test_utf_16_and_old_macintosh_line_ends(tmp_path):
    text = "BEGIN:VCARD\rVERSION:3.0\rFN:Íñigo\rEND:VCARD\r"
    assert read(tmp_path, text)[0].full_name == "Íñigo"
    assert read(tmp_path, text.replace("\r", "\r\n").encode("utf-16"))[0].full_name == "Íñigo"


def test_a_file_without_cards_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="no card"):
        read(tmp_path, "Name,City\n")


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_what_is_written_is_read_back(tmp_path, version):
    card = Card(
        version=version,
        full_name="Íñigo Núñez de la Peña y Álvarez de Toledo, señor de muchas tierras y más",
        given_name="Íñigo",
        family_name="Núñez; de\\la Peña",
        organisation="Molinos, S.L.",
        title="Molinero\r\nEMAIL:evil@x.es",
        emails=(CardPoint("i@x.es", ("work",), is_preferred=True), CardPoint("j@x.es", ("home",))),
        phones=(CardPoint("+34600111222", ("cell",)),),
        addresses=(CardAddress("Mayor, 3; 1º", city="Cuenca", postcode="16001", labels=("home",)),),
        birthday=date(1980, 3, 22),
        note="one\ntwo, three; \\n",
        categories=("vip", "so,cio"),
    )
    text = "".join(vcards.write([card], version))
    (back,) = read(tmp_path, text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert back.title == "Molinero\nEMAIL:evil@x.es"
    for name in ("full_name", "given_name", "family_name", "organisation", "emails", "phones"):
        assert getattr(back, name) == getattr(card, name), name
    assert (back.addresses, back.birthday, back.note) == (card.addresses, card.birthday, card.note)
