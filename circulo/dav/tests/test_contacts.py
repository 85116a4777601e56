"""Address books as programs read and write them: one's own contacts, and everybody to look up."""

from datetime import date

import pytest

from circulo.accounts.models import Role
from circulo.dav.models import CardRest
from circulo.dav.tests.programs import SPACES, Program, card, cr
from circulo.parties import actions as parties
from circulo.parties.models import Party, Point
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
DATA = "<D:prop><D:getetag/><CR:address-data/></D:prop>"


@pytest.fixture
def program():
    return Program(make_user(team=make_team(), language="en"))


def body(program, path):
    answer = program.ask("GET", path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\r\n ", "")


def looked_up(program, collection, text, name="FN", more=""):
    said = f'<CR:filter><CR:prop-filter name="{name}"><CR:text-match>{text}</CR:text-match>'
    asked = f"{DATA}{said}</CR:prop-filter></CR:filter>{more}"
    return program.report(collection, "CR:addressbook-query", asked)


def test_an_address_book_holds_ones_own_contacts_and_companies(program):
    mate = make_user(team=program.user.team)
    firm = make_company(owner=program.user, name="Bodegas Luna", phones=["912345678"])
    ana = make_contact(
        owner=program.user, given_name="Ana", first_surname="García", second_surname="Sanz",
        company=firm, job_title="Compras", emails=["ana@example.com"], phones=["612345678"],
        birthday="1980-02-14", tags=["vip"], notes="Una\nnota",
        addresses=[{"street": "Mayor 1", "city": "Soria", "country": "ES"}],
    )  # fmt: skip
    make_contact(owner=mate)

    found = program.props("contacts/", "D:getetag", depth="1")

    assert len(found) == 3
    text = body(program, f"contacts/{ana.public_id}.vcf")
    for line in ("FN:Ana García Sanz", "N:García Sanz;Ana;;;", "ORG:Bodegas Luna", "TITLE:Compras",
                 "TEL;TYPE=pref:+34612345678", "BDAY:1980-02-14", "CATEGORIES:vip",
                 "NOTE:Una\\nnota", "ADR;TYPE=pref:;;Mayor 1;Soria;;;España"):  # fmt: skip
        assert line in text
    assert "X-ABSHOWAS:COMPANY" in body(program, f"contacts/{firm.public_id}.vcf")


def test_a_card_becomes_a_contact_and_what_has_no_place_is_kept(program):
    firm = make_company(owner=program.user, name="Bodegas Luna")
    lines = ("ORG:Bodegas Luna;Compras", "EMAIL;TYPE=WORK:ana@example.com", "TEL:no number",
             "item1.X-ABDATE:20200101", "item1.X-ABLABEL:_$!<Anniversary>!$_",
             "URL:https://one.example", "URL:https://two.example", "PHOTO;ENCODING=b:AAAA",
             "item2.TEL:+34612345678", "item2.X-ABLABEL:Bar")  # fmt: skip

    answer = program.ask("PUT", "contacts/x.vcf", card("u@phone", *lines), If_None_Match="*")

    assert answer.status_code == 201
    ana = Party.objects.people().get()
    assert (ana.name, ana.owner, ana.company) == ("Ana García", program.user, firm)
    assert set(ana.points.values_list("kind", "value")) == {
        ("email", "ana@example.com"), ("phone", "+34612345678"), ("web", "https://one.example"),
    }  # fmt: skip
    assert ChangeSet.objects.filter(by=program.user, through="api").exists()
    text = body(program, "contacts/x.vcf")
    for line in ("UID:u@phone", "ORG:Bodegas Luna;Compras", "item1.X-ABDATE:20200101", "item1.X-AB",
                 "URL:https://two.example", "PHOTO;ENCODING=b:AAAA", "TEL:no number"):  # fmt: skip
        assert line in text
    assert "item2" not in text and text.count("URL") == 2
    program.ask("PUT", "contacts/x.vcf", text)
    assert body(program, "contacts/x.vcf") == text


def test_what_a_card_has_no_word_for_stays_when_a_program_changes_the_rest(program):
    ana = make_contact(
        owner=program.user, given_name="Ana", first_surname="García",
        phones=[{"value": "612345678", "label": "Móvil"}, "622345678"],
        social=["@ana"], lifecycle="customer", website="https://ana.example",
        addresses=[{"street": "Mayor 1", "district": "Centro", "unit": "2º", "country": "ES"}],
    )  # fmt: skip
    path = f"contacts/{ana.public_id}.vcf"

    changed = body(program, path).replace("+34622345678", "+34633345678")
    assert program.ask("PUT", path, changed, If_Match=program.etag(path)).status_code == 204

    ana.refresh_from_db()
    assert ana.lifecycle == "customer" and ana.points.filter(kind=Point.Kind.SOCIAL).exists()
    assert ana.addresses.get().district == "Centro"
    phones = ana.points.filter(kind="phone").values_list("value", "label")
    assert set(phones) == {("+34612345678", "Móvil"), ("+34633345678", "")}
    version = ana.version
    program.ask("PUT", path, body(program, path))
    ana.refresh_from_db()
    assert ana.version == version


def test_a_contact_is_renamed_emptied_and_loses_its_company(program):
    firm = make_company(owner=program.user, name="Luna")
    ana = make_contact(owner=program.user, company=firm, birthday=date(1980, 2, 14),
                       emails=["ana@example.com"], notes="Algo")  # fmt: skip
    path = f"contacts/{ana.public_id}.vcf"

    program.ask("PUT", path, card("x", name="de la Fuente Sanz;Eva María;;;"))

    ana.refresh_from_db()
    assert (ana.given_name, ana.first_surname, ana.second_surname) == (
        "Eva María", "de la Fuente", "Sanz")  # fmt: skip
    assert (ana.company, ana.birthday, ana.notes) == (None, None, "")
    assert not ana.points.exists()


def test_a_deleted_contact_lies_in_the_bin_and_comes_back(program):
    ana = make_contact(owner=program.user)
    program.ask("PUT", f"contacts/{ana.public_id}.vcf", card("x", "NOTE:Hola"))
    _found, token = program.sync("contacts/")

    assert program.ask("DELETE", f"contacts/{ana.public_id}.vcf").status_code == 204
    ana.refresh_from_db()
    assert ana.binned_at
    path = f"{program.home}contacts/{ana.public_id}.vcf"
    found, token = program.sync("contacts/", token)
    assert found == {path: "HTTP/1.1 404 Not Found"}

    undo_changes(ChangeSet.objects.filter(kind="delete").latest("pk"), by=program.user)
    found, _token = program.sync("contacts/", token)
    assert found == {path: program.etag(path)}


def test_an_etag_changes_with_the_name_of_the_company(program):
    firm = make_company(owner=program.user)
    ana = make_contact(owner=program.user, company=firm)
    before = program.etag(f"contacts/{ana.public_id}.vcf")

    path = f"contacts/{firm.public_id}.vcf"
    program.ask("PUT", path, body(program, path).replace("Firma", "Casa"))

    assert program.etag(f"contacts/{ana.public_id}.vcf") != before


def test_what_a_role_does_not_see_neither_leaves_nor_is_written(program):
    ana = make_contact(owner=program.user, phones=["612345678"], notes="Secreto")
    path = f"contacts/{ana.public_id}.vcf"
    before = program.etag(path)
    Role.objects.filter(pk="seller").update(hidden={"contacts": ["phones", "notes"]})

    text = body(program, path)

    assert "TEL" not in text and "Secreto" not in text and program.etag(path) != before
    assert program.ask("PUT", path, text.replace("García", "Sanz")).status_code == 204
    refused = program.ask("PUT", path, card("x", "TEL:699999999"))
    assert refused.status_code == 403 and "phones" in refused.content.decode()
    ana.refresh_from_db()
    assert ana.first_surname == "Sanz" and ana.notes == "Secreto"
    assert ana.points.get().value == "+34612345678"
    assert not looked_up(program, "contacts/", "612345678", "TEL")
    assert not looked_up(program, "directory/", "612345678", "TEL")


def test_everybody_within_reach_can_be_looked_up_and_nobody_is_listed(program):
    mate, other = make_user(team=program.user.team), make_user(team=make_team())
    theirs = make_contact(owner=mate, given_name="Zoraida", first_surname="Núñez")
    hidden = make_contact(owner=other, given_name="Zoraida", first_surname="Oculta")
    gateway = program.props(program.home, "CR:directory-gateway")[program.home]
    assert gateway.text(cr("directory-gateway")) == f"{program.home}directory/"

    found = looked_up(program, "directory/", "zoraida nunez")

    assert list(found) == [f"{program.home}directory/{theirs.public_id}.vcf"]
    assert len(program.props("directory/", "D:getetag", depth="1")) == 1
    assert program.ask("GET", f"directory/{hidden.public_id}.vcf").status_code == 404
    path = f"directory/{theirs.public_id}.vcf"
    assert [program.ask(one, path, card()).status_code for one in ("PUT", "DELETE")] == [403, 403]
    assert program.ask("GET", f"contacts/{theirs.public_id}.vcf").status_code == 404
    everything = f"<CR:addressbook-query {SPACES}>{DATA}</CR:addressbook-query>"
    assert program.ask("REPORT", "directory/", everything).status_code == 403


def test_an_address_book_is_searched_by_what_its_cards_say(program):
    make_contact(owner=program.user, given_name="Ana", emails=["ana@example.com"], notes="Verde")
    make_contact(owner=program.user, given_name="Eva")

    assert len(looked_up(program, "contacts/", "ANA@EXAMPLE", "EMAIL")) == 1
    assert len(looked_up(program, "contacts/", "verde", "NOTE")) == 1
    assert len(looked_up(program, "contacts/", "garcia")) == 2
    one = "<CR:limit><CR:nresults>1</CR:nresults></CR:limit>"
    limited = looked_up(program, "contacts/", "garcia", more=one)
    assert limited[f"{program.home}contacts/"].status == "HTTP/1.1 507 Insufficient Storage"
    nobody = '<CR:filter><CR:prop-filter name="EMAIL"><CR:is-not-defined/></CR:prop-filter>'
    found = program.report("contacts/", "CR:addressbook-query", f"{DATA}{nobody}</CR:filter>")
    assert len(found) == 1


@pytest.mark.parametrize(
    "said",
    ["", "nothing", card() + card("other"), card("g", "X-ADDRESSBOOKSERVER-KIND:group"),
     card("n", name=f"{'x' * 300};Ana;;;"), card("b", "BDAY:21990101")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_reason(program, said):
    answer = program.ask("PUT", "contacts/x.vcf", said)

    assert answer.status_code == 403 and "responsedescription" in answer.content.decode()
    assert not Party.objects.exists() and not CardRest.objects.exists()


def test_who_may_not_add_or_change_is_told_so():
    agent = Program(make_user("analyst"))
    theirs = make_contact(owner=agent.user)
    path = f"contacts/{theirs.public_id}.vcf"

    assert agent.ask("PUT", "contacts/x.vcf", card()).status_code == 403
    assert agent.ask("PUT", path, card()).status_code == 403
    assert agent.ask("DELETE", path).status_code == 403
    assert Party.objects.get().binned_at is None


def test_what_was_kept_follows_a_merge(program):
    program.ask("PUT", "contacts/a.vcf", card("a", "X-OWN:kept"))
    survivor = make_contact(owner=program.user)

    parties.merge_parties(survivor, [Party.objects.get(given_name="Ana", first_surname="García",
                          pk__lt=survivor.pk)], by=program.user, choices={})  # fmt: skip

    assert "X-OWN:kept" in body(program, f"contacts/{survivor.public_id}.vcf")


@pytest.mark.parametrize("names", [("D:getetag",), ("D:getetag", "CR:address-data")])
def test_an_address_book_costs_the_same_for_one_as_for_many(program, names):
    def more():
        firm = make_company(owner=program.user)
        make_contact(owner=program.user, company=firm, emails=[f"{firm.pk}@example.com"])

    def ask():
        program.props("contacts/", *names, depth="1")

    more()
    ask()
    cost = query_cost(ask)
    for _ in range(4):
        more()
    ask()
    assert query_cost(ask) == cost
    assert cost < 12
