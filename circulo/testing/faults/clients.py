"""Who works with the product while it is being killed: programs, people, and a pile of files."""

import csv
import io
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from circulo.testing.faults.http import Answer, Client, Form

EVERY_BAD = 97
FIRMS = 300


@dataclass
class Notes:
    """What everybody was told, kept from many threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    written_at: list[float] = field(default_factory=list)
    rows_seen: list[tuple[float, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def heard(self, began: float, what: str, answer: Answer) -> None:
        """Count an answer; keep those that nobody should ever get."""
        is_wrong = answer.status >= 500 and answer.status != 503
        is_wrong |= b"Traceback" in answer.body
        is_wrong |= answer.status == 503 and "retry-after" not in answer.headers
        with self.lock:
            self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
            if is_wrong:
                self.wrong.append(f"{what}: {answer.status} {answer.text[:300]}")

    def acknowledge(self, kind: str, name: str, answer: Answer, *, good: int) -> bool:
        """The product said that something is written; whatever else it said is wrong."""
        with self.lock:
            if answer.status != good:
                self.wrong.append(f"{kind} {name}: {answer.status} {_words(answer)}")
                return False
            self.made.setdefault(kind, []).append(name)
            self.written_at.append(time.monotonic())
            return True

    def saw_rows(self, count: int) -> None:
        """How many rows of files are in by now."""
        with self.lock:
            self.rows_seen.append((time.monotonic(), count))


@dataclass
class Programs:
    """Creates contacts over the API, each with a key that is repeated until it is answered."""

    client: Client
    notes: Notes
    name: str

    def work(self, is_over: Callable[[], bool]) -> None:
        number = 0
        while not is_over():
            name = f"Api {self.name}.{number}"
            body = json.dumps({"given_name": name}).encode()
            answer = self.client.until_answered(
                "POST", "/api/v1/contacts", body,
                Content_Type="application/json", Idempotency_Key=f"k-{self.name}-{number}",
            )  # fmt: skip
            self.notes.acknowledge("api", name, answer, good=201)
            number += 1
            time.sleep(0.02)


@dataclass
class People:
    """Adds contacts with the form, and logs a note about each."""

    client: Client
    notes: Notes
    name: str

    def work(self, is_over: Callable[[], bool]) -> None:
        number = 0
        while not is_over():
            name = f"Form {self.name}.{number}"
            page = self.client.until_answered("GET", "/contacts/new")
            form = Form(page.text, "given_name")
            answer = self.client.send_form(form, "/contacts/new", {"given_name": name})
            if self.notes.acknowledge("form", name, answer, good=302):
                self._note(answer.headers["location"], f"Note {self.name}.{number}")
            number += 1

    def _note(self, address: str, text: str) -> None:
        page = self.client.until_answered("GET", address)
        form = Form(page.text, "kind")
        answer = self.client.send_form(form, address, {"kind": "note", "text": text})
        self.notes.acknowledge("note", text, answer, good=302)


@dataclass
class Files:
    """Sends one file after another and waits until each is in."""

    client: Client
    notes: Notes
    rows: int
    errors: dict[int, bytes] = field(default_factory=dict)
    ends: dict[int, dict[str, object]] = field(default_factory=dict)
    sent: int = 0

    def work(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            self.bring(self.sent)

    def bring(self, number: int) -> None:
        """Bring a file in, to its end."""
        self.sent = number + 1
        fields = {"type": "contacts", "on_duplicate": "update"}
        fields |= {"key": "email"} if number % 2 else {}
        kind, body = multipart(f"file-{number}.csv", table(number, self.rows), fields)
        answer = self.client.until_answered(
            "POST", "/api/v1/imports", body, Content_Type=kind, Idempotency_Key=f"file-{number}"
        )
        if not self.notes.acknowledge("file", str(number), answer, good=201):
            return
        where = f"/api/v1/imports/{json.loads(answer.body)['id']}"
        while (end := json.loads(self.client.until_answered("GET", where).body)) and (
            end["state"] not in ("done", "failed", "cancelled")
        ):
            self.notes.saw_rows(number * self.rows + end["rows_done"])
            time.sleep(0.1)
        self.notes.saw_rows(number * self.rows + end["rows_done"])
        self.ends[number] = end
        self.errors[number] = self.client.until_answered("GET", f"{where}/refused").body


def table(number: int, rows: int) -> bytes:
    """A file of people; every so many has an address that is none. Files differ in what is good."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Name", "Email", "Phone", "Company"])
    for n in range(rows):
        if n % EVERY_BAD == 0:
            writer.writerow([f"Bad {n}", "no address", "", ""])
        else:
            phone = f"+346{number:02d}{n:06d}"
            writer.writerow(
                [f"Row {number} {n}", f"p{n}@f{number}.example", phone, firm(number, n)]
            )
    return out.getvalue().encode()


def firm(number: int, n: int) -> str:
    """The company of a row."""
    return f"Firm {number} {n % FIRMS}"


def multipart(name: str, file: bytes, fields: dict[str, str]) -> tuple[str, bytes]:
    """A body as a browser sends files, and its content type."""
    mark = "--------faults"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(head.encode() + b"Content-Type: text/csv\r\n\r\n" + file + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()


def _words(answer: Answer) -> str:
    """What a page complains of; the beginning of whatever is no page."""
    alerts = re.findall(r'role="alert".*?</', answer.text, flags=re.S)
    return " ".join(alerts)[:600] or answer.text[:300]
