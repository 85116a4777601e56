"""What the worker does for this app."""

from procrastinate.contrib.django import app

from circulo.leads.actions import remind_of_leads, score_every_lead


@app.periodic(cron="* * * * *")
@app.task(name="leads.remind", queueing_lock="leads.remind")
def remind(timestamp: int) -> None:
    """Tell owners of leads that wait too long."""
    remind_of_leads()


@app.task(name="leads.score_every_lead")
def score_anew() -> None:
    """Score all leads by rules that changed."""
    score_every_lead()
