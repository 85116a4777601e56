"""What an administrator decides of quotes: which must be approved by whom, how they look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import Role, User
from circulo.accounts.selectors import house
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.quotes.composing import fault_in
from circulo.quotes.models import ApprovalRule, QuotePaper
from circulo.quotes.models.quotes import LANGUAGES
from circulo.records import criteria
from circulo.records.resources import resource

Who = ApprovalRule.Who
MOST_TEXT, MOST_DAYS = 20_000, 3650
_MERGED = ("subject", "message")
_COLOUR = re.compile("#[0-9a-f]{6}")


def add_rule(said: Mapping[str, Any], *, by: User | None) -> ApprovalRule:
    """State which quotes must be approved, and by whom."""
    return _keep(ApprovalRule(), said)


def change_rule(rule: ApprovalRule, said: Mapping[str, Any], *, by: User | None) -> ApprovalRule:
    """Change a rule; what was asked by it already stays."""
    return _keep(rule, said)


def remove_rule(rule: ApprovalRule, *, by: User | None) -> None:
    """Take a rule away; what was decided by it keeps its words."""
    rule.delete()


@transaction.atomic
def change_paper(said: Mapping[str, Any], *, by: User | None) -> QuotePaper:
    """State how quotes look, how long they hold and what they say at first."""
    refused: dict[str, Text] = {}
    colour = str(said.get("colour", "")).lower()
    days = said.get("days")
    if not _COLOUR.fullmatch(colour):
        refused["colour"] = _("Write a colour as #0f5f66.")
    if not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        refused["days"] = _("A number of days from 1 to %d.") % MOST_DAYS
    texts = {
        language: {
            name: clean(str(said.get(f"{name}_{language}", "")), limit=MOST_TEXT, lines=True)
            for name in ("introduction", "terms", *_MERGED)
        }
        for language, _label in LANGUAGES
    }
    for language, told in texts.items():
        for name in _MERGED:
            if fault := fault_in(by or house(), told[name]):
                refused[f"{name}_{language}"] = fault
    if refused:
        raise Invalid(refused)
    values = {"colour": colour, "days": days, "texts": texts}
    return QuotePaper.objects.update_or_create(pk=1, defaults=values)[0]


@transaction.atomic
def _keep(rule: ApprovalRule, said: Mapping[str, Any]) -> ApprovalRule:
    rule.name = clean(str(said.get("name", "")), limit=120)
    if not rule.name:
        raise Invalid({"name": _("A name is needed.")})
    rule.criterion = _criterion(said.get("criterion"))
    rule.who = str(said.get("who", Who.LEAD))
    rule.allows_own = bool(said.get("allows_own", False))
    rule.is_active = bool(said.get("is_active", True))
    _name_people(rule, said)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise Invalid({"name": _("Another rule has this name.")}) from error
    return rule


def _criterion(said: Any) -> Any:
    """A criterion that asks something of a quote; Invalid says where it is at fault."""
    if not said:
        raise Invalid({"criterion": _("Say which quotes must be approved.")})
    try:
        criteria.compile_for(resource("quotes"), said, house())
    except criteria.BadCriteria as bad:
        raise Invalid({"criterion": str(bad)}) from bad
    return said


def _name_people(rule: ApprovalRule, said: Mapping[str, Any]) -> None:
    if rule.who not in Who.values:
        raise Invalid({"who": _("Choose one of the list.")})
    rule.role = Role.objects.filter(pk=said.get("role") or "").first()
    people = User.objects.filter(is_active=True, pk=said.get("person") or 0)
    rule.person = people.first()
    if rule.who != Who.ROLE:
        rule.role = None
    elif rule.role is None:
        raise Invalid({"role": _("Choose the role that approves.")})
    if rule.who != Who.PERSON:
        rule.person = None
    elif rule.person is None:
        raise Invalid({"person": _("Choose who approves.")})
