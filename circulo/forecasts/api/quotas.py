"""Quotas and adjustments over the API."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.forecasts import actions, schemas
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.actions.quotas import Said
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import Period, period_called, period_of
from circulo.forecasts.selectors.sums import reckoning
from circulo.lib import ids, money
from circulo.lib.errors import Invalid
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, nothing
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of

SUBJECTS = ("user", "team", "territory")
QUOTA = (*SUBJECTS, "period", "amount")
ADJUSTMENT = (*SUBJECTS, "period", "category", "amount", "comment")


def list_quotas(call: Call) -> HttpResponse:
    """One page of the quotas."""
    refuse_who_sees_none(call, "quotas")
    begins = reckoning().begins
    return lists.page(
        call, "quotas", lambda _user, rows: [_quota(row, begins) for row in rows],
        rows=Quota.objects.visible_to(call.user).select_related(*SUBJECTS),
    )  # fmt: skip


def set_quota(call: Call) -> HttpResponse:
    """Say the quota of a person, a team or a territory for a period; said again, it is changed."""
    refuse_who_sees_none(call, "quotas")
    said = reading.known(call.said, QUOTA)
    by = reckoning()
    with reading.collecting() as take:
        period = take("period", _period, said.get("period"), by.begins)
        amount, currency = take("amount", _amount, said.get("amount"), by.currency) or (None, "")
        subject = take("user", _subject, said) or {}
    actions.set_quotas([Said(period, amount, currency, **subject)], by=call.user)
    found = Quota.objects.visible_to(call.user).select_related(*SUBJECTS)
    kept = found.get(**subject, starts_on=period.first, span=period.span)
    return answer(_quota(kept, by.begins), status=201, location=f"quotas/{kept.public_id}")


def show_quota(call: Call) -> HttpResponse:
    """One quota."""
    refuse_who_sees_none(call, "quotas")
    return answer(_quota(_found(Quota, "quota", call), reckoning().begins))


def remove_quota(call: Call) -> HttpResponse:
    """Take a quota away."""
    found = _found(Quota, "quota", call)
    if not actions.remove_quotas([found.pk], by=call.user):
        raise forbidden(_("You may see this record, but not change it."))
    return nothing()


def list_adjustments(call: Call) -> HttpResponse:
    """One page of the adjustments, those that count no more too."""
    refuse_who_sees_none(call, "forecasts")
    begins = reckoning().begins
    return lists.page(
        call, "adjustments", lambda _user, rows: [_adjustment(row, begins) for row in rows]
    )


def adjust(call: Call) -> HttpResponse:
    """Add to the forecast of a person, a team or a territory, or take from it."""
    refuse_who_sees_none(call, "forecasts")
    said = reading.known(call.said, ADJUSTMENT)
    by = reckoning()
    with reading.collecting() as take:
        period = take("period", _period, said.get("period"), by.begins)
        amount = take("amount", _difference, said.get("amount"), by.currency)
        category = take("category", reading.word, said.get("category"))
        comment = take("comment", reading.word, said.get("comment"))
        subject = take("user", _subject, said) or {}
    made = actions.adjust_forecast(
        Adjusting(period, category, amount, comment, **subject), by=call.user
    )
    return answer(_adjustment(made, by.begins), status=201)


def withdraw(call: Call) -> HttpResponse:
    """Let an adjustment count no more."""
    found = _found(Adjustment, "adjustment", call)
    actions.withdraw_adjustment(found, by=call.user)
    found.refresh_from_db()
    return answer(_adjustment(found, reckoning().begins))


def refuse_who_sees_none(call: Call, kind: str) -> None:
    """Who sees no deals, or nothing of this kind, is told nothing."""
    if not (call.user.may(kind, "view") and call.user.may("deals", "view")):
        raise forbidden(_("Your role does not allow this."))


def _found(model: Any, kind: str, call: Call) -> Any:
    key = ids.decode(kind, call.ids[0]) or 0
    found = model.objects.visible_to(call.user).select_related(*SUBJECTS).filter(pk=key)
    if (one := found.first()) is None:
        raise not_found(_("There is no such record."))
    return one


def _quota(quota: Quota, begins: int) -> dict[str, Any]:
    return {
        "id": quota.public_id, **_of(quota),
        "user_name": quota.user.name if quota.user else None,
        "team_name": quota.team.name if quota.team else None,
        "territory_name": quota.territory.name if quota.territory else None,
        "period": _called(quota, begins), "span": quota.span,
        "amount": money.told(quota.amount, quota.currency), "updated_at": quota.updated_at,
    }  # fmt: skip


def _adjustment(one: Adjustment, begins: int) -> dict[str, Any]:
    return {
        "id": one.public_id, **_of(one), "period": _called(one, begins), "category": one.category,
        "amount": money.told(one.amount, one.currency), "comment": one.comment,
        "by": ids.encode("user", one.by_id), "made_at": one.made_at, "ended_at": one.ended_at,
    }  # fmt: skip


def _of(said: Quota | Adjustment) -> dict[str, Any]:
    keys = {name: getattr(said, f"{name}_id") for name in SUBJECTS}
    return {name: ids.encode(name, key) if key else None for name, key in keys.items()}


def _called(said: Quota | Adjustment, begins: int) -> str:
    return str(period_of(said.starts_on, said.span, begins))


def _period(value: Any, begins: int) -> Period:
    found = period_called(reading.word(value), begins) if value else None
    if found is None:
        raise Invalid({"": _("Write a period as 2026-11, 2026-q4 or 2026.")})
    return found


def _amount(value: Any, usual: str) -> tuple[Decimal, str]:
    amount, currency = money.read(value, usual)
    read = money.read_amount(amount)
    assert read is not None, "it was a number"
    return read, currency


def _difference(value: Any, usual: str) -> Decimal:
    amount, currency = money.read(value, usual)
    if currency != usual:
        raise Invalid({"": _("Adjust in the currency of the firm: %s.") % usual})
    return amount


def _subject(said: Mapping[str, Any]) -> dict[str, int]:
    """Of whom it is: exactly one of a user, a team and a territory."""
    keys = {kind: _key(kind, said.get(kind)) for kind in SUBJECTS}
    named = {kind: key for kind, key in keys.items() if key is not None}
    if len(named) != 1:
        raise Invalid({"": _("Name a user, a team or a territory, and only one.")})
    return named


def _key(kind: str, value: Any) -> int | None:
    if value is None:
        return None
    return ids.decode(kind, reading.word(value)) or 0


offer(
    Operation("GET", "quotas", list_quotas, "List quotas", gives=page_of(schemas.QUOTA),
              parameters=lists.PAGES),
    Operation("POST", "quotas", set_quota, "Set a quota", takes=schemas.QUOTA_IN,
              gives=schemas.QUOTA, status=201),
    Operation("GET", "quotas/{id}", show_quota, "Get a quota", gives=schemas.QUOTA),
    Operation("DELETE", "quotas/{id}", remove_quota, "Remove a quota", status=204),
    Operation("GET", "adjustments", list_adjustments, "List adjustments of forecasts",
              gives=page_of(schemas.ADJUSTMENT), parameters=lists.PAGES),
    Operation("POST", "adjustments", adjust, "Adjust a forecast", takes=schemas.ADJUSTMENT_IN,
              gives=schemas.ADJUSTMENT, status=201),
    Operation("POST", "adjustments/{id}/withdraw", withdraw, "Withdraw an adjustment",
              gives=schemas.ADJUSTMENT),
)  # fmt: skip
