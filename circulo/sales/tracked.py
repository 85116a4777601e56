"""What the ledger keeps of deals, and what follows from putting it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach
from circulo.catalog.models import PRICED_TOGETHER
from circulo.lib.errors import RuleBroken
from circulo.parties.actions.writing import array_of, run
from circulo.records.models import OWN
from circulo.records.tracking import Hidden, Named, Root, Tracked, Within, root, track
from circulo.sales import actions
from circulo.sales.actions import lines, telling, writing
from circulo.sales.actions.colours import colours_changed
from circulo.sales.actions.repricing import price_anew
from circulo.sales.models import (
    ColourRule,
    Deal,
    DealLine,
    DealPerson,
    DealShare,
    DealStay,
    DealStep,
    Pipeline,
    Reason,
    Rival,
    Stage,
    StageAct,
)
from circulo.sales.models.deals import SEARCHED

if TYPE_CHECKING:
    from circulo.accounts.models import User

_SEARCHED = {f"deal.{name}" for name in (*SEARCHED, "custom")} | {"deal"}
_PRICED_FOR = {"deal.party_id", "deal.currency"}
# A stage that was put back, and stays in another pipeline, takes its deal along.
_IN_ITS_PIPELINE = """
    UPDATE sales_deal d SET pipeline_id = s.pipeline_id FROM sales_stage s
    WHERE s.id = d.stage_id AND d.id = ANY(%s) AND d.pipeline_id <> s.pipeline_id
"""
_HIDDEN_WITH = {"reason_id": "reason", "reason_note": "reason", "lost_to": "rivals",
                "currency": "amount", "amount_from_lines": "amount"}  # fmt: skip
_THINGS = {"deal_share": "shares", "rival": "rivals", "deal_line": "amount"}


def _within(user: User, act: str) -> QuerySet[Any] | None:
    """The deals this person may edit or delete, in the bin or not."""
    if user.reach("deals", act) == Reach.ALL:
        return None
    return Deal.objects.all().within(user, act)


def _settle(keys: Sequence[int], names: Collection[str]) -> None:
    """The stays of a deal fit it again, it is found by what it says now, and pages ask anew."""
    if "deal.stage_id" in names or "deal.pipeline_id" in names:
        run(_IN_ITS_PIPELINE, [array_of(keys)])
    writing.refresh_probability(keys)
    if any(name.startswith("deal_share") for name in names):
        _refuse_too_many_shares(keys)
    if any(name.startswith(("deal_line", "deal.amount")) for name in names):
        lines.follow(keys)
    writing.STAYS.mend(keys)
    if _SEARCHED & set(names):
        writing.refresh_search(keys)
    telling.publish_deals(keys)


def _part(names: Collection[str], since: Callable[[], dict[int, set[str]]]) -> None:
    """Where lines of a deal were put back and somebody gave it another party or currency since, or
    the other way round, all its lines are priced anew.
    """
    if back := _of_prices(names):
        done = {key: _of_prices(others) for key, others in since().items()}
        price_anew({key: "" for key, others in done.items()
                    if others and not _PRICED_FOR.isdisjoint(back | others)})  # fmt: skip


def _of_prices(names: Collection[str]) -> set[str]:
    return {name for name in names if name in _PRICED_FOR or name.startswith("deal_line")}


def _refuse_too_many_shares(keys: Sequence[int]) -> None:
    sums = DealShare.objects.filter(deal__in=keys).values("deal").annotate(all=Sum("percent"))
    if sums.filter(all__gt=100).exists():
        raise RuleBroken(_("Shares are at most 100 % together: take from the others first."))


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Deal.objects.all().within(user, "view").filter(pk__in=keys)
    return {deal.pk: (deal.title, deal.get_absolute_url()) for deal in rows.only("title")}


def _hides(user: User, keys: Collection[int]) -> dict[int, Hidden]:
    """What a role hides of deals is hidden in their history too."""
    hidden = user.hidden_fields("deals")
    sees_products = user.may("products", "view")

    def hides(kind: str, column: str, row: dict[str, Any]) -> bool:
        if kind == "deal_line" and not sees_products:
            return True
        if column == "custom":
            return any(name.startswith(OWN) for name in hidden)
        return _HIDDEN_WITH.get(column, _THINGS.get(kind, column)) in hidden

    return dict.fromkeys(keys, hides)


def _change(key: int, values: dict[str, Any], old: dict[str, Any], by: User) -> None:
    """Put columns of a deal back by the rules of deals."""
    actions.put_deal_back(Deal.objects.get(pk=key), values, old=old, by=by)


_Decided = type[Pipeline] | type[Stage] | type[Reason] | type[ColourRule]


def _decided(model: _Decided) -> Within:
    """What administrators decide: nobody else takes it back."""
    rows = model._default_manager
    return lambda user, _act: None if user.is_admin else rows.none()


def _settle_stages(keys: Sequence[int], names: Collection[str]) -> None:
    """What stands in a stage is as likely as it says again."""
    if {"stage", "stage.probability"} & set(names):
        writing.follow_stages(keys)


def _called(model: _Decided) -> Named:
    """Everybody knows what all of these are called; they have no pages."""

    def named(_user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
        return {one.pk: (str(one), "") for one in model._default_manager.filter(pk__in=keys)}

    return named


root(
    Root(
        "deal",
        _within,
        _settle,
        _part,
        whose="owner_id",
        named=_named,
        hides=_hides,
        change=_change,
        says={
            "outcome": {
                "open": pgettext_lazy("deal", "Open again: %s."),
                "won": pgettext_lazy("deal", "Won again: %s."),
                "lost": pgettext_lazy("deal", "Lost again: %s."),
            }
        },
    ),  # fmt: skip
    Root("pipeline", _decided(Pipeline), named=_called(Pipeline)),
    Root("stage", _decided(Stage), _settle_stages, named=_called(Stage)),
    Root("reason", _decided(Reason), named=_called(Reason)),
    Root(
        "colour_rule",
        _decided(ColourRule),
        lambda _keys, _names: colours_changed(),
        named=_called(ColourRule),
        bears_on_others=True,
    ),  # fmt: skip
)
track(
    Tracked(Pipeline, "pipeline", _("Pipeline"), told=("name",)),
    Tracked(Stage, "stage", _("Stage"), told=("name",)),
    Tracked(
        StageAct,
        "stage_act",
        _("Suggested act"),
        root="stage_id",
        root_kind="stage",
        told=("title", "after_days"),
        placed_by="position",
    ),
    Tracked(Reason, "reason", _("Reason"), told=("label",)),
    Tracked(ColourRule, "colour_rule", _("Colour rule"), told=("label", "tone")),
)
track(
    Tracked(
        Deal,
        "deal",
        _("Deal"),
        told=("title",),
        silent=frozenset({"rank", "is_demo", "created_at", "opened_at", "stage_since"}),
        derived=frozenset({"search", "probability"}),
        together=(("amount", "currency", "amount_from_lines"),),
        bumped="version",
        touched="updated_at",
        own_of=lambda row: "deals",
    ),
    Tracked(
        DealStay,
        "deal_stay",
        _("Stay"),
        root="deal_id",
        root_kind="deal",
        derived=frozenset({"left_at"}),
        is_in_history=False,
    ),
    Tracked(
        DealLine,
        "deal_line",
        _("Line"),
        root="deal_id",
        root_kind="deal",
        told=("quantity", "product_id", "net"),
        silent=frozenset({"steps", "is_priced", "includes_tax", "tax_class"}),
        placed_by="position",
        together=(PRICED_TOGETHER,),
    ),
    Tracked(
        DealPerson,
        "deal_person",
        _("Person involved"),
        root="deal_id",
        root_kind="deal",
        told=("party_id", "part"),
    ),
    Tracked(
        DealShare,
        "deal_share",
        _("Share"),
        root="deal_id",
        root_kind="deal",
        told=("user_id", "percent"),
    ),
    Tracked(
        Rival,
        "rival",
        _("Competitor"),
        root="deal_id",
        root_kind="deal",
        told=("name", "strength", "note"),
    ),
    Tracked(
        DealStep,
        "deal_step",
        _("Next step"),
        root="deal_id",
        root_kind="deal",
        told=("entry_id",),
        silent=frozenset({"act_id"}),
    ),
)
