"""What the worker does for this app."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from circulo.accounts.letters import mail_link
from circulo.accounts.models import Attempt, Session, User


@app.task(name="accounts.mail_link", pass_context=False)
def mail_a_link(user_id: int, purpose: str) -> None:
    """Mail a one-time link; the link is made here, so that no queue ever holds one."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        mail_link(user, purpose)


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Delete sessions that have ended and counters that no longer count."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Attempt.objects.filter(last_at__lt=now - timedelta(days=1)).delete()
