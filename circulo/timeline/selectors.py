"""Reads for the timeline: the page of a party's history, by key, and what should come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from circulo.lib import ids
from circulo.records.models import Attachment
from circulo.records.selectors import files_of
from circulo.timeline.kinds import Group, of_group
from circulo.timeline.models import Interaction, InteractionQuerySet

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.parties.models import Party

Row = dict[str, Any]
PAGE = 25
MOST_FRESH = 200
LETTERS = 2000
QUIET_AFTER = timedelta(days=60)
COLUMNS = ("pk", "kind", "channel", "direction", "occurred_at", "by_id", "by__name", "subject",
           "data", "is_private")  # fmt: skip


@dataclass(frozen=True)
class History:
    """One page of a party's history: the rows, and the marks between which they lie."""

    rows: list[Row]
    older: str = ""

    @property
    def first(self) -> str:
        """The mark of the oldest row shown: asking from there on gives the same page, renewed."""
        return mark_of(self.rows[-1]) if self.rows else ""


def history(
    user: User, party: Party, *, group: str = "", before: str = "", since: str = ""
) -> History:
    """The newest rows; with `before` those older than a mark; with `since` all from one on."""
    rows = Interaction.objects.visible_to(user).filter(party=party).newest_first()
    if group in list(Group):
        rows = rows.filter(kind__in=of_group(group))
    if (key := _read(before)) is not None:
        rows = rows.filter(occurred_at__lte=key[0]).filter(
            Q(occurred_at__lt=key[0]) | Q(pk__lt=key[1])
        )
    limit = PAGE
    if (key := _read(since)) is not None:
        rows = rows.filter(occurred_at__gte=key[0]).filter(
            Q(occurred_at__gt=key[0]) | Q(pk__gte=key[1])
        )
        limit = MOST_FRESH
    found = list(rows.annotate(start=Left("body", LETTERS)).values(*COLUMNS, "start")[: limit + 1])
    return page_of(list(map(_row, found)), limit=limit)


def page_of(rows: list[Row], *, limit: int = PAGE) -> History:
    """The first page of rows that were read already, with the files that belong to them."""
    shown = rows[:limit]
    _add_files(shown)
    return History(shown, mark_of(shown[-1]) if len(rows) > limit else "")


def rows_about(rows: InteractionQuerySet, *, most: int) -> list[Row]:
    """The newest of some interactions, as a timeline shows them."""
    named = rows.newest_first().annotate(start=Left("body", LETTERS)).values(*COLUMNS, "start")
    found = list(map(_row, named[:most]))
    _add_files(found)
    return found


def mark_of(row: Row) -> str:
    """Where a row stands in a history, as text for an address."""
    when = row["occurred_at"]
    text = when if isinstance(when, str) else when.isoformat()
    return f"{text}~{row['id']}"


@dataclass(frozen=True)
class Next:
    """What the last contacts ask for now: a reason, since when, and of which kind."""

    why: str
    since: datetime | None = None
    row: Row | None = None

    @property
    def is_due(self) -> bool:
        return self.why != "fine"


TALK = frozenset(of_group(Group.CONVERSATION))


def next_step(rows: list[Row], *, now: datetime | None = None) -> Next:
    """Whether to begin, to answer, to call after a silence, or nothing: a plain rule, no score."""
    now = now or timezone.now()
    last = next((row for row in rows if row["kind"] in TALK), None)
    if last is None:
        return Next("begin")
    when = last["occurred_at"]
    when = datetime.fromisoformat(when) if isinstance(when, str) else when
    unanswered = (last.get("data") or {}).get("outcome") in ("no_answer", "call_back")
    if unanswered:
        return Next("call_again", when, last)
    if last["direction"] == "in" and last["kind"] in ("email", "letter", "form", "social", "fax"):
        return Next("answer", when, last)
    return Next("quiet" if now - when > QUIET_AFTER else "fine", when, last)


def _row(found: Row) -> Row:
    by = found["by_id"]
    return {
        **found,
        "id": ids.encode("interaction", found["pk"]),
        "by": by and {"id": ids.encode("user", by), "name": found["by__name"]},
        "body": found["start"],
    }


def _add_files(rows: list[Row]) -> None:
    """The files of the rows whose data say that they have some: one statement, or none."""
    keys = {
        ids.decode("interaction", row["id"]) or 0: row
        for row in rows
        if isinstance(row["data"], dict) and row["data"].get("files")
    }
    if not keys:
        return
    for key, files in files_of("interaction", Attachment.objects.filter(record_id__in=list(keys))):
        keys[key]["files"] = files


def _read(mark: str) -> tuple[datetime, int] | None:
    """The key that a mark stands for; None for what is none."""
    text, _sign, identifier = mark.replace(" ", "+").partition("~")
    key = ids.decode("interaction", identifier)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when, key) if key and timezone.is_aware(when) else None
