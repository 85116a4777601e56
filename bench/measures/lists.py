"""A filtered, sorted list: its first page and its hundredth."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench import floor
from bench.figures import Figure
from bench.world import World

SQL = """
SELECT * FROM parties_party WHERE kind = 'person' AND lifecycle = 'customer' AND binned_at IS NULL
  AND sort_key >= %s ORDER BY sort_key, id LIMIT 50
"""
FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "by lifecycle, by name": ({"field": "lifecycle", "op": "is", "value": "customer"}, "name"),
    "by tag and lifecycle, by change": (
        {"all": [{"field": "tags", "op": "contains", "value": "boletín"},
                 {"field": "lifecycle", "op": "is", "value": "lead"}]}, "-updated_at"),
}  # fmt: skip


def measure(world: World) -> list[Figure]:
    """The same for the API and for the page."""
    bare = floor.milliseconds(SQL, [[letter] for letter in "abcdefghijklmnopqrstuvw" * 8])
    figures = []
    for name, (criterion, sort) in FILTERS.items():
        query = {"filter": json.dumps({"all": [criterion]}), "sort": sort}
        last = _hundredth(world, query)
        for page, more in (("first", {}), ("hundredth", {"cursor": last})):
            asked = urlencode({**query, **more})
            api = _run(world, world.api(f"contacts?limit=50&{asked}"))
            html = _run(world, world.page(f"/contacts?{asked}"))
            for way, result in (("API", api), ("page", html)):
                figures.append(
                    Figure("list", f"{name}: {way}, {page} page, p95", result.percentile(0.95),
                           "ms", 40, bare[1], "SQL with its index", note=result.said)
                )  # fmt: skip
    return figures


def _run(world: World, request: bytes) -> Any:
    world.once([request] * 5)
    return world.once([request] * 120)


def _hundredth(world: World, query: dict[str, str]) -> str:
    """The cursor of the hundredth page, reached by going through the others."""
    link, cursor = HTTPConnection(*world.product.address), ""
    for _page in range(99):
        asked = urlencode({**query, "limit": "50", **({"cursor": cursor} if cursor else {})})
        link.request("GET", f"/api/v1/contacts?{asked}",
                     headers={"Authorization": f"Bearer {world.token}"})  # fmt: skip
        answer = link.getresponse()
        said = json.loads(answer.read())
        if answer.status != 200 or not said["next"]:
            world.notes.append(f"list: {said}"[:300])
            break
        cursor = said["next"]
    return cursor
