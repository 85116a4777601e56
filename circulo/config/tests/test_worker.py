"""The jobs of a worker that died are taken up again; what kills its worker each time is parked."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as project
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.config import database
from circulo.config.worker import DEATHS, NICE, Rescuer

pytestmark = pytest.mark.django_db(transaction=True)


def dying_job(task: str) -> int:
    """A job whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status, args)"
            " VALUES (%s, 'default', 'doing', '{}') RETURNING id",
            [task],
        )
        (job,) = cursor.fetchone()
    return int(job)


def rescue(counts: Path) -> None:
    async def once() -> None:
        connector = project.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's
        own = App(connector=connector)
        own.task(name="patient", retry=RetryStrategy(max_attempts=50))(print)
        async with own.open_async():
            await Rescuer(own, counts).rescue(20)

    # in a thread of its own: the loop of a browser may run in this one
    thread = threading.Thread(target=asyncio.run, args=[once()])
    thread.start()
    thread.join()


def status_of(job: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=job).status)


def die_again(job: int) -> None:
    ProcrastinateJob.objects.filter(pk=job).update(status="doing")


def test_a_job_whose_worker_died_waits_again(tmp_path: Path) -> None:
    job = dying_job("anything")
    rescue(tmp_path / "deaths.json")
    assert status_of(job) == "todo"


def test_a_job_that_kills_every_worker_is_parked(tmp_path: Path) -> None:
    job = dying_job("poison")
    for _ in range(DEATHS - 1):
        rescue(tmp_path / "deaths.json")
        assert status_of(job) == "todo"
        die_again(job)
    rescue(tmp_path / "deaths.json")
    assert status_of(job) == "failed"


def test_a_task_may_say_that_it_can_be_tried_more_often(tmp_path: Path) -> None:
    job = dying_job("patient")
    for _ in range(DEATHS + 2):
        rescue(tmp_path / "deaths.json")
        assert status_of(job) == "todo"
        die_again(job)


@pytest.mark.skipif(database.is_given(), reason="A server that others run decides for itself.")
def test_who_works_behind_leaves_the_processors_to_others() -> None:
    said = """
import os, django
from circulo.config import worker
django.setup()
worker.step_back()
from django.db import connection
connection.ensure_connection()
there = connection.connection.info.backend_pid
print(*(os.getpriority(os.PRIO_PROCESS, process) for process in (0, there)))
"""
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(min(19, usual + NICE))] * 2
