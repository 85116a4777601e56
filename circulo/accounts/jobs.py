"""What the worker does for this app."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from circulo.accounts.letters import mail_digest, mail_link
from circulo.accounts.models import Attempt, Session, User
from circulo.accounts.selectors import whose_morning_it_is
from circulo.lib.later import later


@app.task(name="accounts.mail_link", pass_context=False)
def mail_a_link(user_id: int, purpose: str) -> None:
    """Mail a one-time link; the link is made here, so that no queue ever holds one."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        mail_link(user, purpose)


@app.periodic(cron="3 * * * *")
@app.task(name="accounts.mail_digests")
def mail_digests(timestamp: int) -> None:
    """Have what is new mailed to everybody for whom it is eight in the morning."""
    for user in whose_morning_it_is(datetime.fromtimestamp(timestamp, UTC)):
        later("accounts.mail_digest", user_id=user.pk)


@app.task(name="accounts.mail_digest", retry=RetryStrategy(max_attempts=5, wait=60))
def mail_a_digest(user_id: int) -> None:
    """Mail one person what is new; what was mailed is not mailed again."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        mail_digest(user, now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Delete sessions that have ended and counters that no longer count."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Attempt.objects.filter(last_at__lt=now - timedelta(days=1)).delete()
