"""The process that does the jobs of the queue, and takes up those whose worker died.

A job that kills its worker again and again is parked: after `DEATHS` deaths it is marked as failed,
unless its task says that it may be tried more often because it goes on where it was.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.signals import connection_created
from procrastinate import App
from procrastinate.jobs import Job, Status

from circulo.config import database, env

CONCURRENCY = env.whole("CIRCULO_JOBS", 4, least=1)
HEARTBEAT = 5.0
DEAD_AFTER = 20.0
LOOK_EVERY = 10.0
STOP_WITHIN = 6.0
DEATHS = 3
NICE = 5
log = logging.getLogger("circulo.worker")


class Rescuer:
    """Gives the jobs of dead workers back to the queue, and counts how often each of them died."""

    def __init__(self, app: App, counts: Path) -> None:
        self.app = app
        self.counts = counts

    async def watch(self) -> None:
        """Look for dead workers as long as this one lives."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.rescue(DEAD_AFTER)

    async def rescue(self, silent_for: float) -> None:
        """Take up the jobs of workers from whom nothing was heard for so many seconds."""
        manager = self.app.job_manager
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=silent_for)
        deaths = self._count(stalled)
        for job in stalled:
            if deaths[str(job.id)] >= self._deaths_allowed(job):
                log.error("Job %s (%s) killed its worker: parked", job.id, job.task_name)
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                log.warning("Job %s (%s) is taken up again", job.id, job.task_name)
                await manager.retry_job(job, lock=job.lock or "taken-up-again")

    def _deaths_allowed(self, job: Job) -> int:
        """As many as its task may be tried, where it says so."""
        task = self.app.tasks.get(job.task_name)
        tries = getattr(task.retry_strategy, "max_attempts", None) if task else None
        return max(DEATHS, tries or 0)

    def _count(self, stalled: Iterable[Job]) -> dict[str, int]:
        """One death more for each; only recent jobs are remembered."""
        try:
            deaths: dict[str, int] = json.loads(self.counts.read_text(encoding="ascii"))
        except (OSError, ValueError):
            deaths = {}
        for job in stalled:
            deaths[str(job.id)] = deaths.pop(str(job.id), 0) + 1
        deaths = dict(list(deaths.items())[-1000:])
        new = self.counts.with_suffix(".new")
        new.write_text(json.dumps(deaths), encoding="ascii")
        new.replace(self.counts)
        return deaths


async def work(app: App) -> None:
    """Do jobs until told to stop."""
    rescuer = Rescuer(app, env.home() / "deaths.json")
    if not database.is_given():
        await rescuer.rescue(0)  # our own server, one worker: whoever was at work is dead
    watching = asyncio.create_task(rescuer.watch())
    try:
        await app.run_worker_async(
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=2,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
            shutdown_graceful_timeout=STOP_WITHIN,
            delete_jobs="successful",
        )
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def step_back() -> None:
    """Leave the processors first to those who wait for a page: here, and in the database for us.

    A server that others run shares its processors as they decided.
    """
    os.nice(NICE)
    if not database.is_given():
        connection_created.connect(_step_back_there, dispatch_uid="the worker steps back")


def _step_back_there(connection: Any, **_named: Any) -> None:
    with contextlib.suppress(PermissionError, ProcessLookupError):
        server = connection.connection.info.backend_pid
        os.setpriority(os.PRIO_PROCESS, server, os.getpriority(os.PRIO_PROCESS, 0))


async def _database_answers() -> None:
    """Wait for the database without a word: a pool would try later and later."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**database.server()):
                return
        except psycopg.OperationalError:
            await asyncio.sleep(0.5)


async def main() -> None:
    """Connect the queue of the Django project to a loop of its own, and work."""
    from procrastinate.contrib.django import app

    await _database_answers()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's own
    with app.replace_connector(connector) as own:
        async with own.open_async():
            await work(own)


if __name__ == "__main__":
    import django

    env.without_hurry()
    django.setup()
    step_back()
    asyncio.run(main())
