"""Creating a contact by API."""

from collections.abc import Iterator

from bench import floor
from bench.drive import drive
from bench.figures import Figure
from bench.product import connect, dumps
from bench.world import World
from circulo.lib import ids

SECONDS = 5.0


def measure(world: World) -> list[Figure]:
    """Per second with eight clients, each with an e-mail address, a phone and a company."""
    address = world.product.address
    try:
        drive(address, _requests(world, "warm"), clients=8, seconds=1.5)
        made = world.drive(_requests(world, "full"), clients=8, seconds=SECONDS)
        bare = floor.per_second(floor.creations)
    finally:
        _forget()
    return [
        Figure("create", "contact by API, 8 clients", made.per_second, "/s", 400, bare,
               "3 INSERTs and COMMIT", more_is_better=True, note=made.said)
    ]  # fmt: skip


def _requests(world: World, run: str) -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        body = dumps(
            {
                "given_name": "Begoña", "first_surname": "Núñez", "second_surname": run,
                "emails": [f"{run}{number}@bench.example"], "phones": [f"+3461{number:07d}"],
                "company": ids.encode("party", number % world.size.companies + 1),
                "job_title": "Compras", "source": "bench",
            }
        )  # fmt: skip
        yield world.api("contacts", method="POST", body=body)


def _forget() -> None:
    """Take what was created out again, so that the next run finds the same data."""
    with connect() as database:
        created = "(SELECT id FROM parties_party WHERE source = 'bench')"
        for table in ("parties_point", "parties_relationship", "parties_postaladdress"):
            database.execute(f"DELETE FROM {table} WHERE party_id IN {created}")
        database.execute("DELETE FROM parties_party WHERE source = 'bench'")
