"""Over the API: what one was told, and of what one wants to be told, where and when not."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts import actions, notices, selectors
from circulo.accounts.actions import Channels
from circulo.accounts.models import Notification, User
from circulo.accounts.selectors import NoticeChoice
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import bad_parameter, not_found
from circulo.records.rest.schemas import (
    Schema,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
)
from circulo.records.rest.versions import refuse_older

NOTIFICATION = component(
    "Notification",
    record(
        {
            "id": identifier("notification"),
            "kind": text(40),
            "text": text(description="What it says, in the language of the token's user"),
            "url": text(description="The page it leads to; empty where it leads nowhere"),
            "by": nullable(identifier("user")),
            "about": nullable(record({"kind": text(), "id": text()})),
            "created_at": moment(),
            "read_at": nullable(moment()),
        },
        required=["id", "kind", "text", "created_at", "read_at"],
    ),
)
READ_IN = component("NotificationsToRead", record({"with_older": flag()}))
_CLOCK = text(5, pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")
_CHOICE: dict[str, Schema] = {"kind": text(40), "here": flag(), "mail": flag(), "push": flag()}
_SETTINGS: dict[str, Schema] = {
    "kinds": list_of(record(_CHOICE | {"label": text()}, required=["kind"])),
    "quiet_from": nullable(_CLOCK),
    "quiet_until": nullable(_CLOCK),
}
SETTINGS = component("NotificationSettings", record(_SETTINGS, required=list(_SETTINGS)))
SETTINGS_IN = component(
    "NotificationSettingsToSend",
    record(_SETTINGS | {"kinds": list_of(record(_CHOICE, required=["kind"]))}),
)
_LISTED = (
    Parameter("unread", flag(), "true for what was not read yet, false for what was"),
    *(one for one in lists.PAGES if one.name in ("limit", "cursor")),
)


def list_notifications(call: Call) -> HttpResponse:
    """One page of what the token's user was told, the latest first."""
    is_unread = call.flag("unread", True) if "unread" in call.parameters else None
    cursor = call.parameters.get("cursor")
    before = ids.decode("notification", cursor) if cursor else None
    if cursor and before is None:
        raise bad_parameter("cursor", _("There is no such page."))
    told = selectors.notifications(
        call.user, before=before, limit=lists.limit_of(call), is_unread=is_unread
    )
    items = [_shown(row) for row in told.rows]
    count = selectors.told_to(call.user, is_unread=is_unread).count()
    return answer(
        {"items": items, "next": told.older or None, "count": count, "count_is_exact": True}
    )


def show_notification(call: Call) -> HttpResponse:
    """One notification."""
    said = _shown(_own(call))
    return one(call.request, said, etag_of(version_of(said)))


def read_notification(call: Call) -> HttpResponse:
    """Mark a notification as read, and on request all that are older."""
    said = reading.known(call.body if isinstance(call.body, dict) else {}, ("with_older",))
    with reading.collecting() as take:
        with_older = take("with_older", reading.flag, said.get("with_older", False))
    found = _own(call)
    keys: list[int] = [found.pk]
    if with_older:
        older = Notification.objects.visible_to(call.user).unread().filter(pk__lt=found.pk)
        keys += older.values_list("pk", flat=True)
    actions.read_notices(call.user, keys)
    return answer(_shown(_own(call)))


def show_settings(call: Call) -> HttpResponse:
    """Of what the token's user is told, where, and when not."""
    said = _settings(call.user)
    return one(call.request, said, etag_of(version_of(said)))


def change_settings(call: Call) -> HttpResponse:
    """Change of what the token's user is told; kinds and channels that are not named stay."""
    now = _settings(call.user)
    refuse_older(call, version_of(now), lambda: now)
    said = reading.known(call.said, _SETTINGS)
    known = {one.kind.name: one for one in selectors.notice_choices(call.user)}
    hours = {"quiet_from": call.user.quiet_from, "quiet_until": call.user.quiet_until}
    with reading.collecting() as take:
        chosen = take("kinds", _kinds, said.pop("kinds", []), known)
        hours |= {name: take(name, _clock, value) for name, value in said.items()}
    if (hours["quiet_from"] is None) != (hours["quiet_until"] is None):
        raise Invalid({"quiet_until": _("Say both hours, or neither to be told at any time.")})
    actions.choose_notices(call.user, chosen)
    actions.choose_quiet_hours(call.user, hours["quiet_from"], hours["quiet_until"])
    changed = _settings(call.user)
    return answer(changed, etag=etag_of(version_of(changed)))


def _own(call: Call) -> Notification:
    key = ids.decode("notification", call.ids[0]) or 0
    found = Notification.objects.visible_to(call.user).filter(pk=key).first()
    if found is None:
        raise not_found(_("There is no such record."))
    return notices.hide_unseen(call.user, [found])[0]


def _kinds(value: Any, known: dict[str, NoticeChoice]) -> dict[str, Channels]:
    if not isinstance(value, list):
        raise Invalid({"": _("This must be a list.")})
    chosen = {}
    for said in value:
        if not isinstance(said, dict) or not set(said) <= {*_CHOICE, "label"}:
            raise Invalid({"": _("There is no such field here.")})
        before = known.get(str(said.get("kind")))
        if before is None:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
        now = {"here": before.is_shown, "mail": before.is_mailed, "push": before.is_pushed}
        now |= {name: reading.flag(said[name]) for name in now if name in said}
        chosen[before.kind.name] = Channels(*now.values())
    return chosen


def _clock(value: Any) -> time | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == 5:
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise Invalid({"": _("This is not a time of day: write it as 21:30.")})


def _settings(user: User) -> dict[str, Any]:
    return {
        "kinds": [
            {
                "kind": one.kind.name,
                "label": str(one.kind.label),
                "here": one.is_shown,
                "mail": one.is_mailed,
                "push": one.is_pushed,
            }
            for one in selectors.notice_choices(user)
        ],
        "quiet_from": f"{user.quiet_from:%H:%M}" if user.quiet_from else None,
        "quiet_until": f"{user.quiet_until:%H:%M}" if user.quiet_until else None,
    }


def _shown(row: Notification) -> dict[str, Any]:
    about = None
    if row.about_id is not None and not row.is_hidden:
        about = {"kind": row.about_kind, "id": ids.encode(row.about_kind, row.about_id)}
    return {
        "id": row.public_id,
        "kind": row.kind,
        "text": row.text,
        "url": "" if row.is_hidden else row.url,
        "by": ids.encode("user", row.by_id) if row.by_id else None,
        "about": about,
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


offer(
    Operation("GET", "notifications", list_notifications, "List notifications",
              gives=page_of(NOTIFICATION), parameters=_LISTED),
    Operation("GET", "notifications/{id}", show_notification, "Get a notification",
              gives=NOTIFICATION),
    Operation("POST", "notifications/{id}/read", read_notification, "Mark a notification as read",
              takes=READ_IN, gives=NOTIFICATION,
              more="With `with_older` all that came before it are read too."),
    Operation("GET", "notification-settings", show_settings, "Get what one is told of",
              gives=SETTINGS),
    Operation("PATCH", "notification-settings", change_settings, "Change what one is told of",
              takes=SETTINGS_IN, gives=SETTINGS,
              more="Kinds and channels that are not named stay as they are."),
)  # fmt: skip
