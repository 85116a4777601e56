"""Duplicates among a million people: a first search, one after a day's changes, and while typing.

For the time of the measure every twentieth contact is there a second time, as people enter them: a
letter is missing, a surname too, and only the address or only the number is the same.
"""

import json
import subprocess
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bench.figures import Figure
from bench.names import GIVEN, SURNAMES
from bench.product import connect
from bench.world import World
from circulo.config import env

EACH, MARK = 20, "bench dedupe"
CHANGED = 10_000
TYPED = 400
COPY = """
WITH twins AS (
    SELECT nextval('parties_party_id_seq') AS twin, p.* FROM parties_party p
    WHERE p.kind = 'person' AND p.id %% %(each)s = 0
), added AS (
    INSERT INTO parties_party (id, kind, given_name, first_surname, second_surname, preferred_name,
        title, trade_name, legal_name, search, tax_id, tax_country, job_title, industry, language,
        form_of_address, lifecycle, source, tags, notes, custom, owner_id, is_demo, version,
        created_at, updated_at)
    SELECT twin, kind,
           CASE WHEN id %% 3 = 0 THEN left(given_name, 2) || substr(given_name, 4)
                ELSE given_name END,
           first_surname, CASE WHEN id %% 2 = 0 THEN '' ELSE second_surname END, '', '', '', '',
           search, '', '', '', '', '', '', 'contact', %(mark)s, '{}', '', '{}', owner_id, false, 1,
           now(), now()
    FROM twins
)
INSERT INTO parties_point (party_id, kind, value, label, is_primary, position)
SELECT w.twin, t.kind, t.value, '', true, 0 FROM twins w JOIN parties_point t ON t.party_id = w.id
WHERE t.is_primary AND t.kind = CASE WHEN w.id %% 40 = 0 THEN 'email' ELSE 'phone' END
"""


def measure(world: World) -> list[Figure]:
    """A search of all that learns, a search of what changed, and the warning while typing."""
    typing = _typing(world)
    try:
        _run(COPY, {"each": EACH, "mark": MARK})
        first = _dedupe("--learn")
        _run(
            "UPDATE parties_party SET version = version + 1 WHERE kind = 'person' AND id IN ("
            " SELECT id FROM parties_party WHERE kind = 'person' ORDER BY id LIMIT %(count)s)",
            {"count": CHANGED},
        )
        later = _dedupe()
    finally:
        _run(
            "DELETE FROM parties_duplicate;"
            "DELETE FROM parties_point WHERE party_id IN"
            f" (SELECT id FROM parties_party WHERE source = '{MARK}');"
            f"DELETE FROM parties_party WHERE source = '{MARK}'",
            None,
        )
    return [
        Figure("dedupe", "all people, learning included", first["seconds"], "s", 60,
               note=f"{first['records']:,} people, {first['pairs']:,} pairs"),
        Figure("dedupe", f"{CHANGED:,} changed against all, saved model", later["seconds"], "s", 8,
               note=f"{later['looked_at']:,} looked at"),
        typing,
    ]  # fmt: skip


def _typing(world: World) -> Figure:
    """What is asked after every pause while a contact is typed: names, an address, a number."""
    token = "b" * 32
    requests = [
        world.product.request(
            reverse("parties:duplicates"),
            method="POST",
            body=urlencode(
                {
                    "given_name": GIVEN[n % 40],
                    "first_surname": SURNAMES[n * 7 % 60],
                    "second_surname": SURNAMES[n * 11 % 60] if n % 3 else "",
                    "emails_value": f"persona{n * 1201}@example.com" if n % 2 else "",
                    "phones_value": f"6{n * 104_729 % 10**8:08}" if n % 5 else "",
                }
            ).encode(),
            Cookie=f"{world.cookie}; csrf={token}",
            Content_Type="application/x-www-form-urlencoded",
            X_CSRFToken=token,
            HX_Request="true",
            Accept="text/html",
        )
        for n in range(TYPED)
    ]
    world.once(requests[:40])
    typed = world.once(requests)
    return Figure("dedupe", "warning while typing, p95", typed.percentile(0.95), "ms", 60,
                  note=typed.said)  # fmt: skip


def _dedupe(*arguments: str) -> dict[str, Any]:
    command = [str(env.CHECKOUT / "bin" / "circulo"), "dedupe", "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _run(sql: str, parameters: dict[str, Any] | None) -> None:
    with connect(owner=True) as database:
        database.execute(sql, parameters)
