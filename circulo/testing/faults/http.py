"""A client that knows cookies and forms, and for whom no answer is an answer too."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

NO_ANSWER = 0
FORM = "application/x-www-form-urlencoded"
TICKED = ("checkbox", "radio")
PATIENCE = 120.0


class GaveUp(Exception):
    """Something got no answer for far too long."""


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection ended without an answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def says_later(self) -> bool:
        """Nothing came of it, or it may be tried again."""
        return self.status == NO_ANSWER or self.status == 503 or "retry-after" in self.headers


class Client:
    """One person or program. `heard` is told every answer with the moment its call began."""

    def __init__(self, base: str, heard: Callable[[float, str, Answer], None]) -> None:
        self.address = urlsplit(base).netloc
        self.heard = heard
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Ask once."""
        began = time.monotonic()
        link = http.client.HTTPConnection(self.address, timeout=30)
        try:
            answer = self._ask(link, method, path, body, headers)
        except (OSError, http.client.HTTPException):
            answer = Answer(NO_ANSWER)
        finally:
            link.close()
        self.heard(began, f"{method} {path}", answer)
        return answer

    def until_answered(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Ask the same again and again until it is answered."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.call(method, path, body, **headers)
            if not answer.says_later:
                return answer
            time.sleep(0.1)
        raise GaveUp(f"{method} {path}")

    def send_form(self, form: "Form", path: str, values: dict[str, str]) -> Answer:
        """Fill a form in and send it, the very same again until it is answered."""
        body = urlencode(form.filled(values)).encode()
        return self.until_answered("POST", form.action or path, body, Content_Type=FORM)

    def _ask(
        self,
        link: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        headers: dict[str, str],
    ) -> Answer:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"Cookie": cookies, "Origin": f"http://{self.address}"} if cookies else {}
        link.request(method, path, body or None, {**self.headers, **own, **said})
        response = link.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        heads = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(), heads)


class Form(HTMLParser):
    """The form of a page that has a certain field, as a browser would send it untouched."""

    def __init__(self, page: str, has: str) -> None:
        super().__init__()
        self.has = has
        self.action = ""
        self.values: list[tuple[str, str]] = []
        self._at: list[tuple[str, str]] = []
        self._action = ""
        self._select = self._text = ""
        self._chosen = False
        self.feed(page)
        if not self.values:
            raise GaveUp(f"no form with {has} on this page: {_words(page)}")

    def filled(self, values: dict[str, str]) -> list[tuple[str, str]]:
        """What is sent when some fields are filled in."""
        kept = [(name, value) for name, value in self.values if name not in values]
        return [*kept, *values.items()]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        name = said.get("name", "")
        if tag == "form":
            self._at, self._action = [], said.get("action", "")
        elif tag == "select":
            self._select, self._chosen = name, False
        elif tag == "option" and self._select:
            self._choose(said)
        elif tag == "textarea":
            self._text = name
            self._at.append((name, ""))
        elif tag == "input" and name and _is_sent(said):
            ticked = "on" if said.get("type") in TICKED else ""
            self._at.append((name, said.get("value", ticked)))

    def handle_data(self, data: str) -> None:
        if self._text:
            name, before = self._at.pop()
            self._at.append((name, before + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
        elif tag == "form":
            if self.has in dict(self._at) and not self.values:
                self.values, self.action = self._at, self._action
            self._at = []

    def _choose(self, said: dict[str, str]) -> None:
        """The first option stands until another is marked."""
        is_first = not self._chosen
        if "selected" in said and not is_first:
            self._at.pop()
        if "selected" in said or is_first:
            self._at.append((self._select, said.get("value", "")))
        self._chosen = True


def _is_sent(said: dict[str, str]) -> bool:
    if said.get("type") in TICKED:
        return "checked" in said
    return said.get("type") not in ("file", "submit", "button", "search")


def _words(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<script.*?</script>|<[^>]*>", " ", page, flags=re.S).split())[:1500]
