"""manage.py demo: the demo firm comes, or goes."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.desk.demo import actions, selectors


class Command(BaseCommand):
    """Loads the demo firm, the same for a seed and a day, or removes it with `--remove`."""

    help = _("Load the demo firm with two years of history, or remove it.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seed", type=int, default=1, help=_("another number gives another firm")
        )
        parser.add_argument("--remove", action="store_true", help=_("take the demo firm away"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *arguments: Any, **options: Any) -> None:
        counts: dict[str, int] = {}
        if options["remove"]:
            counts, text = actions.remove_demo(by=None), _("The demo firm is gone: %s.")
        elif selectors.is_there():
            text = _("The demo firm is already here.")
        else:
            counts = actions.add_demo(seed=options["seed"], today=timezone.localdate())
            text = _("The demo firm is here: %s.")
        if options["json"]:
            self.stdout.write(json.dumps({"removed": options["remove"], **counts}))
        else:
            self.stdout.write(text % _counted(counts) if counts else text)


def _counted(counts: dict[str, int]) -> str:
    told = _(
        "%(users)s users, %(contacts)s contacts, %(companies)s companies, "
        "%(interactions)s interactions, %(tasks)s tasks and appointments, "
        "%(leads)s leads, %(deals)s deals and %(products)s products"
    )
    return told % counts
