"""Which rules a quote meets, and who may approve it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.accounts.selectors import house
from circulo.lib import ids
from circulo.quotes.models import Approval, ApprovalRule, Quote
from circulo.records import criteria
from circulo.records.resources import resource

Who = ApprovalRule.Who
_LOOKED_AT = "most_discount"


def rules_met(quote: Quote) -> list[ApprovalRule]:
    """The rules in use whose conditions a quote fulfils, as the house sees it whoever asks."""
    rules = ApprovalRule.objects.filter(is_active=True).select_related("role", "person")
    return [rule for rule in rules.order_by("pk") if _meets(quote, rule)]


def people_for(rule: ApprovalRule, quote: Quote, *, asked_by: User) -> list[int]:
    """Who may approve a quote by a rule; administrators where it names nobody who could."""
    people = User.objects.filter(is_active=True)
    if not rule.allows_own:
        people = people.exclude(pk__in=[quote.owner_id, asked_by.pk])
    found = list(_named(rule, quote, people).order_by("pk").values_list("pk", flat=True))
    return found or list(
        people.filter(role=RoleName.ADMIN).order_by("pk").values_list("pk", flat=True)
    )


def rules_in_order() -> QuerySet[ApprovalRule]:
    """Every rule, those in use first."""
    return ApprovalRule.objects.select_related("role", "person").order_by("-is_active", "name")


def rule_called(identifier: str) -> ApprovalRule | None:
    """The rule of this identifier."""
    rows = ApprovalRule.objects.select_related("role", "person")
    return rows.filter(pk=ids.decode("approval_rule", identifier) or 0).first()


def asked_now(user: User) -> QuerySet[Approval]:
    """What this person is asked to approve now."""
    rows = Approval.objects.filter(state=Approval.State.WAITING, people__contains=[user.pk])
    return rows.select_related("quote", "quote__owner").order_by("asked_at", "pk")


def may_decide(user: User, quote: Quote) -> bool:
    """Whether this person is asked to approve this quote."""
    return quote.status == Quote.Status.WAITING and asked_now(user).filter(quote=quote).exists()


def _meets(quote: Quote, rule: ApprovalRule) -> bool:
    rows = Quote.objects.filter(pk=quote.pk)
    criterion = _or_unknown(rule.criterion)
    return criteria.narrow(rows, resource("quotes"), criterion, house()).exists()


def _or_unknown(said: Any) -> Any:
    """The conditions of a rule, whose limit of the discount by hand an unknown one is beyond too:
    where nobody knows the figure, somebody looks.
    """
    if isinstance(said, list):
        return [_or_unknown(one) for one in said]
    if not isinstance(said, dict):
        return said
    if said.get("field") == _LOOKED_AT and said.get("op") in ("gt", "gte", "between"):
        return {"any": [said, {"field": _LOOKED_AT, "op": "empty"}]}
    return {name: one if name == "not" else _or_unknown(one) for name, one in said.items()}


def _named(rule: ApprovalRule, quote: Quote, people: QuerySet[User]) -> QuerySet[User]:
    if rule.who == Who.PERSON:
        return people.filter(pk=rule.person_id or 0)
    if rule.who == Who.ROLE:
        return people.filter(role=rule.role_id)
    team = quote.owner.team
    if team is None:
        return people.none()
    parts = team.path.rstrip("/").split("/")
    above = ["/".join(parts[: length + 1]) + "/" for length in range(len(parts))]
    return people.filter(Q(role=RoleName.MANAGER), team__path__in=above)
