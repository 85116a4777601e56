"""bin/circulo verify: is everything as it must be?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from circulo.records.verify import invariants, verify

MOST_LINES = 50


class Command(BaseCommand):
    """Checks what must always be true of the data; mends with `--repair` what can be."""

    help = _("Check the invariants of the data.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help=_("mend what can be mended"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *arguments: Any, **options: Any) -> None:
        violations = verify(repair=options["repair"])
        if options["json"]:
            self.stdout.write(json.dumps({"violations": violations}, ensure_ascii=False))
        else:
            self._tell(violations)
        if violations:
            raise SystemExit(1)

    def _tell(self, violations: list[dict[str, Any]]) -> None:
        for each in violations[:MOST_LINES]:
            about = f"{each['kind']} {each['id']} {each['detail']}".rstrip()
            self.stdout.write(f"{each['invariant']}: {about}\n  {each['says']}")
        if violations:
            count = _("Violations found: %d.") % len(violations)
            self.stdout.write(count)
        else:
            self.stdout.write(_("All is well: %d invariants hold.") % len(invariants()))
