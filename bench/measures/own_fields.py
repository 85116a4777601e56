"""A list filtered by two own fields and sorted by a third; and others while a field is added."""

import json
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench import floor, product
from bench.dataset import OWN_FIELDS
from bench.drive import Result
from bench.figures import Figure
from bench.world import World

SQL = """
SELECT * FROM parties_party WHERE kind = 'person' AND binned_at IS NULL
  AND COALESCE(custom ->> 'bench_tier', '') COLLATE "C" = 'gold'
  AND COALESCE(custom ->> 'bench_zone', '') COLLATE "C" = %s
  AND COALESCE(circulo_own_number((custom -> 'bench_points')), -1000000000000000000::numeric) > -1
ORDER BY COALESCE(circulo_own_number((custom -> 'bench_points')), -1000000000000000000::numeric), id
LIMIT 50
"""
MOST_PATIENCE = 900.0
Conditions = Callable[[int], list[dict[str, Any]]]


def measure(world: World) -> list[Figure]:
    """What an own field costs a list, and what adding one costs everybody else."""
    return [*_lists(world), *_adding(world)]


def _lists(world: World) -> list[Figure]:
    bare = floor.milliseconds(SQL, [[f"z{zone:02}"] for zone in range(40)] * 4)
    figures = []
    kinds: tuple[tuple[str, Conditions, str], ...] = (
        ("choice and choice, by number", _both, "-custom.bench_points"),
        ("number and date, by choice", _ranges, "custom.bench_tier"),
    )
    for name, conditions, sort in kinds:
        asked = [
            urlencode({"filter": json.dumps({"all": conditions(n)}), "sort": sort})
            for n in range(120)
        ]
        for way, requests in (
            ("API", [world.api(f"contacts?limit=50&{query}") for query in asked]),
            ("page", [world.page(f"/contacts?{query}") for query in asked]),
        ):
            world.once(requests[:5])
            result = world.once(requests)
            figures.append(
                Figure("own-fields", f"{name}: {way}, p95", result.percentile(0.95), "ms", 60,
                       bare[1], "SQL with its index", note=result.said)
            )  # fmt: skip
    return figures


def _both(number: int) -> list[dict[str, Any]]:
    return [
        _is("bench_tier", ("bronze", "silver", "gold", "platinum")[number % 4]),
        _is("bench_zone", f"z{number % 40:02}"),
    ]


def _ranges(number: int) -> list[dict[str, Any]]:
    return [
        {"field": "custom.bench_points", "op": "gte", "value": number * 800},
        {"field": "custom.bench_visit", "op": "lt", "value": f"2025-{number % 12 + 1:02}-15"},
    ]


def _is(key: str, value: str) -> dict[str, Any]:
    return {"field": f"custom.{key}", "op": "is", "value": value}


def _adding(world: World) -> list[Figure]:
    """The overview of contacts, asked for over and over: alone, and while a field is added."""
    requests = [world.api(f"contacts/{one}/overview") for one in world.contacts()]
    alone = world.run(requests, clients=2, seconds=5)
    while_adding, seconds = _while_adding(world, requests)
    return [
        Figure("own-fields", "overview while a field and its index are added, p95",
               while_adding.percentile(0.95), "ms", None, alone.percentile(0.95),
               "the same, nothing added", note=f"{while_adding.said}; ready in {seconds:.1f} s"),
    ]  # fmt: skip


def _while_adding(world: World, requests: list[bytes]) -> tuple[Result, float]:
    token, _cookie = product.keys("admin@bench.example")
    taken: list[float] = []
    adding = threading.Thread(target=lambda: taken.append(_add(world, token)))
    adding.start()
    result = world.run(requests, clients=2, seconds=8, warm=False)
    adding.join()
    return result, taken[0]


def _add(world: World, token: str) -> float:
    """Add a field with an index, wait until it is ready, and take it away; how long it took."""
    key = f"bench_{int(time.time())}"
    began = time.monotonic()
    made = _call(world, token, "POST", "fields", {
        "resource": "contacts", "kind": "number", "key": key, "is_fast": True})  # fmt: skip
    while _call(world, token, "GET", f"fields/{made['id']}", None)["pending"]:
        if time.monotonic() - began > MOST_PATIENCE:
            raise SystemExit("The field did not get ready.")
        time.sleep(0.2)
    taken = time.monotonic() - began
    _call(world, token, "DELETE", f"fields/{made['id']}", None)
    return taken


def _call(world: World, token: str, method: str, path: str, said: Any) -> Any:
    link = HTTPConnection(*world.product.address)
    body = json.dumps(said) if said is not None else None
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    link.request(method, f"/api/v1/{path}", body, headers)
    answer = link.getresponse()
    text = answer.read()
    if answer.status >= 400:
        world.notes.append(f"own-fields: {text!r}"[:300])
        raise SystemExit(f"{method} {path}: {answer.status} {text!r}")
    return json.loads(text) if text else None


assert {"bench_tier", "bench_zone", "bench_points", "bench_visit"} <= set(OWN_FIELDS)
