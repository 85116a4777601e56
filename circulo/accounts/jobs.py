"""What the worker does for this app."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from circulo.accounts.digests import mail_digest
from circulo.accounts.letters import mail_link
from circulo.accounts.models import Attempt, PushDevice, Session, User
from circulo.accounts.pushing import NotTaken, push_news
from circulo.accounts.quiet import morning_of
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
    """Have what is new mailed to everybody whose morning it is, or was while no worker ran."""
    for user in whose_morning_it_is(datetime.fromtimestamp(timestamp, UTC)):
        later("accounts.mail_digest", user_id=user.pk)


@app.task(name="accounts.mail_digest", retry=RetryStrategy(max_attempts=5, wait=60))
def mail_a_digest(user_id: int) -> None:
    """Mail one person what is new; what was mailed is not mailed again."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    now = timezone.now()
    if user is not None:
        mail_digest(user, now=now, told_before=morning_of(user, now))


@app.task(
    name="accounts.push_news",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4, retry_exceptions={OSError, NotTaken}),
)
def push_to_a_device(device_id: int, first: int, last: int) -> None:
    """Write to one device of somebody what is new for them."""
    devices = PushDevice.objects.select_related("user__role", "user__team")
    device = devices.filter(pk=device_id, user__is_active=True).first()
    if device is not None:
        push_news(device, first=first, last=last, now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Delete sessions that have ended and counters that no longer count."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Attempt.objects.filter(last_at__lt=now - timedelta(days=1)).delete()
