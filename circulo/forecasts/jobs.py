"""What the worker does for this app."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from circulo.forecasts.actions import learn_odds, take_snapshot


@app.periodic(cron="23 2 * * *")
@app.task(name="forecasts.learn_odds")
def learn(timestamp: int) -> None:
    """Learn every night what became of deals."""
    learn_odds(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="43 * * * *")
@app.task(name="forecasts.take_snapshot")
def take_a_snapshot(timestamp: int) -> None:
    """Keep the forecast once a week: in its first hour, or later where no worker ran then."""
    take_snapshot(now=datetime.fromtimestamp(timestamp, UTC))
