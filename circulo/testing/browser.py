"""Fixtures for tests in a real browser, and what every page owes whoever looks at it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from circulo.accounts.models import User
from circulo.config.env import CHECKOUT
from circulo.testing import browsers
from circulo.testing.site import Site, standing

_PATIENCE = 20_000  # milliseconds: other tests take their share of the processors
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is not written down: that takes as long as looking.
_AXE = "async only => (await axe.run(document, {runOnly: only, resultTypes: ['violations'], \
preload: false})).violations.map(\
v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives the browsers of this process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        yield playwright
        connections.close_all()  # those of its loop, which the end of the database cannot see


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for all tests of this process."""
    with _launched(driver, browsers.path()) as browser:
        yield browser


@contextmanager
def _launched(driver: Playwright, path: str) -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = driver.chromium.launch(executable_path=path, args=arguments)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def place(django_db_setup: None) -> Iterator[Site]:
    """Where the product runs for the tests of this process."""
    with standing() as site:
        yield site


@pytest.fixture
def site(place: Site, transactional_db: None) -> Iterator[str]:
    """The running product on the database of this test; its address."""
    with place.serving() as address:
        yield address


class Visitor:
    """A person at a browser: opens pages and keeps what the browser complains of."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        """Go to a path of the product and wait until it stands."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def axe(self) -> list[str]:
        """What breaks the rules of WCAG 2.2 AA on the page as it is now."""
        if not self.page.evaluate("() => 'axe' in window"):
            source = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
            self.page.evaluate(source.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(_AXE, RULES)
        return found

    @contextmanager
    def in_the_dark(self) -> Iterator[None]:
        """The same page as whoever prefers dark themes sees it."""
        self.page.emulate_media(color_scheme="dark")
        yield
        self.page.emulate_media(color_scheme="light")

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "favicon" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Any]:
    """A function that gives a visitor: `visit(user, width=360, scheme="dark")`."""
    with _visits(chromium, site) as enter:
        yield enter


@pytest.fixture
def visit_in_a_window(driver: Playwright, site: str) -> Iterator[Any]:
    """The same through the whole browser, for what only that one does."""
    whole = _launched(driver, browsers.path(whole=True))
    with whole as browser, _visits(browser, site) as enter:
        yield enter


@contextmanager
def _visits(browser: Browser, site: str) -> Iterator[Any]:
    contexts: list[BrowserContext] = []

    def enter(
        user: User | None = None, *, width: int = 1366, scheme: Any = "light", **more: Any
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 768}, color_scheme=scheme, **more
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_of(user, site)])
        return Visitor(context, site)

    yield enter
    for context in contexts:
        context.close()


def _session_of(user: User, site: str) -> Any:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site}


def screenshot(visitor: Visitor, name: str) -> None:
    """Keep a picture where CIRCULO_SHOTS says, for a person to look at."""
    folder = os.environ.get("CIRCULO_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
