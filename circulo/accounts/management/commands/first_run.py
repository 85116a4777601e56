"""`first_run`: how the first person gets in; run at every start, silent about who is in already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from circulo.accounts import actions


class Command(BaseCommand):
    """Makes the administrator where there is none, and tells how to log in."""

    help = _("Tell how to log in; on a new installation, make the administrator first.")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = []
        link = actions.first_administrator_link()
        if link:
            lines.append(_("Administrator, choose a password: %s") % link)
        people = actions.demo_people()
        if people:
            lines.append(_("Look around in the demo firm: %s") % actions.demo_link(people[0]))
        lines = lines or [_("Log in: %s") % f"{settings.BASE_URL}/login"]
        self.stdout.write("\n".join(lines))
