"""A morning of work, with the mouse and again with the keyboard alone, in both languages."""

import pytest
from playwright.sync_api import expect

from circulo.parties.models import Party
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "caballo grapa ñandú"
TABLE = "Nombre;Correo;Empresa\nOlga Peña;olga@x.example;Duero\nRaúl Sáez;no es un correo;Duero\n"
BOTH = pytest.mark.parametrize("language", ["es", "en"])
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)


@pytest.fixture
def firm(language):
    team = make_team("Ventas")
    eva, blas = (
        make_user("seller", team=team, language=language, password=PASSWORD, name=name)
        for name in ("Eva Ríos", "Blas Gil")
    )
    make_contact(given_name="Begoña", first_surname="Núñez", owner=eva, job_title="Compras",
                 lifecycle="lead", phones=["612345678"], emails=["b@duero.example"])  # fmt: skip
    for name in ("Ana", "Carlos", "Dora"):
        make_contact(given_name=name, first_surname="Gil", owner=eva, lifecycle="customer")
    return eva, blas


@pytest.fixture
def at_work(visit, firm, hand, language):
    """Somebody who has logged in, by the form, at the door of a page."""

    def enter(path="/"):
        locale = {"es": "es-ES", "en": "en-GB"}[language]
        visitor = visit(locale=locale, reduced_motion="reduce")
        worker = hand(visitor.open(path))
        worker.write("[name=email]", firm[0].email)
        worker.write("[name=password]", PASSWORD)
        worker.do("main form button.primary")
        visitor.page.wait_for_selector("html[data-ready]")
        expect(visitor.page.locator("html")).to_have_attribute("lang", language)
        return visitor, worker

    return enter


@BOTH
@EACH_HAND
def test_a_call_from_the_search_to_the_timeline(at_work, visit, firm, language):
    visitor, worker = at_work()
    page = visitor.page

    worker.do(".find", keys="Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("begona nu")
    found = page.locator("#palette-list [data-url^='/contacts/']")
    expect(found).to_have_count(1)
    worker.do("#palette-list [data-url^='/contacts/']", keys="Enter")
    page.wait_for_url("**/contacts/*")
    page.wait_for_selector("html[data-ready]")
    assert page.locator("a[data-keys=p]").get_attribute("href") == "tel:+34612345678"

    advised = page.locator("#next").inner_text()
    worker.do("#composer label:has([value=call])", keys="l")
    page.keyboard.type("Quiere cien cajas")
    worker.do("#composer button.primary", keys="Control+Enter")
    expect(page.locator("#latest")).to_contain_text("Quiere cien cajas")
    expect(page.locator("#composer textarea")).to_have_value("")
    expect(page.locator("#next")).not_to_have_text(advised)  # what to do next is told anew

    mate = visit(firm[1], locale="es-ES").open(page.url.removeprefix(visitor.site))
    mate.locator("#composer textarea").fill("Llamó otra vez")
    mate.locator("#composer button.primary").click()
    expect(page.locator("#latest")).to_contain_text("Llamó otra vez", timeout=10_000)
    screenshot(visitor, f"morning-call-{worker.name}-{language}")
    assert visitor.complaints == []


@BOTH
@EACH_HAND
def test_a_cell_is_edited_where_it_stands_and_a_list_filtered(at_work, language):
    visitor, worker = at_work("/contacts")
    page = visitor.page
    expect(page.locator("tbody tr")).to_have_count(4)

    worker.edit("td[data-edit$='/job_title']")
    expect(page.locator("td.editing input:focus")).to_have_count(1)
    page.keyboard.type("Gerente")
    page.keyboard.press("Enter")
    expect(page.locator("td.saved")).to_have_text("Gerente")

    worker.do("#filter summary", keys="f")
    worker.choose("#condition-field", "lifecycle")
    page.wait_for_selector("#condition-op")
    worker.tick("[name=values][value=customer]")
    worker.do("#new-condition .go button")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator(".bar .chip")).to_have_count(1)
    assert visitor.complaints == []


@BOTH
@EACH_HAND
def test_many_are_changed_at_once_and_what_went_to_the_bin_comes_back(at_work, language):
    visitor, worker = at_work("/contacts")
    page = visitor.page

    _tick_rows(page, worker, 2)
    worker.do(".bulk button[formaction$='/tag']")
    expect(page.locator("h1")).to_contain_text("2")
    assert not Party.objects.filter(tags=["feria"]).exists()
    worker.write("#value", "feria")
    worker.do("main form footer button")
    expect(page.locator(".toast")).to_have_count(1)
    assert Party.objects.filter(tags=["feria"]).count() == 2
    expect(page.locator("tbody")).to_contain_text("feria")
    page.wait_for_selector("html[data-ready]")
    worker.do(".toast[data-undo] form button", keys="Control+z")
    expect(page.locator("tbody")).not_to_contain_text("feria")
    assert not Party.objects.filter(tags=["feria"]).exists()

    page = visitor.open("/contacts")
    _tick_rows(page, worker, 1)
    worker.do(".bulk button[formaction$='/bin']")
    page.wait_for_selector("[name=sure]", state="attached")
    worker.do("main form footer button")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.wait_for_selector("html[data-ready]")
    worker.do(".toast[data-undo] form button", keys="Control+z")
    expect(page.locator("tbody tr")).to_have_count(4)
    assert visitor.complaints == []


def _tick_rows(page, worker, number):
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("tbody tr")
    for at in range(1, number + 1):
        if worker.name == "keyboard":
            page.keyboard.press("j")
        worker.tick(f"tbody tr:nth-child({at}) .pick", keys="x")
    expect(page.locator(".pick:checked")).to_have_count(number)


@BOTH
@EACH_HAND
def test_a_file_with_errors_comes_in_mended_and_the_day_ends(at_work, tmp_path, language):
    visitor, worker = at_work()
    page = visitor.page
    table = tmp_path / "gente.csv"
    table.write_text(TABLE, encoding="utf-8")

    worker.unfold(".nav summary")
    worker.do(".nav a[href='/imports']", keys="g i")
    page.wait_for_url("**/imports")
    _bring_in(page, worker, table)
    with page.expect_download() as download:
        worker.do("a[download]")
    mended = tmp_path / "mended.csv"
    errors = download.value.path().read_text(encoding="utf-8-sig")
    mended.write_text(errors.replace("no es un correo", "raul@x.example"), encoding="utf-8")
    worker.do("a[href*='/imports?as=']")
    _bring_in(page, worker, mended)
    assert Party.objects.filter(name__in=["Olga Peña", "Raúl Sáez"]).count() == 2

    worker.do(".me")
    worker.do("form[data-logout] button")
    page.wait_for_url("**/login*")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('recent:'))") == []
    assert visitor.complaints == []


def _bring_in(page, worker, table):
    page.set_input_files("input[type=file]", table)  # the window of the system is not the page's
    worker.do("main form button.primary")
    page.wait_for_selector("#import-columns")
    page.wait_for_selector("html[data-ready]")
    worker.do("[formaction$='/check']")
    page.wait_for_selector("form[action$='/run'] button", timeout=20_000)
    worker.do("form[action$='/run'] button")
    page.wait_for_selector(".notice.good", timeout=20_000)


@pytest.mark.parametrize("language", ["es"])
@pytest.mark.parametrize("path", ["/", "/contacts", "{contact}"])
def test_the_sheet_lists_every_shortcut_there_is(visit, firm, path):
    path = path.format(contact=Party.objects.earliest("pk").get_absolute_url())
    page = visit(firm[0]).open(path)
    page.wait_for_selector("html[data-ready]")
    said = page.locator("[data-keys]").evaluate_all("all => all.map(el => el.dataset.keys)")

    page.keyboard.press("?")

    rows = page.locator("#keys dd").all_inner_texts()
    shown = {"".join(row.split()).replace("·", " ") for row in rows}
    assert {"".join(keys.split()) for keys in said} <= {one for row in shown for one in row.split()}
    assert all(name.strip() for name in page.locator("#keys dt").all_inner_texts())
