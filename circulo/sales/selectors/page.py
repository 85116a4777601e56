"""What the page of a deal shows, each part within what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.agenda.models import Entry
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.records.models import Attachment
from circulo.records.selectors import attachments_of
from circulo.sales.credit import parts_of
from circulo.sales.models import Deal, DealPerson, DealShare, DealStay, Rival, Stage
from circulo.sales.parts import stories_of
from circulo.timeline.models import Interaction
from circulo.timeline.selectors import Row, rows_about

LATEST = 50


@dataclass(frozen=True)
class Step:
    """A stage on the path of a deal: where it stands, and how many days it was there."""

    stage: Stage
    is_here: bool
    is_past: bool
    days: int | None
    key: str = ""


def path_of(deal: Deal) -> list[Step]:
    """The stages of its pipeline, with the days that the deal spent in each while it was open."""
    stages = list(Stage.objects.filter(pipeline=deal.pipeline_id).in_order())
    days: dict[int, float] = {}
    now = timezone.now()
    for stay in DealStay.objects.filter(deal=deal, outcome=Deal.Outcome.OPEN):
        spent = ((stay.left_at or now) - stay.entered_at).total_seconds() / 86_400
        days[stay.stage_id] = days.get(stay.stage_id, 0) + spent
    here = next((n for n, stage in enumerate(stages) if stage.pk == deal.stage_id), 0)
    return [
        Step(stage, n == here, n < here, int(days[stage.pk]) if stage.pk in days else None,
             str(n + 1) if n < 9 else "")
        for n, stage in enumerate(stages)
    ]  # fmt: skip


def party_of(user: User, deal: Deal) -> Party | None:
    """The party of a deal, where this person sees it."""
    return party_seen(user, deal.party_id)


def party_link(party: Party | None) -> dict[str, Any] | None:
    """A party as pages name it: id, name, address."""
    if party is None:
        return None
    return {"id": party.public_id, "name": party.name, "url": party.get_absolute_url(),
            "is_organisation": party.is_organisation}  # fmt: skip


def steps_of(user: User, deal: Deal) -> list[Entry]:
    """What is planned for a deal, the next first."""
    rows = Entry.objects.visible_to(user).open().filter(deal_step__deal=deal)
    return list(rows.select_related("owner").order_by("falls_at", "pk")[:20])


def people_of(user: User, deal: Deal) -> list[DealPerson]:
    """Who has which part in a deal, of those whom this person sees."""
    seen = Party.objects.visible_to(user)
    rows = DealPerson.objects.filter(deal=deal, party__in=seen)
    return list(rows.select_related("party").order_by("pk"))


def rivals_of(user: User, deal: Deal) -> list[Rival] | None:
    """The competitors at a deal; None where the role does not see them."""
    if "rivals" in user.hidden_fields("deals"):
        return None
    return list(Rival.objects.filter(deal=deal).order_by("-strength", "name"))


@dataclass(frozen=True)
class Shared:
    """Somebody who sells a deal, with which part of it; the last one is its owner."""

    user: User
    percent: int
    worth: str
    is_owner: bool = False


def shares_of(user: User, deal: Deal) -> list[Shared] | None:
    """Who sells a deal together with its owner, and its owner with what is left, where anybody has
    a share; None where the role does not see that."""
    hidden = user.hidden_fields("deals")
    if "shares" in hidden:
        return None
    shares = list(DealShare.objects.filter(deal=deal).select_related("user").order_by("pk"))
    percents, amount = [one.percent for one in shares], deal.amount or Decimal()
    parts = parts_of(amount, percents, deal.currency)
    sellers = [*((one.user, one.percent, part) for one, part in zip(shares, parts, strict=True)),
               (deal.owner, 100 - sum(percents), amount - sum(parts))]  # fmt: skip
    if not shares or "owner" in hidden:
        del sellers[-1]
    is_told = "amount" not in hidden and deal.amount is not None
    return [
        Shared(who, percent, fmt.money(part, deal.currency) if is_told else "", n == len(shares))
        for n, (who, percent, part) in enumerate(sellers)
    ]


def told_of(user: User, deal: Deal) -> list[Row]:
    """What happened with a deal, with what was planned for it and with what belongs to its story
    in other apps, newest first.
    """
    entries = list(deal.steps.values_list("entry_id", flat=True))
    about = Q(about_kind="deal", about_id=deal.pk)
    for kind, keys in {"entry": entries, **stories_of(deal)}.items():
        about |= Q(about_kind=kind, about_id__in=keys)
    return rows_about(Interaction.objects.visible_to(user).filter(about), most=LATEST)


def way_of(deal: Deal) -> list[DealStay]:
    """Where a deal has been, the latest first: its story where no party keeps one."""
    stays = DealStay.objects.filter(deal=deal).select_related("stage")
    return list(stays.order_by("-entered_at", "-pk")[:LATEST])


def files_of(deal: Deal) -> list[Attachment]:
    """The files of a deal."""
    return list(attachments_of("deal", deal.pk))


def may_follow(user: User, identifier: str) -> bool:
    """Whether a person may hear that this deal changed."""
    key = ids.decode("deal", identifier)
    if user.reach("deals") == Reach.ALL:
        return key is not None
    return Deal.objects.visible_to(user).filter(pk=key or 0).exists()


def may_follow_board(user: User, identifier: str) -> bool:
    """Whether a person may hear that something changed on a board: whoever sees any deal."""
    return ids.decode("pipeline", identifier) is not None and bool(user.may("deals", "view"))
