"""`token EMAIL`: a key to the API with a user's rights."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from circulo.accounts import actions
from circulo.accounts.models import User

SCOPES = {"read", "write"}


class Command(BaseCommand):
    """Makes an API token, which is shown once."""

    help = _("Make an API token with a user's rights: token EMAIL [--scope read,write] [--json]")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help=_("of the user whose rights it has"))
        parser.add_argument("--scope", default="read,write", help=_("read, or read,write"))
        parser.add_argument("--name", default="", help=_("what it is for"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on the output"))

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = {part.strip() for part in options["scope"].split(",")}
        if not scopes or not scopes <= SCOPES:
            raise CommandError(_("A scope is read, or read,write."), returncode=2)
        user = User.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(_("There is no user “%s”.") % options["email"], returncode=2)
        token = actions.add_token(user, name=options["name"], may_write="write" in scopes)
        self.stdout.write(json.dumps({"token": token}) if options["json"] else token)
