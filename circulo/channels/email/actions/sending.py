"""Sending what waits: claimed, handed over, noted. Never twice by itself.

A mail is claimed by one statement that commits before the mail server is talked to. What failed
before the text was handed over is tried again, later and later, for a day; what the server refused
for good is over; and where the text was handed over without an answer it is in doubt: mail knows no
way to ask, so a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from circulo.channels.email import smtp
from circulo.channels.email.actions.writing import told
from circulo.channels.email.kinds import kinds
from circulo.channels.email.message import content_of, sender
from circulo.channels.email.models import Mail
from circulo.channels.email.smtp import Outcome
from circulo.lib.errors import RuleBroken
from circulo.lib.later import later

State = Mail.State
# After the first failure a minute, and so on; the last one again and again.
WAITS = (1, 2, 5, 10, 20, 40, 60)
MOST_DUE = 500
# The clock of the database, at each statement.
_NOW = "statement_timestamp()"
_LEASE = f"{_NOW} + interval '2 minutes'"
_CLAIM = f"""
    UPDATE email_mail SET state = 'sending', lease_until = {_LEASE}, handed_at = NULL,
        attempts = attempts + 1
    WHERE id = %s AND state = 'waiting' AND due_at <= {_NOW}
        AND queued_at > {_NOW} - interval '1 day'
    RETURNING attempts
"""
_HAND = f"""
    UPDATE email_mail SET handed_at = {_NOW}, lease_until = {_LEASE}
    WHERE id = %s AND state = 'sending' AND attempts = %s AND lease_until > {_NOW}
"""
_PUT_OFF = f"""
    UPDATE email_mail SET due_at = {_NOW} + make_interval(mins => %s)
    WHERE id = %s RETURNING queued_at < {_NOW} - interval '1 day'
"""


def send_mail(key: int) -> None:
    """Send a mail that waits, where nobody else is at it."""
    attempt = _claimed(key)
    if attempt is None:
        return
    mail = Mail.objects.select_related("by").get(pk=key)
    with translation.override(mail.by.language if mail.by else None):
        try:
            content = content_of(mail, _fills(mail))
        except RuleBroken as refusal:
            _note(key, attempt, _for_all(mail, "refused", str(refusal.message)))
            return
        try:
            with smtp.connected() as line:
                waiting = [one["address"] for one in _waiting(mail)]
                outcome = smtp.deliver(
                    line, sender(), waiting, content, lambda: _is_handed(key, attempt)
                )
                if outcome is not None:
                    _note(key, attempt, outcome)
        except smtp.NoServer as away:
            _note(key, attempt, _for_all(mail, "waiting", str(away)))


def settle_leases() -> int:
    """Note what whoever died left behind, and have sent what is due; how many mails are due."""
    over = Mail.objects.filter(state=State.SENDING, lease_until__lt=Now())
    for key in over.order_by("pk").values_list("pk", flat=True):
        _leave(key)
    waiting = Mail.objects.filter(state=State.WAITING, due_at__lte=Now())
    due = list(waiting.order_by("due_at").values_list("pk", flat=True)[:MOST_DUE])
    for key in due:
        if not _is_too_old(key):
            later("email.send_mail", mail=key)
    return len(due)


@transaction.atomic
def _leave(key: int) -> None:
    """What became of a mail whose sender is gone: it waits on, or is in doubt."""
    rows = Mail.objects.select_for_update(of=("self",), skip_locked=True)
    mail = rows.filter(pk=key, state=State.SENDING, lease_until__lt=Now()).first()
    if mail is None:
        return
    mail.lease_until = None
    mail.state = State.WAITING if mail.handed_at is None else State.IN_DOUBT
    mail.save(update_fields=["state", "lease_until"])
    told(mail)


@transaction.atomic
def _is_too_old(key: int) -> bool:
    """Whether a mail waited for a day, while no worker ran: then a person decides anew."""
    rows = Mail.objects.select_for_update(of=("self",), skip_locked=True).filter(
        pk=key, state=State.WAITING
    )
    mail = rows.first()
    if mail is None or not _put_off(mail, 0):
        return False
    _end(mail, mail.last_error or _("It waited for more than a day."))
    return True


def _claimed(key: int) -> int | None:
    """Which attempt at a mail this is; None where it is not to be sent, or another is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [key])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _is_handed(key: int, attempt: int) -> bool:
    """Note that the text is handed over from now on; False where this attempt lost its lease."""
    with connection.cursor() as cursor:
        cursor.execute(_HAND, [key, attempt])
        return bool(cursor.rowcount == 1)


def _fills(mail: Mail) -> Mapping[str, str]:
    kind = kinds().get(mail.about_kind)
    return kind.fill(mail) if kind else {}


def _waiting(mail: Mail) -> list[dict[str, str]]:
    return [one for one in mail.readers if one["state"] == "waiting"]


def _for_all(mail: Mail, state: str, said: str) -> Outcome:
    return Outcome({one["address"]: (state, said) for one in _waiting(mail)}, said)


@transaction.atomic
def _note(key: int, attempt: int, outcome: Outcome) -> None:
    """Keep what became of an attempt. Evidence counts also where it was given up for lost."""
    rows = Mail.objects.select_for_update(of=("self",)).filter(
        pk=key, attempts=attempt, state__in=[State.SENDING, State.IN_DOUBT]
    )
    mail = rows.first()
    if mail is None:
        return
    for one in _waiting(mail):
        one["state"], one["said"] = outcome.readers.get(one["address"], ("waiting", ""))
    mail.last_error, mail.lease_until = outcome.error, None
    if outcome.is_in_doubt:
        mail.state = State.IN_DOUBT
        mail.save()
    elif _waiting(mail):
        mail.state, mail.handed_at = State.WAITING, None
        mail.save()
        if _put_off(mail, WAITS[min(attempt, len(WAITS)) - 1]):
            _end(mail, outcome.error)
            return
    else:
        _end(mail, outcome.error)
        return
    told(mail)


def _put_off(mail: Mail, minutes: int) -> bool:
    """Have a mail wait so long; whether it did so for a day already."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_OFF, [minutes, mail.pk])
        return bool(cursor.fetchone()[0])


def _end(mail: Mail, error: str) -> None:
    """Nothing more is tried: it is sent where anybody got it, else not; and say so."""
    for one in _waiting(mail):
        one["state"], one["said"] = "refused", error
    is_sent = any(one["state"] == "taken" for one in mail.readers)
    mail.state = State.SENT if is_sent else State.REFUSED
    mail.last_error, mail.lease_until = error, None
    mail.ended_at = Now()
    mail.save(update_fields=["state", "readers", "last_error", "lease_until", "ended_at"])
    told(mail)
