"""People are told on their devices: encrypted, at their hours, of what they may see, and once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts import actions, jobs
from circulo.accounts.actions import Channels, Notice
from circulo.accounts.models import Notification, PushDevice
from circulo.accounts.pushing import NotTaken, push_news
from circulo.accounts.tests.push_service import claims, push_service
from circulo.testing.make import make_task, make_user

pytestmark = pytest.mark.django_db
NOON, NIGHT = datetime(2027, 1, 11, 11, tzinfo=UTC), datetime(2027, 1, 11, 22, tzinfo=UTC)
DEVICES = "/settings/notifications/devices"


@pytest.fixture
def service(settings):
    with push_service() as service:
        settings.PUSH_HOSTS = [service.host]
        yield service


@pytest.fixture
def eva():
    return make_user(language="en")


def subscribe(user, service):
    return actions.add_device(user, service.subscription, session=None, agent="Firefox/140 Linux")


def tell(*people, kind="agenda.assigned", about=None, title="Cata", **more):
    words = {"who": "Eva", "title": title}
    actions.notify([Notice(kind, one.pk, words, about, **more) for one in people], by=None)
    return list(Notification.objects.order_by("pk"))[-1].pk


def waiting():
    found = ProcrastinateJob.objects.filter(task_name="accounts.push_news", status="todo")
    return [job.args for job in found.order_by("pk")]


def push(device, first, *, last=None, now=NOON):
    return push_news(device, first=first, last=first if last is None else last, now=now)


def test_a_device_reads_what_the_bell_says_and_nobody_on_the_way_does(eva, service):
    device = subscribe(eva, service)
    key = tell(eva, url="/tasks/x")
    told = Notification.objects.get()

    assert waiting() == [{"device_id": device.pk, "first": key, "last": key}]
    assert push(device, key)

    ((headers, body),) = service.taken
    assert service.said == [
        {"title": "Círculo", "body": "Eva gave you: Cata", "url": told.open_url,
         "tag": told.public_id}
    ]  # fmt: skip
    assert b"Cata" not in body and headers["Content-Encoding"] == "aes128gcm"
    said = claims(headers)
    assert said["aud"] == f"http://{service.host}" and said["sub"].startswith("mailto:")
    assert NOON.timestamp() < said["exp"] <= (NOON + timedelta(days=1)).timestamp()


def test_many_of_one_act_are_one_message(eva, service):
    device = subscribe(eva, service)
    tell(eva, eva, eva)
    (job,) = waiting()

    push(device, job["first"], last=job["last"])

    assert [one["body"] for one in service.said] == ["3 notifications"]


def test_in_quiet_hours_it_waits_and_comes_together_when_they_end(eva, service):
    device = subscribe(eva, service)
    first, second = tell(eva, title="One"), tell(eva, title="Two")
    ProcrastinateJob.objects.all().delete()

    assert not push(device, first, now=NIGHT) and not push(device, second, now=NIGHT)

    assert service.taken == []
    (job,) = ProcrastinateJob.objects.filter(task_name="accounts.push_news")
    assert job.scheduled_at == datetime(2027, 1, 12, 7, tzinfo=UTC)
    assert job.args == {"device_id": device.pk, "first": first, "last": 0}
    push_news(device, first=first, last=0, now=job.scheduled_at)
    assert [one["body"] for one in service.said] == ["2 notifications"]


def test_what_was_read_or_is_not_wanted_there_or_may_not_be_seen_is_not_sent(eva, service):
    device = subscribe(eva, service)
    read, unwanted = tell(eva), tell(eva, kind="agenda.answered")
    actions.read_notices(eva, [read])
    hidden = tell(eva, about=make_task(owner=make_user()))
    muted = tell(eva)
    actions.mute_notices(eva, "agenda.assigned")

    assert [push(device, key) for key in (read, unwanted, hidden, muted)] == [False] * 4
    actions.choose_notices(eva, {"agenda.answered": Channels(False, False, True)})
    assert push(device, unwanted) and len(service.taken) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(eva, service, status):
    device = subscribe(eva, service)
    service.status = status

    assert not push(device, tell(eva))
    assert not PushDevice.objects.exists()


def test_a_service_that_is_busy_is_asked_again_and_one_that_points_elsewhere_is_not_followed(
    eva, service
):
    device = subscribe(eva, service)
    key = tell(eva)
    for status, location in ((503, ""), (302, f"http://{service.host}/other")):
        service.status, service.location = status, location
        with pytest.raises(NotTaken):
            push(device, key)
    assert len(service.taken) == 2

    service.status = 201
    assert push(device, key)
    retry: Any = jobs.push_to_a_device.retry_strategy
    assert retry.max_attempts == 6 and NotTaken in retry.retry_exceptions


def test_the_job_sends_to_whoever_may_log_in(eva, service):
    device = subscribe(eva, service)
    eva.quiet_from = eva.quiet_until = None
    eva.save()
    key = tell(eva)

    jobs.push_to_a_device(device.pk, key, key)
    actions.change_user(eva, {"is_active": False}, by=make_user("admin"))
    jobs.push_to_a_device(device.pk, key, key)

    assert len(service.taken) == 1
    device.refresh_from_db()
    assert device.told_at and timezone.now() - device.told_at < timedelta(minutes=1)


def test_without_devices_nothing_is_put_off(eva):
    tell(eva)
    assert waiting() == []


def test_a_browser_is_added_in_the_settings_and_removed_by_its_owner_alone(client, eva, service):
    client.force_login(eva)
    said = vars(service.subscription)

    client.post(DEVICES, said, headers={"User-Agent": "Firefox/140 Linux"})
    device = PushDevice.objects.get()
    assert "Firefox, Linux" in client.get("/settings/notifications").content.decode()

    other = make_user()
    client.force_login(other)
    assert client.post(f"{DEVICES}/{device.public_id}/remove").status_code == 404
    client.post(DEVICES, said)  # the same browser, used by somebody else now
    assert [one.user for one in PushDevice.objects.all()] == [other]
    client.post(f"{DEVICES}/{PushDevice.objects.get().public_id}/remove")
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://user:word@push.example/abc"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": ""},
        {"p256dh": "BAAA"},
        {"p256dh": "ñ"},
        {"auth": "AAAA"},
    ],
)
def test_what_nothing_can_be_written_to_is_refused(client, eva, service, wrong):
    client.force_login(eva)

    client.post(DEVICES, vars(service.subscription) | wrong)

    assert not PushDevice.objects.exists()


def test_a_device_ends_with_its_session_but_outlives_a_new_password(client, service):
    user = make_user(password="una clave de antes")
    client.post("/login", {"email": user.email, "password": "una clave de antes"})
    client.post(DEVICES, vars(service.subscription))
    words = {
        "old": "una clave de antes",
        "new": "otra clave más larga",
        "again": "otra clave más larga",
    }
    client.post("/settings/security", words)
    assert PushDevice.objects.get().session is not None

    client.post("/logout")

    assert not PushDevice.objects.exists()


def test_an_address_within_our_own_network_gets_nothing_and_is_forgotten(eva, service, settings):
    device = subscribe(eva, service)
    settings.PUSH_HOSTS = []
    PushDevice.objects.update(endpoint=f"https://{service.host}/push/abc")
    device.refresh_from_db()

    assert not push(device, tell(eva))
    assert service.taken == [] and not PushDevice.objects.exists()
