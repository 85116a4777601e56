"""Cold start, and memory at rest."""

import time

from bench.figures import Figure
from bench.world import World

AT_REST = 4.0


def measure(world: World) -> list[Figure]:
    """From bin/run to its word that it is ready; the memory of all our own processes."""
    time.sleep(AT_REST)
    shares = world.product.memory()
    listed = ", ".join(f"{name} {share:.0f}" for name, share in sorted(shares.items()))
    return [
        Figure("start", "bin/run on a set-up checkout, ready", world.product.ready_in, "s", 5),
        Figure("start", "idle memory of our own processes (PSS)", sum(shares.values()), "MB", 400,
               note=listed),
    ]  # fmt: skip
