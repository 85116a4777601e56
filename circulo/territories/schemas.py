"""The shapes of territories over the API."""

from circulo.records.rest.schemas import (
    anything,
    component,
    flag,
    identifier,
    list_of,
    nullable,
    record,
    text,
    whole,
)
from circulo.territories.drafts import MOST_MEMBERS

SENT = {
    "name": text(100),
    "parent": nullable(identifier("territory")),
    "rule": anything(),
    "people_rule": anything(),
    "claims_people": flag(),
    "is_active": flag(),
    "manager": nullable(identifier("user")),
    "members": list_of(identifier("user"), MOST_MEMBERS),
}
TERRITORY = component(
    "Territory",
    record(
        {"id": identifier("territory")}
        | SENT
        | {
            "path": list_of(identifier("territory")),
            "position": whole(0),
            "version": whole(1),
        },
        required=["id", "name", "parent", "path"],
    ),
)
TERRITORY_IN = component("TerritoryToSend", record(SENT, required=["name"]))
TERRITORY_CHANGE = component("TerritoryChange", record(SENT | {"position": whole(0, 10_000)}))
REMOVAL = component("TerritoryRemoval", record({"to": nullable(identifier("territory"))}))
_MONEY = list_of(record({"amount": text(40), "currency": text(3)}))
EFFECT = component(
    "TerritoryEffect",
    record(
        {
            "contacts": whole(0),
            "companies": whole(0),
            "deals": whole(0),
            "amounts": _MONEY,
            "moves": list_of(
                record(
                    {
                        "from": nullable(identifier("territory")),
                        "to": nullable(identifier("territory")),
                        "contacts": whole(0),
                        "companies": whole(0),
                        "deals": whole(0),
                        "amounts": _MONEY,
                    }
                )
            ),
            "owners": list_of(record({"name": text(), "deals": whole(0)})),
        },
        required=["contacts", "companies", "deals", "moves"],
    ),
)
