"""bin/bench [NAME …] [--size N] [--peers] [--keep] [--json]: make the data once, start, measure."""

import argparse
import os
import sys
from typing import Any

from bench import dataset, product
from bench.figures import Figure, as_json, keep, machine, table


def main(arguments: list[str]) -> int:
    """0: everything measured, whether or not the promises are kept; 1: it could not be."""
    options = _parse(arguments)
    home = product.own_home("peers" if options.peers else "reference")
    home.mkdir(parents=True, exist_ok=True)
    _django()
    from bench.measures import BENCHES

    unknown = set(options.names) - set(BENCHES)
    if unknown:
        print(
            f"There is no bench {', '.join(sorted(unknown))}: {', '.join(BENCHES)}.",
            file=sys.stderr,
        )
        return 2
    size = dataset.PEERS if options.peers else dataset.scaled(options.size)
    data = (
        f"{size.contacts:,} contacts, {size.companies:,} companies, {size.interactions:,} "
        f"interactions; {product.WORKERS} web workers; embedded PostgreSQL, fsync on."
    )
    with product.with_database():
        _migrate()
        made_in = dataset.make(lambda: product.connect(owner=True), size, home / "dataset.json")
        if made_in:
            product.say(f"The data set took {made_in:.0f} s.")
        figures, notes = _measure(options.names or list(BENCHES), size)
    _tell(figures, notes, options, data)
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/bench")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--size", type=float, default=1.0, help="a share of the reference data set")
    parser.add_argument("--peers", action="store_true", help="the data set that rivals were given")
    parser.add_argument("--keep", action="store_true", help="write the run to bench/RESULTS.md")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "circulo.config.settings"
    django.setup()


def _migrate() -> None:
    from circulo.config import prepare

    prepare.main(["--empty"])


def _measure(names: list[str], size: dataset.Size) -> tuple[list[Figure], list[str]]:
    from bench.measures import BENCHES
    from bench.world import World

    token, cookie = product.keys("manager@bench.example")
    figures: list[Figure] = []
    with product.started() as running:
        world = World(running, size, token, cookie)
        for name in names:
            product.say(f"{name} …")
            found = BENCHES[name](world)
            figures += found
            for figure in found:
                product.say("  " + " | ".join(filter(None, figure.cells)))
    return figures, world.notes


def _tell(figures: list[Figure], notes: list[str], options: argparse.Namespace, data: str) -> None:
    said: list[Any] = ["bin/bench", *options.names]
    said += ["--peers"] if options.peers else ["--size", options.size] if options.size != 1 else []
    command = " ".join(map(str, said))
    if options.keep:
        keep(figures, command, data)
    if options.json:
        print(as_json(figures, command, data))
    else:
        print(f"{command}: {machine()}. {data}\n\n{table(figures)}")
    for note in notes:
        product.say(note)
