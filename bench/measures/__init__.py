"""What is measured, in the order in which it runs."""

from collections.abc import Callable

from bench.figures import Figure
from bench.measures import create, dedupe, lighthouse, lists, load, overview, page, search, start
from bench.world import World

BENCHES: dict[str, Callable[[World], list[Figure]]] = {
    "start": start.measure,
    "page": page.measure,
    "lighthouse": lighthouse.measure,
    "overview": overview.measure,
    "search": search.measure,
    "list": lists.measure,
    "create": create.measure,
    "dedupe": dedupe.measure,
    "load": load.measure,
}
