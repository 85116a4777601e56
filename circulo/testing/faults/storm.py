"""One storm: everybody works, parts die, and at the end everything is counted."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from circulo.testing.faults.clients import Files, Notes, People, Programs
from circulo.testing.faults.http import FORM, Client, Form
from circulo.testing.faults.judge import Verdict, judge
from circulo.testing.faults.product import Part, Product, started

PASSWORD = "tormenta de martes 27"
ADMINISTRATOR = "SELECT email FROM accounts_user ORDER BY id LIMIT 1"


@dataclass
class Storm:
    """What is killed, when, and how much work goes on meanwhile."""

    kills: list[Part]
    seed: int = 1
    rows: int = 20_000
    programs: int = 3
    people: int = 2
    pause: tuple[float, float] = (0.5, 3.5)
    struck: list[tuple[float, Part]] = field(default_factory=list)

    def run(self, home: Path, port: int = 0) -> Verdict:
        """Let it rage over a product on an empty data folder."""
        with started(home, port) as product:
            notes = Notes()
            person, token = enter(product, notes)
            files = Files(program(product, notes, token), notes, self.rows)
            files.bring(0)  # nothing is killed yet: what the others are compared with
            workers: list[Programs | People | Files] = [
                *(Programs(program(product, notes, token), notes, str(n))
                  for n in range(self.programs)),
                *(People(_copy(person), notes, str(n)) for n in range(self.people)),
                files,
            ]  # fmt: skip
            _work_while(lambda: self._rage(product), (w.work for w in workers), notes)
            return judge(product, notes, files, self.struck)

    def _rage(self, product: Product) -> None:
        chance = random.Random(self.seed)
        time.sleep(1)
        for part in self.kills:
            time.sleep(chance.uniform(*self.pause))
            deadline = time.monotonic() + 30
            while not product.kill(part, chance) and time.monotonic() < deadline:
                time.sleep(0.02)
            self.struck.append((time.monotonic(), part))
        time.sleep(2)


def shuffled(counts: dict[Part, int], seed: int) -> list[Part]:
    """So many deaths of each part, in an order that the seed decides."""
    parts = list(Counter(counts).elements())
    random.Random(seed).shuffle(parts)
    return parts


def _work_while(
    act: Callable[[], None],
    works: Iterable[Callable[[Callable[[], bool]], None]],
    notes: Notes,
) -> None:
    over = threading.Event()

    def safely(work: Callable[[Callable[[], bool]], None]) -> None:
        try:
            work(over.is_set)
        except Exception as error:  # whatever a client could not make sense of is a finding
            notes.wrong.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=safely, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        act()
    finally:
        over.set()
        for thread in threads:
            thread.join()


def enter(product: Product, notes: Notes) -> tuple[Client, str]:
    """The first administrator: by the link that bin/run printed, and a token for programs."""
    person = Client(product.base, notes.heard)
    page = person.call("GET", product.first_link)
    where = page.headers.get("location", product.first_link)
    form = Form(person.call("GET", where).text, "new")
    said = form.filled({"new": PASSWORD, "again": PASSWORD})
    answer = person.call("POST", where, urlencode(said).encode(), Content_Type=FORM)
    assert answer.status == 302, answer.text
    email = str(product.rows(ADMINISTRATOR)[0][0])
    made = product.command("token", email, "--json")
    assert made.returncode == 0, made.stderr
    return person, str(json.loads(made.stdout)["token"])


def program(product: Product, notes: Notes, token: str) -> Client:
    client = Client(product.base, notes.heard)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def _copy(person: Client) -> Client:
    other = Client(f"http://{person.address}", person.heard)
    other.cookies = dict(person.cookies)
    return other
