"""What administrators decide of leads: rules of score and way, reasons, how the house receives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from circulo.accounts import news
from circulo.accounts.models import User
from circulo.accounts.selectors import house
from circulo.leads.models import (
    LeadDesk,
    LeadReason,
    RouteMember,
    RouteRule,
    ScoreRule,
)
from circulo.lib.errors import Invalid
from circulo.lib.later import later
from circulo.records import criteria
from circulo.records.resources import resource

MOST_RULES, MOST_MEMBERS = 100, 200


@transaction.atomic
def add_score_rule(values: dict[str, Any], *, by: User | None) -> ScoreRule:
    """Add a rule of the score; all leads are scored anew in the background."""
    refuse_bad_criteria(values.get("criteria"))
    rule = ScoreRule.objects.create(position=_last(ScoreRule), **values)
    _score_anew()
    return rule


@transaction.atomic
def change_score_rule(rule: ScoreRule, values: dict[str, Any], *, by: User | None) -> ScoreRule:
    """Change a rule of the score; all leads are scored anew in the background."""
    refuse_bad_criteria(values.get("criteria"))
    _set(rule, values)
    _score_anew()
    return rule


@transaction.atomic
def remove_score_rule(rule: ScoreRule, *, by: User | None) -> None:
    """Take a rule of the score away; all leads are scored anew in the background."""
    rule.delete()
    _score_anew()


@transaction.atomic
def add_route_rule(
    values: dict[str, Any], members: Sequence[dict[str, Any]], *, by: User | None
) -> RouteRule:
    """Add a rule that says to whom leads go, after those that are there."""
    refuse_bad_criteria(values.get("criteria"))
    _refuse_nobody(values, members)
    rule = RouteRule.objects.create(position=_last(RouteRule), **values)
    _put_members(rule, members)
    news.renew()
    return rule


@transaction.atomic
def change_route_rule(
    rule: RouteRule,
    values: dict[str, Any],
    members: Sequence[dict[str, Any]] | None = None,
    *,
    by: User | None,
) -> RouteRule:
    """Change a rule that says to whom leads go; who stays keeps their turn."""
    refuse_bad_criteria(values.get("criteria"))
    held = RouteRule.objects.select_for_update().get(pk=rule.pk)
    there = members if members is not None else [{}] * held.members.count()
    asks = ("way", "team", "needs_territory", "needs_language", "needs_skill")
    now = {name: getattr(held, name) for name in asks}
    _refuse_nobody(now | values, there)
    _set(held, values)
    if members is not None:
        _put_members(held, members)
    news.renew()
    return held


@transaction.atomic
def remove_route_rule(rule: RouteRule, *, by: User | None) -> None:
    """Take a rule that says to whom leads go away."""
    rule.delete()
    news.renew()


@transaction.atomic
def order_rules(
    model: type[ScoreRule] | type[RouteRule], order: Sequence[int], *, by: User | None
) -> None:
    """Put rules into an order; those of the way are asked in it."""
    rows = {rule.pk: rule for rule in model._default_manager.select_for_update().order_by("pk")}
    named = [rows[key] for key in dict.fromkeys(order) if key in rows]
    rest = sorted((r for r in rows.values() if r not in named), key=lambda r: (r.position, r.pk))
    for position, rule in enumerate([*named, *rest]):
        if rule.position != position:
            _set(rule, {"position": position})
    news.renew()


@transaction.atomic
def add_lead_reason(label: str, *, by: User | None) -> LeadReason:
    """Add a reason for which leads are discarded."""
    try:
        with transaction.atomic():
            return LeadReason.objects.create(label=label, position=_last(LeadReason))
    except IntegrityError as error:
        raise Invalid({"label": _("This reason is there already.")}) from error


@transaction.atomic
def change_lead_reason(reason: LeadReason, values: dict[str, Any], *, by: User | None) -> None:
    """Change a reason, or offer it no more."""
    _set(reason, values)


@transaction.atomic
def change_lead_desk(values: dict[str, Any], *, by: User | None) -> LeadDesk:
    """Change how the house receives leads."""
    if values.get("first_hour", 9) >= values.get("last_hour", 18):
        raise Invalid({"last_hour": _("The day must end after it begins.")})
    desk, _is_new = LeadDesk.objects.update_or_create(pk=1, defaults=values)
    news.renew()
    return desk


def refuse_bad_criteria(criterion: Any) -> None:
    """A rule asks only for what leads have."""
    try:
        if criterion:
            criteria.compile_for(resource("leads"), criterion, house())
    except criteria.BadCriteria as bad:
        raise Invalid({"criteria": str(bad)}) from bad


def _refuse_nobody(values: dict[str, Any], members: Sequence[Any]) -> None:
    if values.get("way") == RouteRule.Way.QUEUE:
        if values.get("team") is None:
            raise Invalid({"team": _("Say in the queue of which team leads wait.")})
    elif not members and not values.get("needs_territory"):
        raise Invalid({"members": _("Say to whom leads go.")})
    elif not members and (values.get("needs_language") or values.get("needs_skill")):
        text = _("Say to whom leads go: of nobody else it is known what they speak and know.")
        raise Invalid({"members": text})
    if len(members) > MOST_MEMBERS:
        text = _("This must be a list of at most %d values.") % MOST_MEMBERS
        raise Invalid({"members": text})


def _put_members(rule: RouteRule, said: Sequence[dict[str, Any]]) -> None:
    """Make the people of a rule who was said; newcomers come after those who wait."""
    there = {one.user_id: one for one in rule.members.all()}
    named = {one["user_id"]: one for one in said}
    rule.members.exclude(user__in=list(named)).delete()
    last = max(rule.turns.values(), default=0)
    for key, values in named.items():
        if key in there:
            _set(there[key], values)
        else:
            RouteMember.objects.create(rule=rule, **values)
    _set(rule, {"turns": {str(key): last for key in named} | rule.turns})


def _set(row: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    if values:
        row.save(update_fields=list(values))


def _last(model: type[Model]) -> int:
    found = model._default_manager.aggregate(last=Max("position"))["last"]
    if found is not None and found >= MOST_RULES:
        raise Invalid({"label": _("There are %d of these: take one away first.") % MOST_RULES})
    return 0 if found is None else found + 1


def _score_anew() -> None:
    news.renew()
    later("leads.score_every_lead")
