"""Writing quotes: begun, changed, revised, given to a colleague, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import day_of_the_firm
from circulo.catalog.keeping import refuse_other_lines
from circulo.catalog.lines import Wanted
from circulo.catalog.selectors.pricing import is_usable
from circulo.documents.merging import recipients
from circulo.lib.errors import Invalid, RuleBroken, refuse_stale
from circulo.parties.models import Party, PartyKind
from circulo.quotes.actions import telling, writing
from circulo.quotes.actions.approving import drop_approvals
from circulo.quotes.drafts import Draft
from circulo.quotes.models import Quote, QuoteLine
from circulo.quotes.selectors.paper import paper
from circulo.records.own import noted
from circulo.records.own.definitions import defined
from circulo.sales.drafts import usual_currency
from circulo.sales.models import Deal

Status = Quote.Status
OPEN = (Status.DRAFT, Status.WAITING, Status.APPROVED, Status.SENT)
REVISED = (Status.APPROVED, Status.SENT, Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN)
# What makes other prices though the lines stay.
_BEARS_ON = frozenset({"party_id", "currency", "coupon", "withholding", "language"})
_COPIED = ("title", "deal_id", "party_id", "contact_id", "addressee", "language", "currency",
           "coupon", "withholding", "introduction", "terms", "owner_id", "custom")  # fmt: skip


@transaction.atomic
def add_quote(draft: Draft, *, by: User, is_demo: bool = False, on: date | None = None) -> Quote:
    """Begin a quote; whoever does owns it unless the draft says who does. Its number is of the year
    of the day that it is from, today unless said otherwise.
    """
    if not draft.columns.get("title"):
        raise Invalid({"title": _("Say in a few words what is offered.")})
    columns: dict[str, Any] = {"owner_id": by.pk, "currency": usual_currency()} | draft.columns
    party = Party.objects.filter(pk=columns.get("party_id") or 0).first()
    columns = _usual(party, columns, by) | columns
    year = (on or day_of_the_firm()).year
    quote = Quote.objects.create(
        year=year, serial=writing.next_serial(year), created_by=by, is_demo=is_demo,
        **columns,
    )  # fmt: skip
    writing.price(quote, draft.lines or [])
    telling.publish(quote)
    return Quote.objects.get(pk=quote.pk)


@transaction.atomic
def quote_deal(deal: Deal, *, by: User) -> Quote:
    """Begin a quote of what a deal is about, for its party and whoever decides there."""
    held = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    if held.binned_at or not held.is_open:
        raise RuleBroken(_("“%s” is over: open it again first.") % held.title)
    deciding = held.people.filter(party__in=Party.objects.visible_to(by)).order_by("part", "pk")
    person = next((one.party_id for one in deciding if one.part in ("decides", "buys")), None)
    columns: dict[str, Any] = {
        "title": held.title, "deal_id": held.pk, "party_id": held.party_id,
        "currency": held.currency, "contact_id": person,
    }  # fmt: skip
    noted.complete(columns, defined("quotes"), demands=False)
    lines = [Wanted.of(line) for line in held.lines.order_by("position", "pk")]
    return add_quote(Draft(columns, lines), by=by)


@transaction.atomic
def change_quote(quote: Quote, draft: Draft, *, by: User, version: int | None = None) -> Quote:
    """Change what the draft names, while it is one; own fields also of a quote that was sent. With
    `version`, refuses where somebody saved a newer one.
    """
    kept = writing.locked(quote)
    refuse_stale(kept, version, draft.columns)
    refuse_other_lines(kept.lines, draft.lines_seen)
    if not (kept.is_draft or (kept.sent_at and draft.names_own_alone)):
        raise RuleBroken(_unchangeable(kept))
    columns = {**draft.columns}
    if "custom" in columns:
        columns["custom"] = _patched(kept.custom, columns["custom"])
    columns |= _texts_follow(kept, columns)
    changed = {n: v for n, v in columns.items() if getattr(kept, n) != v}
    was = kept.currency
    if changed:
        writing.save(kept, **changed)
    if draft.lines is not None or _BEARS_ON & set(changed):
        fresh = Quote.objects.select_related("party").get(pk=kept.pk)
        there = QuoteLine.objects.filter(quote=kept, product__isnull=False)
        lines = [Wanted.of(line, said_in=was) for line in there.order_by("position", "pk")]
        writing.price(fresh, lines if draft.lines is None else draft.lines)
    telling.publish(kept)
    return Quote.objects.get(pk=kept.pk)


@transaction.atomic
def revise_quote(quote: Quote, *, by: User) -> Quote:
    """Begin the next revision of a quote, at the prices of today. What lies with the customer can
    be answered until the next one is sent. A coupon that cannot be used any more is left out.
    """
    revisions = writing.locked_revisions(quote)
    kept = writing.locked(quote, *REVISED)
    _refuse_superseded(kept, revisions)
    if kept.status == Status.APPROVED:
        writing.save(kept, status=Status.REPLACED)
    columns = {name: getattr(kept, name) for name in _COPIED}
    if columns["coupon"] and not is_usable(columns["coupon"]):
        columns["coupon"] = ""
    days = timedelta(days=paper().days)
    fresh = Quote.objects.create(
        year=kept.year, serial=kept.serial, revision=revisions[-1].revision + 1, created_by=by,
        valid_until=day_of_the_firm() + days, is_demo=kept.is_demo, **columns,
    )  # fmt: skip
    there = QuoteLine.objects.filter(quote=kept, product__isnull=False)
    writing.price(fresh, [Wanted.of(line) for line in there.order_by("position", "pk")])
    telling.publish(kept)
    return Quote.objects.get(pk=fresh.pk)


@transaction.atomic
def give_quotes(keys: Sequence[int], owner: User, *, by: User) -> int:
    """Make quotes a colleague's; how many changed hands."""
    rows = Quote.objects.filter(pk__in=keys).exclude(owner=owner)
    held = list(rows.order_by("pk").select_for_update(of=("self",)))
    there = Quote.objects.filter(pk__in=[one.pk for one in held])
    there.update(owner=owner, version=F("version") + 1, updated_at=timezone.now())
    for one in held:
        telling.publish(one)
    return len(held)


@transaction.atomic
def note_of_quotes(keys: Sequence[int], custom: dict[str, Any], *, by: User) -> int:
    """Set the same own fields of many quotes, drafts or sent, None taking a value away; how many
    changed.
    """
    rows = Quote.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    changed = 0
    for one in rows:
        fresh = _patched(one.custom, custom)
        if fresh != one.custom and (one.is_draft or one.sent_at):
            writing.save(one, custom=fresh)
            telling.publish(one)
            changed += 1
    return changed


@transaction.atomic
def drop_draft(quote: Quote, *, by: User | None) -> None:
    """Take back a quote that nobody was sent; its number stays."""
    held = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if held.status != Status.DRAFT:
        raise RuleBroken(_("Only a draft can be deleted: withdraw this quote instead."))
    withdraw_quotes([held.pk], by=by)


@transaction.atomic
def withdraw_quotes(keys: Sequence[int], *, by: User | None) -> int:
    """Take back quotes that are not decided: their pages on line close; how many were."""
    rows = Quote.objects.filter(pk__in=keys, status__in=OPEN).order_by("pk")
    held = list(rows.select_for_update(of=("self",)))
    if not held:
        raise RuleBroken(_("These quotes are decided already: what was said stays."))
    drop_approvals([one.pk for one in held])
    for one in held:
        writing.save(one, status=Status.WITHDRAWN, digest="", seed="")
        telling.publish(one)
    return len(held)


def _refuse_superseded(quote: Quote, revisions: Sequence[Quote]) -> None:
    """Refuse to revise what another revision goes on from, or ended."""
    going = [one for one in revisions if one.status != Status.WITHDRAWN]
    if any(one.revision > quote.revision for one in going):
        raise RuleBroken(_("There is a newer revision of %s: go on with that one.") % quote.called)
    if accepted := next((one for one in going if one.status == Status.ACCEPTED), None):
        raise RuleBroken(_("%s was answered already.") % accepted.called)


def _usual(party: Party | None, columns: dict[str, Any], by: User) -> dict[str, Any]:
    """What a quote says where nobody said otherwise: language, texts, addressee, validity."""
    said = paper()
    language = columns.get("language") or _language_of(party)
    texts = said.texts.get(language, {})
    found = recipients(by, [party.pk], [], language=language) if party else []
    lines = found[0].window or [found[0].name] if found else []
    return {
        "language": language,
        "introduction": texts.get("introduction", ""),
        "terms": texts.get("terms", ""),
        "addressee": "\n".join(lines),
        "valid_until": day_of_the_firm() + timedelta(days=said.days),
        "contact_id": party.pk if party and party.kind == PartyKind.PERSON else None,
    }


def _texts_follow(quote: Quote, columns: dict[str, Any]) -> dict[str, str]:
    """The usual texts in the language that a draft changes to, where its own are the usual ones of
    the language it was in: what somebody wrote stays.
    """
    texts = paper().texts
    before, after = (texts.get(one, {}) for one in (quote.language, columns.get("language")))
    if columns.get("language", quote.language) == quote.language:
        return {}
    return {
        name: after.get(name, "")
        for name in ("introduction", "terms")
        if getattr(quote, name) == before.get(name, "") == columns.get(name, getattr(quote, name))
    }


def _patched(kept: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Own fields with those that were said, None taking one away."""
    return {key: value for key, value in (kept | said).items() if value is not None}


def _language_of(party: Party | None) -> str:
    return "en" if party is not None and (party.language or "").startswith("en") else "es"


def _unchangeable(quote: Quote) -> str:
    if quote.status in (Status.WAITING, Status.APPROVED):
        return _("%s is waiting or approved: take it back to change it.") % quote.called
    return _("%s was sent: begin a new revision to change it.") % quote.called
