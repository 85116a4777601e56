"""How what happened stands in a list. It is recorded once, so nothing is changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.lib import format as one
from circulo.lib.errors import RuleBroken
from circulo.parties.roster import party_as_json, party_link
from circulo.records.rosters import Columns, Roster, Show, register
from circulo.timeline.dumps import dump_rows
from circulo.timeline.kinds import CHANNELS, LOOKS, Kind
from circulo.timeline.models import Interaction
from circulo.timeline.shown import title

_DIRECTIONS = dict(Interaction.Direction.choices)


def _subject(country: str, language: str) -> Callable[[Columns], Any]:
    """What it was about; what happened, where nobody said that."""
    return lambda row: row["subject"] or (title(row) if row["kind"] else "")


_SHOWS: Mapping[str, Show] = {
    "subject": _subject,
    "kind": lambda _c, _l: lambda row: str(LOOKS[Kind(row["kind"])].label),
    "party": lambda _c, _l: lambda row: party_link(row["party"]),
    "channel": lambda _c, _l: lambda row: str(CHANNELS.get(row["channel"], "")),
    "direction": lambda _c, _l: lambda row: str(_DIRECTIONS[row["direction"]]),
    "by": lambda _c, _l: lambda row: row["by"] or "",
}


def _within(user: User, act: str) -> QuerySet[Interaction]:
    rows = Interaction.objects.visible_to(user)
    return rows if act == "view" else rows.none()


def _never(*_said: Any) -> NoReturn:
    raise RuleBroken(_("What happened is recorded once, and never changed."))


def _peek(told: Interaction, user: User) -> dict[str, Any]:
    """What a closer look at an interaction needs."""
    return {"told": told, "party": told.party}


def _in_words(count: int) -> str:
    return ngettext("%s interaction", "%s interactions", count) % one.number(count)


register(
    Roster(
        "interactions", "interaction", {"id": "id", "by": "by__name"},
        ("interactions", "contacts", "companies"), _within, _never, _never, dump_rows, _in_words,
        "", readers={"party": party_as_json}, loaded=frozenset({"party"}), shows=_SHOWS,
        kinds={"subject": "name", "occurred_at": "moment", "recorded_at": "moment"},
        leads="subject", mark="message-circle", low=frozenset({"by", "kind"}),
        counted=frozenset({"by"}),
        empty="timeline/_nothing_happened.html", peek=("timeline/_peek.html", _peek),
    )
)  # fmt: skip
