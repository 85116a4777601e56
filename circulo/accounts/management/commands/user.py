"""`user add EMAIL --role ROLE`: somebody who works here."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from circulo.accounts import actions
from circulo.accounts.models import OneTimeLink, Team
from circulo.accounts.rights import RoleName
from circulo.lib.errors import Invalid


class Command(BaseCommand):
    """Adds a user and gives the one-time link with which they choose a password."""

    help = _("Add somebody who works here: user add EMAIL --role ROLE [--team NAME] [--json]")

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help=_("Add a user"))
        add.add_argument("email", help=_("with which they log in"))
        roles = [role.value for role in RoleName]
        add.add_argument("--role", required=True, choices=roles, help=_("what they may see and do"))
        add.add_argument("--team", default="", help=_("the name of a team that is there"))
        add.add_argument("--name", default="", help=_("how others see them"))
        add.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = actions.add_user(
                options["email"],
                name=options["name"],
                role=options["role"],
                team=_team(options["team"]),
            )
        except Invalid as refusal:
            told = " ".join(map(str, refusal.fields.values()))
            raise CommandError(told, returncode=2) from refusal
        link = actions.make_link(user, OneTimeLink.Purpose.INVITATION)
        if options["json"]:
            said = {"email": user.email, "role": user.role_id, "set_password_url": link}
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(_("%(email)s chooses a password here: %(link)s") % {"email": user.email, "link": link})  # fmt: skip  # noqa: E501


def _team(name: str) -> Team | None:
    """The team of this name, which must be there."""
    if not name:
        return None
    team = Team.objects.filter(name=name).first()
    if team is None:
        raise CommandError(_("There is no team “%s”.") % name, returncode=2)
    return team
