"""What administrators decide of the colours on the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from circulo.accounts import news
from circulo.accounts.models import User
from circulo.accounts.selectors import house
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.criteria import BadCriteria, compile_for
from circulo.records.resources import resource
from circulo.sales.actions import telling
from circulo.sales.models import ColourRule, Pipeline

MOST_COLOURS = 12


@transaction.atomic
def add_colour(values: dict[str, Any], *, by: User | None) -> ColourRule:
    """Add a colour rule after those that are there."""
    if ColourRule.objects.count() >= MOST_COLOURS:
        raise RuleBroken(_("There are at most %d colour rules.") % MOST_COLOURS)
    _refuse_bad(values.get("criteria"))
    last = ColourRule.objects.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    rule = ColourRule.objects.create(position=position, **values)
    colours_changed()
    return rule


@transaction.atomic
def change_colour(rule: ColourRule, values: dict[str, Any], *, by: User | None) -> ColourRule:
    """Change a colour rule."""
    if "criteria" in values:
        _refuse_bad(values["criteria"])
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    colours_changed()
    return rule


@transaction.atomic
def remove_colour(rule: ColourRule, *, by: User | None) -> None:
    """Take a colour rule away."""
    rule.delete()
    colours_changed()


@transaction.atomic
def order_colours(keys: Sequence[int], *, by: User | None) -> None:
    """Put the colour rules into this order; those that are not named come after."""
    rules = {rule.pk: rule for rule in ColourRule.objects.in_order().select_for_update()}
    named = [rules.pop(key) for key in dict.fromkeys(keys) if key in rules]
    for position, rule in enumerate([*named, *rules.values()]):
        if rule.position != position:
            rule.position = position
            rule.save(update_fields=["position"])
    colours_changed()


def colours_changed() -> None:
    """Every process reads the rules anew, and open boards ask anew."""
    news.renew()
    telling.publish({*Pipeline.objects.values_list("pk", flat=True)}, [])


def _refuse_bad(criterion: Any) -> None:
    if not criterion:
        raise Invalid(
            {"criteria": _("Say which deals get this colour: a rule asks for something.")}
        )
    try:
        compile_for(resource("deals"), criterion, house())
    except BadCriteria as bad:
        raise Invalid({"criteria": str(bad)}) from bad
