"""bin/circulo load: brings in a file of records."""

import json
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.readers.shapes import MOST_ABOVE
from circulo.records.actions import asking, loads, running
from circulo.records.load_types import OnDuplicate, load_types
from circulo.records.models import Load


class Command(BaseCommand):
    """Bring in a file: CSV, XLSX, vCard, iCalendar, mbox or .eml."""

    help = _("Bring in a file of records: CSV, XLSX, vCard, iCalendar, mbox or .eml.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=_("what is brought in"))
        parser.add_argument(
            "--as", dest="type", required=True, choices=sorted(load_types()),
            help=_("what each row is"),
        )  # fmt: skip
        parser.add_argument(
            "--mapping", type=Path, help=_("JSON file: heading of a column → field")
        )
        parser.add_argument(
            "--header-row", type=_row, help=_("the row of the headings, where it is not found")
        )
        parser.add_argument("--key", default="", help=_("field by which a record is known again"))
        parser.add_argument(
            "--on-duplicate", choices=[str(choice) for choice in OnDuplicate], default="update",
            help=_("what becomes of a row whose record is here already"),
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help=_("check every row, write nothing")
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        start = time.monotonic()
        load = _started(options)
        if options["dry_run"]:
            load = running.check_load(load, progress=_progress)
        else:
            load = _resumed(load)
            load = running.run_load(load, progress=_progress)
        errors = loads.error_file(load)
        if options["dry_run"]:
            loads.discard_load(load)
        found = {
            "change_set": None if options["dry_run"] else load.public_id,
            "rows": load.rows_done,
            "created": load.created,
            "updated": load.updated,
            "skipped": load.skipped,
            "refused": load.refused,
            "error_file": str(errors) if errors else None,
            **({"alike": load.alike, "repeated": load.repeated} if options["dry_run"] else {}),
            **({"remarks": load.remarks} if load.remarks else {}),
            "seconds": round(time.monotonic() - start, 3),
        }
        self.stdout.write(
            json.dumps(found, ensure_ascii=False) if options["json"] else _told(found)
        )


def _started(options: dict[str, Any]) -> Load:
    """The file taken over with its columns mapped, and the unmapped ones told."""
    path: Path = options["file"]
    if not path.is_file():
        raise CommandError(_("There is no file %s.") % path, returncode=2)
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, options["type"], by=None)
    try:
        load = _understood(load, options)
    except (Invalid, RuleBroken, CommandError):
        loads.discard_load(load)
        raise
    unmapped = [heading for heading in loads.headings_of(load) if heading not in load.mapping]
    if unmapped:
        told = _("These columns are left out: %s.") % ", ".join(unmapped)
        print(told, file=sys.stderr)
    for note in load.shape.get("table", {}).get("notes", ()):
        print(note, file=sys.stderr)
    return load


def _understood(load: Load, options: dict[str, Any]) -> Load:
    """The load with what the call says of the table, the columns and the key."""
    if options["header_row"]:
        load = asking.reread_table(load, header_row=options["header_row"], has_header=True)
    key = loads.key_called(options["key"], load.type)
    return loads.map_columns(
        load,
        mapping=load.mapping | _mapping(options["mapping"], load),
        options={"key": key, "on_duplicate": options["on_duplicate"]},
    )


def _row(text: str) -> int:
    """The number of a row near the top, as a spreadsheet shows it."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_ABOVE:
        return int(text)
    raise ArgumentTypeError(_("a row is a number from 1 to %d") % MOST_ABOVE)


def _mapping(path: Path | None, load: Load) -> dict[str, str]:
    """What a person says of the columns; columns that the file does not have are told."""
    if path is None:
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
        mapping = {str(heading): str(target or "") for heading, target in said.items()}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        reason = _("The mapping cannot be read: %s") % error
        raise CommandError(reason, returncode=2) from error
    strange = sorted(set(mapping) - set(loads.headings_of(load)))
    if strange:
        told = _("The file has no such columns: %s.") % ", ".join(strange)
        print(told, file=sys.stderr)
    return mapping


def _resumed(load: Load) -> Load:
    """The same load, cut off earlier, if there is one: it goes on where it stopped."""
    earlier = loads.unfinished_like(load)
    if earlier is None:
        return load
    loads.discard_load(load)
    told = _("This load was interrupted before: it goes on after row %d.") % earlier.rows_done
    print(told, file=sys.stderr)
    return earlier


def _progress(load: Load) -> None:
    """One line that is written over on a terminal; a line now and then otherwise."""
    told = _("%(rows)d rows: %(created)d new, %(updated)d changed, %(refused)d refused") % {
        "rows": load.rows_done,
        "created": load.created,
        "updated": load.updated,
        "refused": load.refused,
    }
    if sys.stderr.isatty():
        print(f"\r{told}", end="", file=sys.stderr, flush=True)
    elif load.rows_done % 50_000 == 0:
        print(told, file=sys.stderr)


def _told(found: dict[str, Any]) -> str:
    lines = [
        _("%(rows)d rows in %(seconds)s s: %(created)d new, %(updated)d changed,") % found,
        _("%(skipped)d as they were, %(refused)d refused.") % found,
    ]
    if found.get("alike"):
        lines.append(_("%(alike)d of the new rows may be of somebody who is here already.") % found)
    if found.get("repeated"):
        lines.append(_("%(repeated)d rows are the same as an earlier row of this file.") % found)
    lines += [f"{remark} ({count})" for remark, count in found.get("remarks", {}).items()]
    if found["change_set"]:
        lines.append(_("Change set %s.") % found["change_set"])
    if found["error_file"]:
        lines.append(_("The refused rows with the reasons: %s") % found["error_file"])
    return "\n".join(lines)
