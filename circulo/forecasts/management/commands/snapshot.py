"""`snapshot`: keep the forecast of this week now."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.forecasts.actions import learn_odds, take_snapshot


class Command(BaseCommand):
    """Keeps what is expected this week, where that is not kept yet."""

    help = _("Keep the forecast of this week, once: snapshot [--json]")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        learn_odds(now=now)
        kept = take_snapshot(now=now)
        if options["json"]:
            rows = kept.rows.count() if kept else 0
            self.stdout.write(json.dumps({"week": str(kept) if kept else None, "rows": rows}))
        elif kept is None:
            self.stdout.write(_("This week’s forecast is kept already."))
        else:
            self.stdout.write(_("Kept: the forecast of %s.") % kept)
