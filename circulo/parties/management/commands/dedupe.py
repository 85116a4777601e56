"""bin/circulo dedupe: looks for duplicates among the records of the product."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from circulo.parties import actions
from circulo.parties.actions.duplicates import Told
from circulo.parties.duplicates.words import step_in_words
from circulo.parties.linkage.engine import THRESHOLD
from circulo.parties.models import PartyKind

TYPES = {"contacts": PartyKind.PERSON, "companies": PartyKind.ORGANISATION}


class Command(BaseCommand):
    """Look for duplicates; they wait in the queue for somebody's decision."""

    help = _("Look for duplicates among contacts or companies.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--type", choices=sorted(TYPES), default="contacts", help=_("what is looked at")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("find, but keep nothing"))
        parser.add_argument(
            "--learn", action="store_true", help=_("learn what duplicates look like anew")
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        start = time.monotonic()
        told = actions.find_duplicates(
            TYPES[options["type"]],
            tell=_tell,
            anew=options["learn"],
            is_rehearsal=options["dry_run"],
        )
        said = _said(told) | {
            "type": options["type"],
            "dry_run": options["dry_run"],
            "seconds": round(time.monotonic() - start, 3),
        }
        self.stdout.write(
            json.dumps(said, ensure_ascii=False) if options["json"] else _in_words(said)
        )


def _said(told: Told) -> dict[str, Any]:
    found = told.found
    return {
        "records": found.records,
        "looked_at": found.records if found.looked_at is None else len(found.looked_at),
        "pairs": len(found.pairs),
        "new": told.added,
        "merged": told.merged,
        "threshold": THRESHOLD,
        "learned": found.has_learned,
        "model_of": found.model.learned_at if found.model else None,
    }


def _in_words(said: dict[str, Any]) -> str:
    return (
        _(
            "%(pairs)d pairs of which %(new)d are new, among %(records)d records of which "
            "%(looked_at)d were looked at, in %(seconds)s s."
        )
        % said
    )


def _tell(step: str, detail: str) -> None:
    print(f"{step_in_words(step)} {detail}".rstrip(), file=sys.stderr)
