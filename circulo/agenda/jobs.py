"""What the worker does for this app."""

from procrastinate.contrib.django import app

from circulo.agenda.actions.reminders import ring_reminders


@app.periodic(cron="* * * * *")
@app.task(name="agenda.ring_reminders", queueing_lock="agenda.ring_reminders")
def ring(timestamp: int) -> None:
    """Ring whatever is due."""
    ring_reminders()
