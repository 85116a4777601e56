"""What the API does by the clock."""

from procrastinate.contrib.django import app

from circulo.api import idempotency


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget_answers", queueing_lock="api.forget_answers")
def forget_answers(timestamp: int) -> None:
    """Delete stored answers that are older than a day."""
    idempotency.forget()
