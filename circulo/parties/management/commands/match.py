"""bin/circulo match: who is twice in a file of people, or in both of two files."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from circulo.lib.readers import writers
from circulo.lib.readers.refusal import Unreadable
from circulo.parties.duplicates import matching
from circulo.parties.duplicates.words import step_in_words

HEADINGS = ("id_a", "id_b", "probability")


class Command(BaseCommand):
    """Find the same people in a file, or across two files, each pair with a probability."""

    help = _("Find the same people in a file, or across two files.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help=_("the people: CSV, XLSX, JSON Lines or Parquet")
        )
        parser.add_argument("--id", required=True, help=_("the column that names a row"))
        parser.add_argument("--with", dest="other", type=Path, help=_("a second file"))
        parser.add_argument("--other-id", default="", help=_("the same in the second file"))
        parser.add_argument(
            "--one-to-one", action="store_true", help=_("nobody is twice in one of the two files")
        )
        parser.add_argument("--out", type=Path, help=_("CSV, XLSX, JSON Lines or Parquet"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        start = time.monotonic()
        if options["one_to_one"] and not options["other"]:
            raise CommandError(_("--one-to-one needs two files."), returncode=2)
        asked = [(options["file"], options["id"])]
        if options["other"]:
            asked.append((options["other"], options["other_id"] or options["id"]))
        for path, _key in asked:
            if not path.is_file():
                raise CommandError(_("There is no file %s.") % path, returncode=2)
        try:
            found = matching.match(asked, one_to_one=options["one_to_one"], tell=_tell)
            self._hand_out(found, options, time.monotonic() - start)
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from error

    def _hand_out(self, found: matching.Matched, options: dict[str, Any], seconds: float) -> None:
        rows = [(a, b, round(probability, 6)) for a, b, probability in found.pairs]
        said: dict[str, Any] = {
            "records": found.records,
            "pairs": len(rows),
            "threshold": found.threshold,
            "columns": found.columns,
            "out": str(options["out"]) if options["out"] else None,
            "seconds": round(seconds, 3),
        }
        if options["out"]:
            matching.write_pairs(options["out"], HEADINGS, rows)
        elif options["json"]:
            said["matches"] = [dict(zip(HEADINGS, row, strict=True)) for row in rows]
        else:
            writers.write_csv(sys.stdout, HEADINGS, rows)
        told = _("%(pairs)d pairs among %(records)d rows in %(seconds)s s.") % said
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            print(told, file=sys.stderr)


def _tell(step: str, detail: str) -> None:
    print(f"{step_in_words(step)} {detail}".rstrip(), file=sys.stderr)
