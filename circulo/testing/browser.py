"""Fixtures for tests in a real browser, and what every page owes whoever looks at it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from circulo.accounts.models import User
from circulo.config.env import CHECKOUT
from circulo.testing.site import serving

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a theme can break; all else is the same page.
COLOURS = ["color-contrast", "link-in-text-block"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is not written down: that takes as long as looking.
_AXE = "async only => (await axe.run(document, {runOnly: only, resultTypes: ['violations'], \
preload: false})).violations.map(\
v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    path = os.environ.get("CIRCULO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        connections.close_all()  # those of its loop, which the end of the database cannot see
        browser.close()


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The running product on the database of this test; its address."""
    with serving() as address:
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

    def axe(self, *, colours_only: bool = False) -> list[str]:
        """What breaks the rules of WCAG 2.2 AA on the page as it is now, or those about colours."""
        if not self.page.evaluate("() => 'axe' in window"):
            source = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
            self.page.evaluate(source.read_text(encoding="utf-8"))
        only = {"type": "rule", "values": COLOURS} if colours_only else RULES
        found: list[str] = self.page.evaluate(_AXE, only)
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
    contexts: list[BrowserContext] = []

    def enter(
        user: User | None = None, *, width: int = 1366, scheme: Any = "light", **more: Any
    ) -> Visitor:
        context = chromium.new_context(
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
