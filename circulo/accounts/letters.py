"""The mails of this app to the people who work here."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from circulo.accounts.actions.entrances import make_link
from circulo.accounts.models import User


def mail_link(user: User, purpose: str, *, by: User | None = None) -> None:
    """Mail a person the link with which they choose a password, in their own language."""
    with translation.override(user.language):
        link = make_link(user, purpose, by=by)
        body = render_to_string(
            f"accounts/letters/{purpose}.txt", {"user": user, "link": link, "by": by}
        )
        subject = _("Choose a new password") if purpose == "reset" else _("Welcome to Círculo")
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject, body, to=[user.email], headers=headers).send()
