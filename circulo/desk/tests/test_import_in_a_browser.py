import pytest

from circulo.parties.models import Party
from circulo.testing.browser import screenshot
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = (
    "Nombre;Correo;Color\nAna García;ana@x.es;rojo\n"
    "Luis Pérez;no es un correo;azul\nEva Ruiz;eva@x.es;verde\n"
)


def choose(page, path):
    page.set_input_files("input[type=file]", path)
    page.click("main form .primary")
    page.wait_for_selector("#import-columns")


def downloaded(page):
    with page.expect_download() as download:
        page.click("a[download]")
    return download.value.path().read_text(encoding="utf-8-sig")


def bring_in(page):
    page.click("[formaction$='/check']")
    page.click("form[action$='/run'] button", timeout=20_000)
    page.wait_for_selector(".notice.good", timeout=20_000)


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (320, "dark")])
def test_a_file_with_errors_is_brought_in_mended_and_brought_in_again(
    visit, tmp_path, width, scheme
):
    table = tmp_path / "gente.csv"
    table.write_bytes(TABLE.encode("cp1252"))
    user = make_user("seller", language="en")
    visitor = visit(user, width=width, scheme=scheme)
    page = visitor.open("/imports")
    fine(visitor, "import-file")

    choose(page, table)
    page.select_option("#id_column-2", "tags")
    page.wait_for_selector(".preview th:has-text('Tags')")
    assert page.evaluate("document.activeElement.id") in ("id_column-2", "")
    fine(visitor, "import-columns")
    page.click("[formaction$='/check']")
    page.wait_for_selector(".refusals", timeout=20_000)
    fine(visitor, "import-checked")
    errors = downloaded(page)
    page.click("form[action$='/run'] button")
    page.wait_for_selector(".notice.good", timeout=20_000)
    fine(visitor, "import-done")

    mended = tmp_path / "mended.csv"
    mended.write_text(errors.replace("no es un correo", "luis@x.es"), encoding="utf-8")
    page.click("a[href*='/imports?as=']")
    choose(page, mended)
    assert page.input_value("#id_column-2") == "tags"
    bring_in(page)

    people = dict(Party.objects.values_list("name", "tags"))
    assert people == {"Ana García": ["rojo"], "Eva Ruiz": ["verde"], "Luis Pérez": ["azul"]}
    page.click("a[href*='sort=-created_at']")
    page.wait_for_selector("text=Luis Pérez")
    assert visitor.complaints == []


def test_the_whole_way_without_any_script(visit, tmp_path):
    table = tmp_path / "gente.csv"
    table.write_text(TABLE)
    visitor = visit(make_user("seller", language="en"), java_script_enabled=False)
    page = visitor.open("/imports")

    choose(page, table)
    page.select_option("#id_column-2", "tags")
    page.click("noscript button")
    assert page.input_value("#id_column-2") == "tags"
    page.click("[formaction$='/check']")
    wait_by_hand(page, "form[action$='/run'] button")
    page.click("form[action$='/run'] button")
    wait_by_hand(page, ".notice.good")

    assert Party.objects.count() == 2


def fine(visitor, name):
    width = visitor.page.viewport_size["width"]
    screenshot(visitor, f"{name}-{width}")
    assert visitor.axe() == []
    assert visitor.overflow() == 0
    assert visitor.complaints == []


def wait_by_hand(page, selector):
    for _attempt in range(60):
        if page.query_selector(selector):
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(selector)
