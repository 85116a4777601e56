"""The only way to put something off: a job in the queue, born in the transaction that needs it."""

from procrastinate.contrib.django import app


def later(job: str, **ids: int | str) -> None:
    """Have a job such as `accounts.mail_link` done soon, with the ids of what it is about."""
    app.configure_task(job, allow_unknown=False).defer(**ids)
