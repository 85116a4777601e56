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
from circulo.records.load_types import dumps
from circulo.records.own.tables import holds_of


class Command(BaseCommand):
    """Hand out records as CSV, XLSX, JSON Lines or Parquet; the file can be loaded again."""

    help = _("Hand out records as CSV, XLSX, JSON Lines or Parquet, to be loaded again.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("type", choices=sorted(dumps()), help=_("what is handed out"))
        parser.add_argument("file", type=Path, help=_("its ending says how it is written"))
        parser.add_argument("--filter", default="", help=_("criteria as JSON"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        dump = dumps()[options["type"]]
        try:
            said = criteria.parse(options["filter"]) if options["filter"] else {}
            headings, rows = dump.made(_whoever_is_at_the_console(), said)
        except criteria.BadCriteria as bad:
            raise CommandError(_("The filter cannot be used: %s") % bad, returncode=2) from bad
        folder = options["file"].parent
        if not folder.is_dir():
            raise CommandError(_("There is no folder %s.") % folder, returncode=2)
        try:
            kinds = {**dump.holds, **holds_of(options["type"])}
            count = writers.write(options["file"], headings, rows, kinds=kinds)
        except Unreadable as refused:
            raise CommandError(str(refused.message), returncode=2) from refused
        found = {"file": str(options["file"]), "rows": count}
        told = _("%(rows)d rows written to %(file)s.") % found
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else told)


def _whoever_is_at_the_console() -> User:
    """Who may start the commands has the machine, and with it the rights of an administrator."""
    return User(role=Role(name="admin"))
