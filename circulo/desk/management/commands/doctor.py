"""bin/circulo doctor [--json]."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from circulo.desk import doctor

SIGNS = {"ok": "✓", "warning": "!", "problem": "✗"}


class Command(BaseCommand):
    """Say what runs and what is missing; exit 1 where something must be mended."""

    help = _("Say what runs, what is missing, and how to mend it.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine()
        healthy = all(finding.state != "problem" for finding in findings)
        if options["json"]:
            checks = [finding.as_json() for finding in findings]
            told = {"healthy": healthy, "versions": doctor.versions(), "checks": checks}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self._tell(findings)
        if not healthy:
            raise SystemExit(1)

    def _tell(self, findings: list[doctor.Finding]) -> None:
        self.stdout.write(" · ".join(f"{k} {v}" for k, v in doctor.versions().items()))
        for finding in findings:
            self.stdout.write(f"{SIGNS[finding.state]} {finding.name}: {finding.found}")
            if finding.fix:
                self.stdout.write(f"    → {finding.fix}")
