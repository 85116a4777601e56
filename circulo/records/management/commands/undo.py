"""bin/circulo undo: puts back what an import, an act on many, a merge or an edit changed."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from circulo.records.actions import undoing
from circulo.records.models import ChangeSet
from circulo.records.selectors import change_set_called


class Command(BaseCommand):
    """Undo a change set."""

    help = _("Put back exactly what an import, a change of many or a merge changed.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("change_set", help=_("its name, as an import or a change tells it"))
        parser.add_argument(
            "--mine",
            action="store_true",
            help=_("put back also what somebody changed since; without it that stays"),
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        start = time.monotonic()
        change_set = change_set_called(options["change_set"])
        if change_set is None:
            told = _("There is no change set %s.") % options["change_set"]
            raise CommandError(told, returncode=2)
        mine = {undoing.ALL} if options["mine"] else set[str]()
        undo = change_set.undone_by
        if undo is None or not undo.is_running:
            undo = undoing.undo_changes(change_set, by=None, mine=mine, here=True)
        undo = undoing.run_undo(undo, progress=_progress)
        while undo.is_running:  # the worker took it up as well: one of the two goes on
            time.sleep(0.5)
            undo = undoing.run_undo(undo, progress=_progress)
        found = {
            "change_set": undo.public_id,
            "undone": change_set.public_id,
            "state": undo.state,
            "rows": undo.total,
            "restored": undo.done,
            "kept": undo.kept,
            "seconds": round(time.monotonic() - start, 3),
        }
        told = json.dumps(found, ensure_ascii=False) if options["json"] else _told(found)
        self.stdout.write(told)


def _progress(undo: ChangeSet) -> None:
    told = _("%(done)d of %(total)d rows are as before") % {"done": undo.done, "total": undo.total}
    if sys.stderr.isatty():
        print(f"\r{told}", end="", file=sys.stderr, flush=True)


def _told(found: dict[str, Any]) -> str:
    told = _("%(restored)d rows are as before, %(kept)d stay as somebody changed them since.")
    return "\n".join([told % found, _("Change set %s.") % found["change_set"]])
