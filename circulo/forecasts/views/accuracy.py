"""The page that says how wrong the forecasts were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from circulo.accounts.answer_cache import cached_page
from circulo.accounts.models import User
from circulo.forecasts.periods import Period, Span
from circulo.forecasts.seen import sees_shares
from circulo.forecasts.selectors import accuracy as found
from circulo.forecasts.selectors.accuracy import FIRM, PERSON, TEAM, Judged, Record, Told
from circulo.forecasts.selectors.links import closed_in, condition, deals_at, or_shared
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.lib import ids
from circulo.web import Request, page

METHODS = (("called", "called"), ("weighted", "weighted"), ("expected", "expected"))
ALWAYS, MOSTLY = 0.85, 0.65
NEAR = range(5)  # weeks ahead: as far as a month is looked at while it runs


@require_GET
@login_required
@cached_page
def accuracy(request: Request) -> HttpResponse:
    """How wrong forecasts were: by seller, by stage, by how far one looked ahead."""
    by = reckoning()
    record = found.record_for(request.user, today=timezone.localdate(timezone=by.zone), by=by)
    if record is None:
        raise PermissionDenied
    key = _key(request.GET.get("of", ""), record)
    weeks = _weeks(request.GET.get("weeks", ""))
    told = _near(record.of(key), weeks)
    return page(
        request, "forecasts/accuracy.html", **_context(request, record, key, weeks, told, by)
    )


def _context(
    request: Request, record: Record, key: Any, weeks: int | None, told: list[Told], by: Reckoning
) -> dict[str, Any]:
    whole = found.judged(told)
    inside, bounded = found.coverage(told)
    people = sorted(one for one in record.told if one[0] == PERSON)
    is_root = key == record.root
    return {
        "name": record.names.get(key, ""), "is_root": is_root, "weeks": weeks,
        "currency": by.currency, "near": NEAR[-1], "whole": whole,
        "words": _in_words(whole) if whole else "",
        "horizons": _horizons(record, key, weeks),
        "methods": [(name, found.judged(told, figure)) for name, figure in METHODS],
        "inside": inside, "bounded": bounded,
        "coverage": inside / bounded if bounded else None,
        "people": _people(record, people, weeks) if is_root else [],
        "stages": found.stages_for(request.user, record, weeks=_horizon(weeks)) if is_root else [],
        "rows": [] if is_root else [(one, _came(request.user, key, one, by)) for one in told],
        "back": _address(record.root, None),
    }  # fmt: skip


def _near(told: list[Told], weeks: int | None) -> list[Told]:
    """What was said while the month ran or, where one horizon was chosen, at that one."""
    wanted = _horizon(weeks)
    return [one for one in told if one.weeks_ahead in wanted]


def _horizon(weeks: int | None) -> range:
    return NEAR if weeks is None else range(weeks, weeks + 1)


def _people(record: Record, keys: list[Any], weeks: int | None) -> list[dict[str, Any]]:
    rows = []
    for key in keys:
        one = found.judged(_near(record.of(key), weeks))
        if one is not None and (one.said or one.came):
            rows.append({"name": record.names.get(key, ""), "judged": one, "words": _in_words(one),
                         "url": _address(key, weeks)})  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row["judged"].bias), row["name"]))


def _horizons(record: Record, key: Any, chosen: int | None) -> list[dict[str, Any]]:
    judged = found.by_horizon(record.of(key))
    most = max((max(one.said, one.came) for one in judged.values()), default=Decimal())
    return [
        {"weeks": weeks, "label": _ahead(weeks), "judged": one, "url": _address(key, weeks),
         "is_chosen": weeks == chosen, "said": _width(one.said, most),
         "came": _width(one.came, most)}
        for weeks, one in judged.items()
    ]  # fmt: skip


def _width(amount: Decimal, most: Decimal) -> int:
    """How long the bar of an amount is, where that of the highest is 100."""
    return max(0, round(100 * amount / most)) if most > 0 else 0


def _ahead(weeks: int) -> str:
    if not weeks:
        return _("In the last week")
    return ngettext("%d week ahead", "%d weeks ahead", weeks) % weeks


def _in_words(one: Judged) -> str:
    """Which way somebody errs, in plain words."""
    off = one.too_high + one.too_low
    high = one.too_high / off if off else 0.5
    if not off or (one.share is not None and abs(one.share) < 0.05):
        return _("About right")
    if high >= ALWAYS:
        return _("Nearly always too hopeful")
    if high >= MOSTLY:
        return _("Mostly too hopeful")
    if high <= 1 - ALWAYS:
        return _("Nearly always too careful")
    return _("Mostly too careful") if high <= 1 - MOSTLY else _("Now too high, now too low")


def _came(user: User, key: Any, one: Told, by: Reckoning) -> str:
    """Where the deals are that were won in the month, by one person or together with others."""
    period, is_shared = Period(one.month, Span.MONTH, by.begins), by.shares and sees_shares(user)
    conditions = [condition("outcome", "is", "won"), *closed_in(period, by)]
    if key[0] == PERSON:
        mine = ids.encode("user", key[1])
        owned = [condition("owner", "is", mine)]
        conditions += or_shared(owned, "owner", mine) if is_shared else owned
    return deals_at(conditions, is_shared=is_shared) if key[0] != TEAM else ""


def _address(key: Any, weeks: int | None) -> str:
    query = {"of": _identifier(key)} | ({} if weeks is None else {"weeks": str(weeks)})
    return f"{reverse('forecasts:accuracy')}?{urlencode(query)}"


def _identifier(key: Any) -> str:
    kind, number = key
    return FIRM if kind == FIRM else f"{kind}-{ids.encode(_KINDS[kind], number)}"


_KINDS = {PERSON: "user", TEAM: "team"}


def _key(text: str, record: Record) -> Any:
    """Whom an address names; the top of what one sees where it names nobody."""
    if not text:
        return record.root
    for key in [record.root, *record.told]:
        if _identifier(key) == text:
            return key
    raise Http404


def _weeks(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
