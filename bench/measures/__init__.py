"""What is measured, in the order in which it runs."""

from collections.abc import Callable

from bench.figures import Figure
from bench.measures import (
    calendar,
    create,
    deal_load,
    deals,
    dedupe,
    forecast,
    leads,
    lighthouse,
    lists,
    live,
    load,
    overview,
    own_fields,
    page,
    pricing,
    quotes,
    search,
    start,
    undo,
)
from bench.world import World

BENCHES: dict[str, Callable[[World], list[Figure]]] = {
    "start": start.measure,
    "page": page.measure,
    "lighthouse": lighthouse.measure,
    "overview": overview.measure,
    "search": search.measure,
    "list": lists.measure,
    "live": live.measure,
    "calendar": calendar.measure,
    "own-fields": own_fields.measure,
    "create": create.measure,
    "deals": deals.measure,
    "forecast": forecast.measure,
    "leads": leads.measure,
    "pricing": pricing.measure,
    "quotes": quotes.measure,
    "dedupe": dedupe.measure,
    "load": load.measure,
    "deal-load": deal_load.measure,
    "undo": undo.measure,
}
