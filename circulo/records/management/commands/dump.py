"""bin/circulo dump: hands out records as a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from circulo.accounts.models import Role, User
from circulo.lib.readers import writers
from circulo.lib.readers.refusal import Unreadable
from circulo.records import criteria
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
        dumped = load_types()[options["type"]].dumped
        assert dumped is not None  # the choices above hold no other
        try:
            said = criteria.parse(options["filter"]) if options["filter"] else {}
            headings, rows = dumped(_whoever_is_at_the_console(), said)
        except criteria.BadCriteria as bad:
            raise CommandError(_("The filter cannot be used: %s") % bad, returncode=2) from bad
        try:
            count = writers.write(options["file"], headings, rows)
        except Unreadable as refused:
            raise CommandError(str(refused.message), returncode=2) from refused
        found = {"file": str(options["file"]), "rows": count}
        told = _("%(rows)d rows written to %(file)s.") % found
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else told)


def _whoever_is_at_the_console() -> User:
    """Who may start the commands has the machine, and with it the rights of an administrator."""
    return User(role=Role(name="admin"))
