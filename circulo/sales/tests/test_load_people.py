"""The people whom the rows of a table of deals name: found among those who are here, never made."""

import pytest

from circulo.parties.models import Party
from circulo.sales.models import Deal, DealPerson
from circulo.sales.tests.test_load_deals import dumped, load, written
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_deal, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEAD = "Título;Contacto;Importe;Correo;Empresa\n"


@pytest.fixture
def ana():
    return make_contact(given_name="Ana María", first_surname="Gil", second_surname="Mora",
                        emails=["ana@x.es"])  # fmt: skip


@pytest.mark.parametrize(
    "row",
    ["Obra;Ana María Gil Mora;10;;", "Obra;ana maria gil mora;10;;", "Obra;;10;ANA@x.es;",
     "Obra;Gil Mora, Ana María;10;;", "Obra;Anita;10;ana@x.es;"],
)  # fmt: skip
def test_a_person_who_is_here_is_whom_the_deal_is_with(ana, row):
    done = load(HEAD + row + "\n", make_user("admin"))

    assert (done.created, done.refused) == (1, 0)
    assert Deal.objects.get().party == ana
    assert Party.objects.count() == 1


def test_an_identifier_says_who_it_is(ana):
    assert load(HEAD + f"Obra;{ana.public_id};10;;\n", make_user("admin")).created == 1

    assert Deal.objects.get().party == ana


def test_beside_a_company_a_person_has_a_part_in_the_deal(ana):
    admin, firm = make_user("admin"), make_company(name="Acme")
    text = "Referencia;Título;Correo;Empresa\nA-1;Obra;ana@x.es;Acme\n"

    assert load(text, admin).created == 1

    deal = Deal.objects.get()
    assert (deal.party, DealPerson.objects.get().party) == (firm, ana)
    assert load(text, admin).skipped == 1
    DealPerson.objects.all().delete()
    assert load(text, admin).updated == 1
    assert Deal.objects.get().version == deal.version + 1


def test_a_row_that_names_a_person_alone_moves_no_deal_away_from_its_company(ana):
    admin, firm = make_user("admin"), make_company(name="Acme")
    deal = make_deal(party=firm, owner=admin, reference="A-1", title="Obra")
    text = "Referencia;Título;Contacto\nA-1;Reforma;Ana María Gil Mora\n"

    assert load(text, admin).updated == 1

    deal.refresh_from_db()
    assert (deal.party, deal.title) == (firm, "Reforma")
    assert DealPerson.objects.get().party == ana
    assert load(text, admin).skipped == 1


def test_a_row_that_names_a_person_says_whom_a_deal_with_a_person_is_with(ana):
    admin = make_user("admin")
    deal = make_deal(party=make_contact(given_name="Luis"), owner=admin, reference="A-1")
    text = "Referencia;Contacto\nA-1;Ana María Gil Mora\n"

    assert load(text, admin).updated == 1

    deal.refresh_from_db()
    assert deal.party == ana and not DealPerson.objects.exists()
    assert load(text, admin).skipped == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [("Obra;Luis Ros;10;;", "There is no contact “Luis Ros” here."),
     ("Obra;;10;luis@x.es;", "There is no contact “luis@x.es” here."),
     ("Obra;Eva Ros;10;;", "2 contacts here are “Eva Ros”")],
)  # fmt: skip
def test_who_is_not_known_or_not_told_apart_is_refused_and_made_no_company(row, why):
    for _time in range(2):
        make_contact(given_name="Eva", first_surname="Ros")

    done = load(HEAD + row + "\n", make_user("admin"))

    assert (done.created, done.refused) == (0, 1)
    assert why in done.refusals.get().reason
    assert Party.objects.count() == 2


def test_beside_a_company_that_is_here_who_is_not_known_is_a_remark():
    firm = make_company(name="Acme")

    done = load(HEAD + "Obra;Luis Ros;10;;Acme\nVilla;Luis Ros;20;;Acme\n", make_user("admin"))

    assert (done.created, done.refused) == (2, 0)
    assert {deal.party for deal in Deal.objects.all()} == {firm}
    assert not DealPerson.objects.exists()
    remark = "There is no contact “Luis Ros” here. The deal was taken over without them."
    assert done.remarks == {remark: 2}


def test_an_address_tells_two_of_one_name_apart():
    first, second = (
        make_contact(given_name="Eva", first_surname="Ros", emails=[f"eva@{name}.es"])
        for name in "ab"
    )

    assert load(HEAD + "Obra;Eva Ros;10;eva@b.es;\n", make_user("admin")).created == 1

    assert Deal.objects.get().party == second != first


def test_nobody_out_of_sight_is_found(ana):
    text = HEAD + "Obra;;10;ana@x.es;\n"
    assert load(text, make_user("seller")).refused == 1
    marketer = make_user("admin")
    marketer.role.hidden = {"contacts": ["emails"]}
    marketer.role.save()
    assert load(text, marketer).refused == 1


def test_the_contacts_of_deals_that_were_handed_out_come_back_by_name(ana):
    admin = make_user("admin")
    make_deal(party=ana, owner=admin)
    rows = [row | {"party_id": "", "id": ""} for row in dumped(admin)]
    Deal.objects.all().delete()

    assert load(written(rows), admin).created == 1

    assert Deal.objects.get().party == ana


def test_many_rows_that_name_people_cost_as_many_statements_as_few(ana):
    admin = make_user("admin")
    text = "Título;Contacto;Correo\nObra;Ana María Gil Mora;ana@x.es\n"
    load(text, admin)

    assert query_cost(load, text, admin) == query_cost(load, text + "Obra;;ana@x.es\n" * 50, admin)
