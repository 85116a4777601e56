"""What the worker does for this app."""

from procrastinate.contrib.django import app

from circulo.lib.acting import acting
from circulo.quotes.actions import expire_quotes


@app.periodic(cron="17 * * * *")
@app.task(name="quotes.expire_quotes", queueing_lock="quotes.expire_quotes")
def expire(timestamp: int) -> None:
    """End the quotes whose last day is over where the firm is."""
    with acting(None, "job"):
        expire_quotes()
