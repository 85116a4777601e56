"""The 360 view of a contact, by API and as a page."""

from bench import floor
from bench.figures import Figure
from bench.world import World
from circulo.lib import ids


def measure(world: World) -> list[Figure]:
    """Per second with eight clients, rights checked; and how many statements it takes."""
    contacts = world.contacts()
    api = world.run([world.api(f"contacts/{key}/overview") for key in contacts])
    html = world.run([world.page(f"/contacts/{key}") for key in contacts])
    bare = floor.per_second(floor.overviews)
    hot = ids.encode("party", world.size.companies + 50 * (world.size.contacts // 100))
    most = max(_statements(world, key) for key in (contacts[0], hot))
    return [
        Figure("overview", "API, 8 clients", api.per_second, "/s", 1200, bare, "4 queries",
               more_is_better=True, note=api.said),
        Figure("overview", "HTML page, 8 clients", html.per_second, "/s", 350, bare, "4 queries",
               more_is_better=True, note=html.said),
        Figure("overview", "statements of the API call, at most", most, "", 10),
    ]  # fmt: skip


def _statements(world: World, key: str) -> int:
    """Counted in this process, through the whole of the product's code."""
    from django.test import Client

    from circulo.testing.cost import query_cost

    client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {world.token}"})
    client.get(f"/api/v1/contacts/{key}/overview")
    return query_cost(client.get, f"/api/v1/contacts/{key}/overview")
