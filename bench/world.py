"""What a benchmark works with: the running product, and somebody to be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from bench.dataset import Size
from bench.drive import Result, drive
from bench.product import Product
from circulo.lib import ids

WARM_UP = 1.5


@dataclass
class World:
    """The product with the measured data set in it."""

    product: Product
    size: Size
    token: str
    cookie: str
    notes: list[str] = field(default_factory=list)

    def api(
        self, path: str, method: str = "GET", body: bytes = b"", *, again: bool = False
    ) -> bytes:
        """A request of the API with the token."""
        return self.product.request(
            f"/api/v1/{path}",
            method=method,
            body=body,
            again=again,
            Authorization=f"Bearer {self.token}",
            Accept="application/json",
        )

    def page(self, path: str) -> bytes:
        """A request of a page with the session."""
        return self.product.request(
            path, Cookie=self.cookie, Accept="text/html", Accept_Language="es"
        )

    def contacts(self, step: int = 263) -> list[str]:
        """Identifiers of contacts from all over the data set, few of them "hot"."""
        first, last = self.size.companies + 1, self.size.companies + self.size.contacts
        return [ids.encode("party", key) for key in range(first + 7, last, step)][:4000]

    def run(
        self, requests: list[bytes], *, clients: int = 8, seconds: float = 5.0, warm: bool = True
    ) -> Result:
        """Send these requests over and over, after a while that does not count."""
        if warm:
            drive(self.product.address, cycle(requests), clients=clients, seconds=WARM_UP)
        return self.drive(self._from(requests), clients=clients, seconds=seconds)

    def drive(self, requests: Iterator[bytes], *, clients: int, seconds: float) -> Result:
        """Send requests, and see what CPU that costs."""
        before = self.product.cpu()
        result = drive(self.product.address, requests, clients=clients, seconds=seconds)
        after = self.product.cpu()
        result.cpu_of_ours, result.cpu_of_database = after[0] - before[0], after[1] - before[1]
        return result

    def once(self, requests: list[bytes], *, clients: int = 1) -> Result:
        """Send each of these requests once."""
        return self.drive(iter(requests), clients=clients, seconds=120)

    def _from(self, requests: list[bytes]) -> Iterator[bytes]:
        """The requests, beginning where the warm-up will hardly have been."""
        middle = len(requests) // 2
        return cycle(requests[middle:] + requests[:middle])
