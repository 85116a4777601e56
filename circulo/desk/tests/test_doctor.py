"""What the doctor finds."""

import contextlib
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from pytest import CaptureFixture

from circulo.desk import doctor

pytestmark = pytest.mark.django_db


def state_of(name: str) -> str:
    return next(finding.state for finding in doctor.examine() if finding.name == name)


def test_a_sound_database_is_found_sound() -> None:
    assert state_of("database") == "ok"
    assert state_of("migrations") == "ok"
    assert state_of("queue") == "ok"


def test_a_mail_server_that_is_not_there_comes_with_its_remedy(settings: LazySettings) -> None:
    settings.EMAIL_PORT = 1
    found = next(each for each in doctor.examine() if each.name == "mail")
    assert found.state == "warning"
    assert "CIRCULO_SMTP_HOST" in found.fix


def test_a_key_that_others_can_read_is_a_problem(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("known")
    (tmp_path / "secret_key").chmod(0o644)
    settings.HOME = tmp_path
    assert state_of("secret key") == "problem"


def test_json_is_one_object(capsys: CaptureFixture[str], settings: LazySettings) -> None:
    settings.BASE_URL = "http://crm.example.com"
    with contextlib.suppress(SystemExit):
        call_command("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {check["name"] for check in told["checks"]} >= {"database", "queue", "disk", "mail"}
    assert "django" in told["versions"]
