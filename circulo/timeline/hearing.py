"""Who hears of what is recorded: the colleagues it mentions, and those who follow its party.

Nobody hears of what they may not see. A mention of somebody who may not see it is kept as such, so
that the writer can be told; that colleague is told nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from circulo.accounts import mentions
from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.parties.selectors import followers_of
from circulo.timeline import notices
from circulo.timeline.models import Interaction


class Mentioned(TypedDict):
    """A colleague named in a text: as written, who it is, whether they are told."""

    written: str
    id: str
    name: str
    told: bool


def note_mentions(rows: Sequence[Interaction], *, by: User | None) -> None:
    """Keep with each interaction, before it is written, whom its text mentions."""
    for row in rows:
        if isinstance(row.data, dict):
            row.data = {name: value for name, value in row.data.items() if name != "mentions"}
    if by is None:
        return
    found = [one.mentions for one in mentions.find_all(row.body for row in rows)]
    seen = _seen_by_each({one.key for each in found for one in each}, rows)
    for row, named in zip(rows, found, strict=True):
        if named and isinstance(row.data, dict):
            row.data["mentions"] = [_kept(one, row, seen) for one in named]


def tell(rows: Sequence[Interaction], *, by: User | None) -> None:
    """Tell whoever is mentioned, and the followers of the parties, once for each party."""
    told = [notice for row in rows for notice in _of_mentions(row, by)]
    hears = {(notice.to, row_of(notice)) for notice in told}
    open_rows = {row.party_id: row for row in rows if not row.is_private}
    for user, keys in followers_of(list(open_rows), but=by).items() if open_rows else ():
        told += [
            _of_party(open_rows[key], user, by)
            for key in sorted(keys)
            if (user.pk, open_rows[key].pk) not in hears
        ]
    if told:
        notify(told, by=by)


def row_of(notice: Notice) -> int | None:
    """The key of the interaction that a notice is about."""
    return notice.about.pk if notice.about else None


def mentioned_in(data: Any) -> list[Mentioned]:
    """Whom an interaction mentions, as its data keep it."""
    kept = data.get("mentions") if isinstance(data, dict) else None
    return [one for one in kept if _is_mention(one)] if isinstance(kept, list) else []


def untold(row: Interaction) -> list[str]:
    """Who was mentioned but may not see it, by name."""
    return list(dict.fromkeys(one["name"] for one in mentioned_in(row.data) if not one.get("told")))


def of_mentions(text: str, names: Sequence[str], *, is_private: bool) -> list[str]:
    """What a writer should know of those they named: who was not told, and who could be several."""
    said = []
    if names and is_private:
        said.append(_("This is only for you: %s was not told.") % ", ".join(names))
    elif names:
        said.append(_("%s may not see this record and was not told.") % ", ".join(names))
    ask = _("“%s” could be several people: write the whole name.")
    return said + [ask % written for written in mentions.find(text).unclear]


def _is_mention(one: Any) -> bool:
    said = one if isinstance(one, dict) else {}
    return all(isinstance(said.get(name), str) for name in ("written", "id", "name"))


def _kept(one: mentions.Mention, row: Interaction, seen: dict[int, set[int]]) -> Mentioned:
    told = not row.is_private and row.party_id in seen.get(one.key, ())
    identifier = ids.encode("user", one.key)
    return Mentioned(written=one.written, id=identifier, name=one.name, told=told)


def _seen_by_each(people: set[int], rows: Sequence[Interaction]) -> dict[int, set[int]]:
    """Which of the parties each of these people sees."""
    keys = {row.party_id for row in rows}
    users = User.objects.filter(pk__in=people).select_related("role", "team") if people else ()
    return {
        user.pk: set(Party.objects.visible_to(user).filter(pk__in=keys)
                     .values_list("pk", flat=True))
        for user in users
    }  # fmt: skip


def _of_mentions(row: Interaction, by: User | None) -> list[Notice]:
    words = {"who": by.name if by else "", "name": row.party.name}
    told = {ids.decode("user", one["id"]) for one in mentioned_in(row.data) if one.get("told")}
    return [
        Notice(notices.MENTIONED, key, words, row, row.get_absolute_url()) for key in told if key
    ]


def _of_party(row: Interaction, user: User, by: User | None) -> Notice:
    words = {"who": by.name if by else "Círculo", "name": row.party.name, "kind": row.kind}
    return Notice(notices.HAPPENED, user.pk, words, row, row.get_absolute_url())
