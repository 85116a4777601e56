import io

import pytest
from pypdf import PdfReader

from circulo.documents import actions
from circulo.documents.actions import Writing
from circulo.documents.actions.mailings import place_of
from circulo.documents.models import Letter, Mailing
from circulo.lib.errors import RuleBroken
from circulo.records.models import Attachment
from circulo.testing.make import make_contact, make_team, make_template, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db
SORIA = {"street": "Calle Mayor 1", "city": "Soria", "postal_code": "42001", "country": "ES"}


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def seller(client):
    user = make_user(name="Eva Ríos")
    client.force_login(user)
    return user


def printed_of(letter):
    """The file of a letter, which it must have."""
    assert letter.file is not None
    return letter.file


def text_of(file):
    return "\n".join(page.extract_text() for page in PdfReader(str(file)).pages)


def ana(owner, **said):
    return make_contact(given_name="Ana", first_surname="Núñez", owner=owner, **said)


def test_a_letter_is_chosen_merged_edited_printed_and_told(client, seller):
    party = ana(seller, addresses=[SORIA])
    template = make_template(subject="Su oferta", body="{{ contact.salutation }}:\n\n#let x = 1 $")
    url = f"/letters/to/{party.public_id}"

    assert template.name in client.get(url).content.decode()
    form = client.get(url, {"template": template.public_id}).context["form"]
    assert form.initial["body"] == "Estimado/a Ana Núñez:\n\n#let x = 1 $"
    body = form.initial["body"] + "\n\nUn saludo **cordial**"
    answer = client.post(url, {"template": template.public_id, "subject": "Su oferta",
                               "body": body, "language": "es", "layout": "letter",
                               "then": "posted"})  # fmt: skip

    assert answer.status_code == 302
    letter = Letter.objects.get()
    assert letter.is_sent and letter.template == template
    file = printed_of(letter)
    printed = text_of(file.file)
    for part in ("Su oferta", "Estimado/a Ana Núñez:", "#let x = 1 $", "cordial", "42001 Soria"):
        assert part in printed
    told = Interaction.objects.get()
    assert (told.kind, told.direction, told.data["state"]) == ("letter", "out", "sent")
    assert told.about_kind == "letter" and told.data["document"]["id"] == file.public_id
    assert file.name in client.get(party.get_absolute_url()).content.decode()


def test_a_draft_gets_versions_until_it_is_posted(client, seller):
    party = ana(seller)
    letter = actions.write_letter(party, Writing("Uno", "Asunto"), by=seller)
    said = {"subject": "Asunto", "body": "Dos", "language": "es", "layout": "letter"}

    client.post(letter.get_absolute_url(), said | {"then": "draft"})
    client.post(f"{letter.get_absolute_url()}/post")

    letter.refresh_from_db()
    file = printed_of(letter)
    assert letter.is_sent and file.number == 2 and "Dos" in text_of(file.file)
    told = Interaction.objects.order_by("pk").values_list("direction", "data__state")
    assert list(told) == [("", "draft"), ("out", "sent")]
    assert client.post(letter.get_absolute_url(), said).status_code == 404
    with pytest.raises(RuleBroken):
        actions.post_letter(letter, by=seller)


def test_a_letter_whose_pdf_is_gone_is_not_posted_before_it_is_printed_again(client, seller):
    letter = actions.write_letter(ana(seller), Writing("Uno", "Asunto"), by=seller)
    printed_of(letter).file.unlink()

    client.post(f"{letter.get_absolute_url()}/post")

    letter.refresh_from_db()
    assert not letter.is_sent and Interaction.objects.count() == 1
    Attachment.objects.all().delete()
    page = client.get(letter.get_absolute_url()).content.decode()
    assert f"{letter.get_absolute_url()}/post" not in page
    letter.refresh_from_db()
    with pytest.raises(RuleBroken):
        actions.post_letter(letter, by=seller)
    again = actions.rewrite_letter(letter, Writing("Uno", "Asunto"), by=seller, is_posted=True)
    assert again.is_sent and printed_of(again).file.is_file()


def test_the_pdf_is_tagged_and_the_same_text_gives_the_same_bytes(seller):
    party = ana(seller)
    first, second = (actions.write_letter(party, Writing("Hola", f"A {n}"), by=seller)
                     for n in ("x", "x"))  # fmt: skip

    assert first.file == second.file  # under one name: versions of one file
    [old] = printed_of(second).versions.all()
    assert old.sha256 == Attachment.objects.get().sha256
    root = PdfReader(io.BytesIO(old.file.read_bytes())).root_object
    assert "/StructTreeRoot" in root and str(root["/Lang"]).startswith("es")


def test_only_who_may_change_a_party_writes_to_it(client):
    norte = make_team()
    owner = make_user(team=norte)
    party = ana(owner)
    letter = actions.write_letter(party, Writing("secreto"), by=owner)
    for user, seen in ((make_user(team=norte), 200), (make_user(team=make_team()), 404)):
        client.force_login(user)
        assert client.get(f"/letters/to/{party.public_id}").status_code == 404
        assert client.get(letter.get_absolute_url()).status_code == seen
        assert client.post(f"{letter.get_absolute_url()}/post").status_code == 404
    letter.refresh_from_db()
    assert not letter.is_sent


def test_nothing_is_kept_where_nothing_is_said(client, seller):
    party = ana(seller)

    said = {"blank": "1", "body": " ", "language": "es", "layout": "letter"}
    answer = client.post(f"/letters/to/{party.public_id}", said)

    assert answer.status_code == 422 and not Letter.objects.exists()
    assert not Attachment.objects.exists()


def many(seller, count=3):
    return [ana(seller, addresses=[SORIA]) for _ in range(count)]


def test_letters_for_many_are_one_pdf_and_told_to_each(client, seller):
    people = [*many(seller), ana(seller)]
    template = make_template(by=seller, body="Hola {{ contact.given_name }}")
    chosen = {"ids": [party.public_id for party in people], "sure": "1"}

    answer = client.post("/contacts/bulk/letters", chosen | {"value": template.public_id})

    mailing = Mailing.objects.get()
    assert answer["Location"] == mailing.get_absolute_url()
    actions.run_mailing(mailing)
    actions.run_mailing(mailing)  # a job may come twice
    mailing.refresh_from_db()
    assert (mailing.state, mailing.done) == ("done", 4) and len(mailing.skipped) == 1
    assert Interaction.objects.filter(kind="letter", direction="out").count() == 3
    got = client.get(f"{mailing.get_absolute_url()}/pdf")
    pages = PdfReader(io.BytesIO(b"".join(got.streaming_content))).pages
    assert len(pages) == 3 and "Hola Ana" in pages[2].extract_text()
    client.force_login(make_user("manager"))
    assert client.get(mailing.get_absolute_url()).status_code == 404


def test_gaps_are_told_before_anything_is_printed(client, seller):
    people = many(seller, 2)
    template = make_template(by=seller, body="Hola {{ contact.title }}")
    mailing = actions.start_mailing("letters", [p.pk for p in people], template, by=seller)

    actions.run_mailing(mailing)

    page = client.get(mailing.get_absolute_url()).content.decode()
    assert "contact.title" in page and not Interaction.objects.exists()
    client.post(f"{mailing.get_absolute_url()}/confirm")
    actions.run_mailing(Mailing.objects.get())
    assert Mailing.objects.get().state == "done" and Interaction.objects.count() == 2


def test_a_mailing_that_was_stopped_left_no_trace(client, seller):
    people = many(seller)
    template = make_template(by=seller)
    mailing = actions.start_mailing("letters", [p.pk for p in people], template, by=seller)

    client.post(f"{mailing.get_absolute_url()}/cancel")
    actions.run_mailing(mailing)

    mailing.refresh_from_db()
    assert mailing.state == "cancelled" and not mailing.path
    assert not Interaction.objects.exists()


def test_labels_are_printed_for_those_who_have_an_address(seller):
    people = many(seller, 30)
    mailing = actions.start_mailing("labels", [p.pk for p in people], None, by=seller)

    done = actions.run_mailing(mailing)

    assert done.state == "done" and not Interaction.objects.exists()
    from circulo.documents.actions.mailings import place_of

    pages = PdfReader(str(place_of(done))).pages
    assert len(pages) == 2 and pages[0].extract_text().count("42001 Soria") == 24


def test_the_sheet_of_a_record_hides_what_the_role_may_not_see(client, seller):
    party = ana(seller, emails=["ana@x.example"], addresses=[SORIA])
    url = f"/sheets/{party.public_id}"
    printed = PdfReader(io.BytesIO(client.get(url).content)).pages[0].extract_text()
    assert "Ana Núñez" in printed and "ana@x.example" in printed

    seller.role.hidden = {"contacts": ["emails"]}
    seller.role.save()

    printed = PdfReader(io.BytesIO(client.get(url).content)).pages[0].extract_text()
    assert "Ana Núñez" in printed and "ana@x.example" not in printed


def test_labels_say_what_their_template_says(client, seller):
    party = ana(seller, addresses=[SORIA])
    template = make_template(kind="label", name="Tarjetas", subject="",
                             body="{{ contact.given_name }}\nMesa 1")  # fmt: skip
    asked = client.post("/contacts/bulk/labels", {"ids": [party.public_id]}).content.decode()
    assert "Tarjetas" in asked

    client.post("/contacts/bulk/labels",
                {"ids": [party.public_id], "sure": "1", "value": template.public_id})  # fmt: skip
    done = actions.run_mailing(Mailing.objects.get())

    printed = text_of(place_of(done))
    assert "Ana" in printed and "Mesa 1" in printed and "Soria" not in printed


def test_a_document_is_made_from_its_template_and_told_as_one(client, seller):
    party = ana(seller)
    template = make_template(
        kind="document", layout="plain", subject="Contrato", body="Se acuerda."
    )
    url = f"/letters/to/{party.public_id}"

    assert template.name in client.get(url).content.decode()
    form = client.get(url, {"template": template.public_id})
    assert form.context["is_document"]
    assert "la ventana del sobre" not in form.content.decode()
    client.post(url, {"template": template.public_id, "subject": "Contrato", "body": "Se acuerda.",
                      "language": "es", "layout": "plain", "then": "posted"})  # fmt: skip

    told = Interaction.objects.get()
    assert (told.kind, told.subject, told.data["state"]) == ("document", "Contrato", "sent")
    assert "Se acuerda." in text_of(printed_of(Letter.objects.get()).file)
