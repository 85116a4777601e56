"""What the worker does for this app."""

from procrastinate.contrib.django import app

from circulo.channels.email import actions
from circulo.lib.acting import acting


@app.task(name="email.send_mail")
def send_mail(mail: int) -> None:
    """Send a mail that waits; safe to be run again, by whomever."""
    with acting(None, "job"):
        actions.send_mail(mail)


@app.periodic(cron="* * * * *")
@app.task(name="email.settle_leases", queueing_lock="email.settle_leases")
def settle_leases(timestamp: int) -> None:
    """Note what senders that died left behind, and have sent what is due."""
    with acting(None, "job"):
        actions.settle_leases()
