"""A load that is killed, again and again, ends as if nothing had happened."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.config import env
from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party, Point
from circulo.records import batches, jobs
from circulo.records.actions import loads, running
from circulo.records.models import Load
from circulo.records.stored import media
from circulo.testing.database import address

ROWS = 12_000
pytestmark = pytest.mark.django_db(transaction=True)


def table(path: Path) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Email", "Phone", "Company"])
        for n in range(ROWS):
            email = f"p{n}@x.es" if n % 100 else "no address"
            writer.writerow([f"Ana {n}", email, f"+346{n:08d}", f"Firm {n % 300}"])
    return path


def begin(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "load", str(path), "--as", "contacts"],
        cwd=env.CHECKOUT,
        env=os.environ | {"DATABASE_URL": address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_after_a_batch(path: Path, more_than: int) -> None:
    process = begin(path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        load = Load.objects.filter(state=Load.State.RUNNING).first()
        if load and load.rows_done > more_than:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_load_goes_on_and_neither_loses_nor_doubles(tmp_path):
    path = table(tmp_path / "many.csv")
    for more_than in (-1, 0, 0):
        killed_after_a_batch(path, more_than)
    done = Load.objects.get(state=Load.State.RUNNING).rows_done
    assert done < ROWS

    assert begin(path).wait(timeout=120) == 0

    load = Load.objects.get(state=Load.State.DONE)
    assert (load.rows_done, load.created, load.refused) == (ROWS, ROWS * 99 // 100, ROWS // 100)
    assert Party.objects.people().count() == load.created
    assert Party.objects.organisations().count() == 297
    assert Point.objects.filter(kind="email").count() == load.created
    assert load.refusals.count() == load.refused


def started(tmp_path: Path, people: int = 2) -> Load:
    path = tmp_path / "few.csv"
    path.write_text("Name,Email\n" + "".join(f"Ana {n},ana{n}@x.es\n" for n in range(people)))
    with path.open("rb") as file:
        return loads.start_load(file, path.name, "contacts", by=None)


def test_the_job_brings_in_a_load_once_however_often_it_runs(tmp_path):
    load = started(tmp_path)
    for _time in range(2):
        jobs.run_load.func(load.pk)
    load.refresh_from_db()
    assert (load.state, load.created, Party.objects.count()) == (Load.State.DONE, 2, 2)


def test_a_load_in_the_background_goes_on_in_slices(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "SLICE", -60.0)
    monkeypatch.setattr(batches, "BATCH", 1)
    load = loads.send_load(started(tmp_path, people=8))
    deferred = 0
    while jobs._has_job(load) and deferred < 10:
        ProcrastinateJob.objects.all().delete()
        deferred += 1
        jobs.run_load.func(load.pk)
    load.refresh_from_db()
    assert (load.state, load.created) == (Load.State.DONE, 8)
    assert deferred > 2


def test_a_load_whose_job_is_gone_is_taken_up_until_it_gets_no_further(tmp_path):
    load = loads.send_load(started(tmp_path))
    for _minute in range(2):
        ProcrastinateJob.objects.all().delete()
        jobs.revive_loads.func(0)
        load.refresh_from_db()
    assert load.state == Load.State.FAILED


def test_a_file_that_cannot_be_read_fails_with_its_reason(tmp_path):
    load = started(tmp_path)
    media(load.path).write_text('Name,Email\n"Ana,ana@x.es\nLuis,luis@x.es\n')
    jobs.run_load.func(load.pk)
    load.refresh_from_db()
    assert load.state == Load.State.FAILED
    assert "2" in load.error


def test_a_cancelled_load_brings_in_nothing_more(tmp_path):
    load = loads.cancel_load(started(tmp_path))
    with pytest.raises(RuleBroken):
        running.run_load(load)
    jobs.run_load.func(load.pk)
    assert not Party.objects.exists()
