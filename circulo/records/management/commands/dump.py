"""bin/circulo dump: hands out records as a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from circulo.accounts.models import Role, User
from circulo.lib.readers import writers
from circulo.records.load_types import load_types


class Command(BaseCommand):
    """Hand out records as CSV, XLSX or JSON Lines; the file can be loaded again."""

    help = _("Hand out records as CSV, XLSX or JSON Lines; the file can be loaded again.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = sorted(name for name, kind in load_types().items() if kind.dumped)
        parser.add_argument("type", choices=known)
        parser.add_argument("file", type=Path)
        parser.add_argument("--filter", default="", help=_("criteria as JSON"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            said = json.loads(options["filter"]) if options["filter"] else {}
        except ValueError as error:
            raise CommandError(_("The filter is not JSON: %s") % error, returncode=2) from error
        dumped = load_types()[options["type"]].dumped
        assert dumped is not None  # the choices above hold no other
        headings, rows = dumped(_whoever_is_at_the_console(), said)
        count = writers.write(options["file"], headings, rows)
        found = {"file": str(options["file"]), "rows": count}
        told = _("%(rows)d rows written to %(file)s.") % found
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else told)


def _whoever_is_at_the_console() -> User:
    """Who may start the commands has the machine, and with it the rights of an administrator."""
    return User(role=Role(name="admin"))
