"""The only way to put something off: a job in the queue, born in the transaction that needs it."""

import contextlib
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def later(job: str, **ids: int | str) -> None:
    """Have a job such as `accounts.mail_link` done soon, with the ids of what it is about."""
    app.configure_task(job, allow_unknown=False).defer(**ids)


def at(when: datetime, job: str, *, once: str, **ids: int | str) -> None:
    """Have a job done at a moment, unless one of the same `once` waits already."""
    put_off = app.configure_task(
        job, allow_unknown=False, schedule_at=when, queueing_lock=f"{job}:{once}"
    )
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        put_off.defer(**ids)
