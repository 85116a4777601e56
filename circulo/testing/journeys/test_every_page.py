"""What every page owes whoever looks at it: axe in both themes, small windows, its name."""

import json
import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from circulo.testing.browser import Visitor, screenshot
from circulo.testing.journeys.places import Firm, a_firm_at_work, pages_of, patterns

pytestmark = pytest.mark.django_db(transaction=True)
# What leads elsewhere, belongs to who is not logged in (see the ways in), is a file, or would
# change what cannot be changed.
NOT_PAGES = {
    "demo/<str:token>",
    "imports/<slug:identifier>/errors",
    "exports/<slug:identifier>/content",
    "changes/last",
    "files/<slug:identifier>/picture",
    "login",
    "password",
    "calendar/feed/<str:token>.ics",
    "b/<slug:token>",
    "b/<slug:token>/booked/<str:sealed>",
    "b/<slug:token>/booked/<str:sealed>/ics",
    "b/<slug:token>/booked/<str:sealed>/move",
    "b/<slug:token>/colour.css",
    "b/<slug:token>/logo",
    "contacts/views/<slug:view>",
    "companies/views/<slug:view>",
    "deals/views/<slug:view>",
    "interactions/views/<slug:view>",
    "interactions/<slug:id>/cell/<str:column>",
    "quotes/views/<slug:view>",
    "q/<slug:token>",
    "q/<slug:token>/colour.css",
    "q/<slug:token>/logo",
    "q/<slug:token>/pdf",
    "leads/views/<slug:view>",
    "tasks/views/<slug:view>",
    "appointments/views/<slug:view>",
    "products/views/<slug:view>",
    "f/<slug:token>",
}
NARROW, NARROWEST = 360, 320
PARTS = 3  # so that each process takes one
FILTER = quote(json.dumps({"all": [{"field": "lifecycle", "op": "is", "value": "customer"}]}))


def faults_here(visitor: Visitor, where: str) -> list[str]:
    """What is wrong with the page as it stands: at a desk by day, in a hand in the dark.

    Each theme and each width is looked at whole, once: what one colour is on another does not
    hang on the width, nor what stands on the page on the theme.
    """
    found = [f"axe: {one}" for one in visitor.axe()]
    for width in (NARROWEST, NARROW):
        visitor.page.set_viewport_size({"width": width, "height": 720})
        if over := visitor.overflow():
            found.append(f"{over} px too wide at {width}")
    with visitor.in_the_dark():
        found += [f"axe in the dark at {NARROW}: {one}" for one in visitor.axe()]
    title = visitor.page.title()
    is_theirs = where.startswith(("/f/", "/q/", "/b/"))  # in the name of the firm
    if not (is_theirs and title) and not re.search(". · Círculo$", title):
        found.append(f"has the title {title!r}")
    found += [text for text in visitor.complaints if "status of 4" not in text]  # as it was meant
    visitor.complaints.clear()
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    return [f"{where}: {one}" for one in found]


def faults_of(visitor: Visitor, paths: list[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        visitor.open(path)
        found += faults_here(visitor, path)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_whole_in_every_theme_and_width(visit, part):
    firm = a_firm_at_work()
    pages, unknown = pages_of(firm, patterns()[part::PARTS])
    visitor = visit(firm.admin, reduced_motion="reduce")

    assert set(unknown) - NOT_PAGES == set()
    assert len(pages) > 25
    assert not (found := faults_of(visitor, list(pages))), "\n".join(found)


def test_no_page_gives_one_key_to_two_things():
    firm = a_firm_at_work()
    found = []
    for path, page in pages_of(firm)[0].items():
        keys = Counter(re.findall(r'data-keys="([^"]+)"', page))
        found += [f"{path}: {key}" for key, times in keys.items() if times > 1]

    assert not found


def test_every_way_in_is_whole(visit):
    firm = a_firm_at_work()
    visitor = visit(reduced_motion="reduce")

    paths = ["/login", "/password", "/nowhere", *firm.guest]
    assert not (found := faults_of(visitor, paths)), "\n".join(found)


def _open_dialog(label: str) -> Callable[[Page, Firm], None]:
    return lambda page, _firm: page.locator(label).first.click()


def _type_in_palette(page: Page, _firm: Firm) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("maria")
    page.wait_for_selector("#palette-list [data-url^='/contacts/']")


def _tick(page: Page, _firm: Firm) -> None:
    page.locator(".pick").nth(1).check()


def _peek(page: Page, _firm: Firm) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.wait_for_selector(".peek .panel")


def _edit_cell(page: Page, _firm: Firm) -> None:
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector("td.editing input:focus")


def _choose_condition(page: Page, _firm: Firm) -> None:
    page.select_option("#condition-field", "lifecycle")
    page.wait_for_selector("#condition-op")


def _ask_for_bin(page: Page, firm: Firm) -> None:
    _tick(page, firm)
    page.locator(".bulk button").last.click()
    page.wait_for_selector("form [name=sure]", state="attached")


def _log_nothing(page: Page, _firm: Firm) -> None:
    page.focus("#composer textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#composer-wrong")


def _send_empty(page: Page, _firm: Firm) -> None:
    page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
    page.locator("main form[method=post] button.primary").first.click()
    page.wait_for_selector("[aria-invalid=true], [role=alert]")


STATES: dict[str, tuple[str, Callable[[Page, Firm], None] | None]] = {
    "nowhere": ("/nowhere", None),
    "nobody": ("/contacts/zzzzzzzzzz", None),
    "nothing found": ("/contacts?q=qwertyuiop", None),
    "nothing searched": ("/search?q=qwertyuiop", None),
    "filtered": (f"/contacts?filter={FILTER}", None),
    "bad filter": ("/contacts?filter=%7B", None),
    "bad sort": ("/contacts?sort=nope", None),
    "filter open": ("/contacts?panel=open", _open_dialog("#filter summary")),
    "condition": ("/contacts?panel=open&field=lifecycle", None),
    "columns": ("/contacts", _open_dialog(".sheet .bar .end button, .sheet .bar .end summary")),
    "ticked": ("/contacts", _tick),
    "peek": ("/contacts", _peek),
    "cell": ("/contacts", _edit_cell),
    "board": ("/contacts?view=none&shape=board&by=custom.nivel_del_club", None),
    "calendar": ("/contacts?view=none&shape=calendar&by=created_at", None),
    "groups": ("/contacts?view=none&shape=groups&by=lifecycle", None),
    "map": ("/contacts?view=none&shape=map&by=province", None),
    "world": ("/contacts?view=none&shape=map&by=country", None),
    "sorted twice": ("/contacts?view=none&sort=lifecycle,-name", None),
    "wide columns": ("/contacts?view=none&widths=name:400,emails:60&density=roomy", None),
    "view kept": ("/contacts?view=none", _open_dialog("[popovertarget=save-view]")),
    "new field": ("/settings/fields/contacts/new?kind=choice", _send_empty),
    "new formula": ("/settings/fields/contacts/new?kind=computed", None),
    "bin asked": ("/contacts", _ask_for_bin),
    "palette": ("/", _type_in_palette),
    "keys": ("/contacts", lambda page, _firm: page.keyboard.press("?")),
    "new": ("/", lambda page, _firm: page.keyboard.press("c")),
    "me": ("/", _open_dialog(".me")),
    "side": ("/#side", None),
    "nothing logged": ("{contact}", _log_nothing),
    "no name": ("/contacts/new", _send_empty),
    "no password": ("/settings/security", _send_empty),
    "no file": ("/imports", _send_empty),
    "no title": ("/tasks/new", _send_empty),
    "deals": ("/deals", None),
    "deals moved": ("/deals", _open_dialog("[data-move]:not([hidden])")),
    "deals as a table": ("/deals?shape=table", None),
    "month": ("/calendar?view=month", None),
    "a day": ("/calendar?view=day", None),
    "team": ("/calendar?view=team", None),
    "nothing to do": ("/tasks?show=dropped", None),
    "promises": ("/tasks?show=promises", None),
    "tasks as a board": ("/tasks?view=none&shape=board&by=state", None),
    "tasks by month": ("/tasks?view=none&shape=calendar&by=due_at", None),
    "task peeked": ("/tasks?view=none", _peek),
    "tasks ticked": ("/tasks?view=none", _tick),
    "appointments grouped": ("/appointments?view=none&shape=groups&by=kind,owner", None),
}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_state_is_whole(visit, part):
    firm = a_firm_at_work()
    visitor = visit(firm.admin, reduced_motion="reduce")
    found = []
    for name, (path, do) in list(STATES.items())[part::PARTS]:
        page = visitor.open(path.format(contact=firm.contact))
        page.wait_for_selector("html[data-ready]")
        if do:
            do(page, firm)
        screenshot(visitor, f"state-{name}")
        found += faults_here(visitor, name)
    assert not found, "\n".join(found)
