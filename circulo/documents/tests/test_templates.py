import pytest

from circulo.documents import actions
from circulo.documents.actions import Saying
from circulo.documents.drafting import merged
from circulo.documents.merging import recipients
from circulo.documents.models import Template
from circulo.lib.errors import Invalid, RuleBroken, Stale
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_template, make_user

pytestmark = pytest.mark.django_db


def form_of(**said):
    return {"name": "Oferta", "kind": "letter", "layout": "letter", "sharing": "all",
            "is_active": "on", "body_es": "Hola {{ contact.given_name }}"} | said  # fmt: skip


def merge(template, party, user):
    spoken = [text.language for text in template.texts.all()]
    return merged(template, recipients(user, [party.pk], spoken)[0], user)


def test_a_template_is_written_changed_and_brought_back(client):
    eva = make_user()
    client.force_login(eva)

    client.post("/templates/new", form_of())
    template = Template.objects.get()
    url = template.get_absolute_url()
    client.post(url, form_of(body_es="Adiós", version=1))
    assert template.texts.get().body == "Adiós"
    assert client.post(url, form_of(body_es="Tarde", version=1)).status_code == 422
    client.post(f"{url}/restore/1")

    template.refresh_from_db()
    assert template.version == 3 and template.texts.get().body == "Hola {{ contact.given_name }}"
    assert list(template.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_a_text_that_cannot_be_merged_is_refused_with_its_place(client):
    client.force_login(make_user())

    answer = client.post("/templates/new", form_of(body_es="Hola\n{{ contact.nombre }}"))

    assert answer.status_code == 422 and not Template.objects.exists()
    assert "ínea 2, columna 4" in answer.content.decode()


def test_two_who_write_at_once_are_told():
    eva = make_user()
    template = make_template(by=eva)
    actions.edit_template(template, Saying("A", texts={"es": ("", "a")}), by=eva, expected=1)

    with pytest.raises(Stale):
        actions.edit_template(template, Saying("B", texts={"es": ("", "b")}), by=eva, expected=1)


@pytest.mark.parametrize("texts", [{}, {"fr": ("", "x")}, {"es": ("Solo asunto", "")}])
def test_a_template_says_something_in_a_language_of_ours(texts):
    with pytest.raises(Invalid):
        make_template(texts=texts)


def test_values_come_in_the_language_and_region_of_the_recipient():
    eva = make_user("admin", name="Eva Ríos")
    company = make_company(name="Duero, S.A.")
    ana = make_contact(
        given_name="Ana", first_surname="Gil", title="Dra.", company=company, birthday="1980-03-05",
        emails=["ana@x.example"], lifecycle="customer",
        addresses=[{"street": "Calle Mayor 1", "city": "Soria", "postal_code": "42001",
                    "country": "ES"}],
    )  # fmt: skip
    john = make_contact(given_name="John", first_surname="Roe", language="en",
                        addresses=[{"city": "London", "country": "GB"}])  # fmt: skip
    template = make_template(
        by=eva,
        texts={
            "es": ("Para {{ contact.name }}",
                   "{{ contact.salutation }}: {{ contact.birthday }}; {{ contact.lifecycle }}; "
                   "{{ contact.company.name }}; {{ contact.address.city }}; {{ contact.email }}; "
                   "{{ sender.name }}"),
            "en": ("", "{{ contact.salutation }}, {{ contact.created_at }} {{ contact.title }}"),
        },
    )  # fmt: skip

    assert merge(template, ana, eva).subject == "Para Ana Gil"
    assert merge(template, ana, eva).body == (
        "Estimada Dra. Gil: 5 de marzo de 1980; Cliente; Duero, S.A.; Soria; ana@x.example; "
        "Eva Ríos"
    )
    english = merge(template, john, eva)
    assert english.body.startswith("Dear John Roe, ") and english.missing == ["contact.title"]


@pytest.mark.parametrize("said,language,begins", [
    ({"title": "D."}, "es", "Estimado D. Ana"),
    ({"title": "Sra."}, "es", "Estimada Sra. Gil"),
    ({}, "es", "Estimado/a Ana Gil"),
    ({"form_of_address": "familiar"}, "es", "Hola, Ana"),
    ({"title": "Mr"}, "en", "Dear Mr Gil"),
    ({}, "en", "Dear Ana Gil"),
])  # fmt: skip
def test_nobody_is_addressed_by_a_guess(said, language, begins):
    eva = make_user("admin")
    party = make_contact(given_name="Ana", first_surname="Gil", language=language, **said)
    text = {language: ("", "{{ contact.salutation }}")}

    assert merge(make_template(by=eva, texts=text), party, eva).body == begins


def test_a_field_hidden_from_a_role_cannot_be_merged():
    admin, eva = make_user("admin"), make_user()
    eva.role.hidden = {"contacts": ["emails", "addresses"], "companies": ["emails", "addresses"]}
    eva.role.save()
    party = make_contact(owner=eva, emails=["secreto@x.example"],
                         addresses=[{"city": "Secretón"}])  # fmt: skip
    for field in ("contact.email", "contact.emails", "contact.address.city", "contact.city"):
        template = make_template(by=admin, body=f"x {{{{ {field} }}}}")
        with pytest.raises(RuleBroken) as refused:
            merge(template, party, eva)
        assert field in str(refused.value) and "secreto" not in str(refused.value).lower()
        with pytest.raises(Invalid):
            make_template(by=eva, body=f"{{{{ {field} }}}}")


def test_templates_are_seen_by_those_they_are_shared_with(client):
    norte = make_team()
    eva = make_user(team=norte)
    mine = make_template(by=eva, name="Mía", sharing="own")
    ours = make_template(by=eva, name="Nuestra", sharing="team")
    all_of_us = make_template(by=eva, name="De todos")
    for user, seen in ((eva, {mine, ours, all_of_us}), (make_user(team=norte), {ours, all_of_us}),
                       (make_user(team=make_team()), {all_of_us}),
                       (make_user("admin"), {mine, ours, all_of_us})):  # fmt: skip
        assert set(Template.objects.visible_to(user)) == seen
    client.force_login(make_user(team=norte))
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert client.get(ours.get_absolute_url()).status_code == 200
    assert client.post(ours.get_absolute_url(), form_of()).status_code == 404
    assert client.post(f"{ours.get_absolute_url()}/restore/1").status_code == 404


def test_the_list_names_the_language_that_is_missing_and_costs_the_same_for_many(client):
    client.force_login(make_user("admin"))
    make_template()
    assert "Inglés" in client.get("/templates").content.decode()
    cost = query_cost(client.get, "/templates")
    for _ in range(4):
        make_template()

    assert query_cost(client.get, "/templates") == cost


def test_the_preview_is_of_a_real_person_with_htmx_and_without(client):
    eva = make_user()
    client.force_login(eva)
    make_contact(given_name="Begoña", first_surname="<Núñez>", owner=eva)
    text = form_of(body_es="Hola **{{ contact.given_name }}** {{ contact.title }}", who="begona")

    swapped = client.post("/templates/preview", text, headers={"HX-Request": "true"})
    whole = client.post("/templates/preview", text)

    for answer in (swapped, whole):
        shown = answer.content.decode()
        assert answer.status_code == 200 and "Hola <strong>Begoña</strong>" in shown
        assert "<code>contact.title</code>" in shown
    assert "<html" not in swapped.content.decode() and "<html" in whole.content.decode()
    assert not Template.objects.exists()


def test_who_may_write_no_templates_is_refused(client):
    client.force_login(make_user("auditor"))

    assert client.get("/templates").status_code == 200
    assert client.get("/templates/new").status_code == 403


def test_a_preview_takes_the_name_of_nobody_with_what_no_database_takes(client):
    client.force_login(make_user("admin"))

    assert client.post("/templates/new", form_of(name="") | {"who": "\0abc"}).status_code == 422
