"""Search as you type: what comes after every letter, by a part of a name, a phone or an e-mail."""

from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from bench import floor
from bench.figures import Figure
from bench.world import World

FRAGMENTS = """
gar garc garcia núñez nune peña wil willi elena elena+g juan+p ana+lop marina+vaz lucía
carmen+ru inigo ñigo hern hernan mend escal trev pemb thorn tay davi persona12 persona4711 0012
612345 correo empresa77 info501 346000 34930 begoña+n álvaro+m oliver+as harriet+lyle george+br
james+w
""".split()  # noqa: SIM905 (a list is read more easily as text)
SQL = """
SELECT id, name FROM parties_party
WHERE binned_at IS NULL AND search LIKE '%%' || circulo_plain(%s) || '%%' LIMIT 8
"""


def measure(world: World) -> list[Figure]:
    """One client typing, and eight at once."""
    words = [quote(each.replace("+", " ")) for each in FRAGMENTS]
    bare = floor.milliseconds(SQL, [[each.replace("+", "%")] for each in FRAGMENTS * 5])
    return [figure for name, requests in _ways(world, words) for figure in _measure(
        world, name, requests, bare[1])]  # fmt: skip


def _measure(world: World, name: str, requests: list[bytes], bare: float) -> list[Figure]:
    world.once(requests)
    alone = world.once(requests * 5)
    together = world.run(requests, seconds=4, warm=False)
    return [
        Figure("search", f"{name}, one typing, p50", alone.median, "ms", note=alone.said),
        Figure("search", f"{name}, one typing, p95", alone.percentile(0.95), "ms", 25, bare,
               "trigram index, unordered, p95"),
        Figure("search", f"{name}, 8 clients", together.per_second, "/s", more_is_better=True,
               note=together.said),
    ]  # fmt: skip


def _ways(world: World, words: list[str]) -> list[tuple[str, list[bytes]]]:
    ways = [("API", [world.api(f"contacts?q={word}&limit=8") for word in words])]
    try:
        url = reverse("desk:search")
    except NoReverseMatch:
        return ways
    palette = [
        world.product.request(
            f"{url}?palette=1&q={word}", Cookie=world.cookie, HX_Request="true", Accept="*/*"
        )
        for word in words
    ]
    return [("palette", palette), *ways]
