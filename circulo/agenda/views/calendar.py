"""The calendar, by day, week, month and team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from circulo.accounts.answer_cache import cached_page
from circulo.accounts.models import User
from circulo.agenda.drawing import IN_A_DAY, draw, options
from circulo.agenda.selectors.calendar import (
    VIEWS,
    Period,
    calendar_of,
    people_shown,
    period_of,
)
from circulo.agenda.selectors.entries import colleagues
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.web import Request, page

YEARS = (1901, 2198)


@require_GET
@login_required
@cached_page
def calendar(request: Request) -> HttpResponse:
    """What a person, or their team, has on some days."""
    user = request.user
    if not user.may("tasks", "view"):
        raise PermissionDenied
    locale, asked = fmt.current(), request.GET
    view = asked.get("view") if asked.get("view") in VIEWS else "week"
    who = asked.get("who", "")[:20] or ("team" if view == "team" else "")
    period = period_of(str(view), _day(asked.get("day", ""), locale.today()), locale)
    people = people_shown(user, who)
    most = IN_A_DAY + 1 if view == "month" else None
    shown = calendar_of(user, people, period, locale.zone, most)  # type: ignore[arg-type]  # always a zone with a name
    drawn = draw(shown, user, locale)
    return page(request, "agenda/calendar.html", **_context(user, period, who, people), drawn=drawn)


def _context(user: User, period: Period, who: str, people: list[User]) -> dict[str, Any]:
    def address(**changes: Any) -> str:
        said = {"view": period.view, "day": period.day.isoformat(), "who": who} | changes
        return f"{reverse('agenda:calendar')}?{urlencode({k: v for k, v in said.items() if v})}"

    labels = {"day": (_("Day"), "d"), "week": (_("Week"), "w"), "month": (_("Month"), "m"),
              "team": (_("Team"), "e")}  # fmt: skip
    today = fmt.current().today()
    return {
        "period": period,
        "title": _title(period),
        "views": [
            {"label": label, "keys": keys, "current": name == period.view,
             "url": address(view=name, who="team" if name == "team" else who)}
            for name, (label, keys) in labels.items()
        ],
        "before": address(day=period.before.isoformat()),
        "after": address(day=period.after.isoformat()),
        "today_url": address(day=today.isoformat()),
        "colleagues": options(_choices(user), who),
        "of": "" if who in ("", "team") else people[0].name,
        "topic": people[0].opaque if len(people) == 1 else user.opaque,
        "new_url": f"{reverse('agenda:new_appointment')}?day={period.day.isoformat()}",
        "may_add": user.may("tasks", "create"),
        "here": address(),
    }  # fmt: skip


def _choices(user: User) -> Iterator[tuple[str, str]]:
    """Whose calendar can be looked at, by what an address says for it."""
    yield "", _("Mine")
    yield "team", _("My team")
    for key, name in colleagues().exclude(pk=user.pk).values_list("pk", "name"):
        yield ids.encode("user", key), name


def _title(period: Period) -> str:
    if period.view == "day":
        return f"{fmt.weekday(period.day)}, {fmt.day(period.day, 'long')}".capitalize()
    if period.view == "month":
        return fmt.month(period.day).capitalize()
    return fmt.days(period.first, period.last)


def _day(text: str, today: date) -> date:
    try:
        day = parse_date(text[:10])
    except ValueError:
        day = None
    return day if day and YEARS[0] <= day.year <= YEARS[1] else today
