"""Recording what happened. An interaction is written with the fact it tells and never edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, Text
from circulo.parties.actions.writing import hold_parties
from circulo.parties.models import Party
from circulo.records.actions import attach
from circulo.records.actions.attachments import Upload
from circulo.timeline import hearing, reacting
from circulo.timeline.kinds import CHANNELS, LOOKS, Kind
from circulo.timeline.models import Interaction
from circulo.web import live

MOST_SUBJECT, MOST_BODY = 300, 200_000


@dataclass(frozen=True)
class Telling:
    """What somebody tells of an interaction, beyond its kind, party and author."""

    subject: str = ""
    body: str = ""
    channel: str = ""
    direction: str = ""
    occurred_at: datetime | None = None
    about: models.Model | None = None
    data: dict[str, Any] = field(default_factory=dict)
    source_key: str | None = None
    is_private: bool = False


def record(
    kind: Kind, *, party: Party, by: User | None, telling: Telling | None = None
) -> Interaction:
    """Record one interaction with a party; the same `source_key` twice is the first one again."""
    return record_all([(kind, party, telling or Telling())], by=by)[0]


def log(
    kind: Kind,
    *,
    party: Party,
    by: User,
    telling: Telling,
    files: Sequence[Upload] = (),
    then: Callable[[], object] = lambda: None,
) -> Interaction:
    """Record what a person tells, with its files; sent twice by its `source_key` it counts once.

    `then` does what follows from it, in the same transaction.
    """
    known = Interaction.objects.filter(source_key=telling.source_key, by=by, party=party)
    told = known.first() if telling.source_key else None
    if told is not None:
        return told
    try:
        with transaction.atomic():
            data = telling.data | ({"files": len(files)} if files else {})
            told = record(kind, party=party, by=by, telling=replace(telling, data=data))
            attach("interaction", told.pk, files, by=by)
            then()
    except IntegrityError:
        told = known.first()
        if told is None:
            raise
    return told


@transaction.atomic
def record_all(
    told: Sequence[tuple[Kind, Party, Telling]], *, by: User | None
) -> list[Interaction]:
    """Record interactions; those whose `source_key` is known already stand as they are."""
    rows = [_interaction(kind, party, telling, by) for kind, party, telling in told]
    survivors = hold_parties({party.pk for _kind, party, _telling in told})
    for row in rows:
        row.party_id = survivors.get(row.party_id, row.party_id)
    keys = [row.source_key for row in rows if row.source_key]
    known = {row.source_key: row for row in Interaction.objects.filter(source_key__in=keys) if keys}
    fresh = [row for row in rows if row.source_key not in known]
    hearing.note_mentions(fresh, by=by)
    Interaction.objects.bulk_create(fresh, ignore_conflicts=False)
    hearing.tell(fresh, by=by)
    reacting.react_to(fresh, by=by)
    live.publish(*{f"party:{party.public_id}" for _kind, party, _telling in told})
    return [known.get(row.source_key or "", row) for row in rows]


def _interaction(kind: Kind, party: Party, telling: Telling, by: User | None) -> Interaction:
    look = LOOKS[kind]
    when = telling.occurred_at or timezone.now()
    refused = _refusals(telling, when)
    if refused:
        raise Invalid(refused)
    about = telling.about
    return Interaction(
        kind=kind,
        party=party,
        by=by,
        channel=telling.channel or look.channel,
        direction=telling.direction if look.is_directed else "",
        occurred_at=when,
        subject=telling.subject,
        body=telling.body,
        about_kind=about._meta.model_name or "" if about else "",
        about_id=about.pk if about else None,
        data=telling.data,
        source_key=telling.source_key,
        is_private=telling.is_private,
    )


def _refusals(telling: Telling, when: datetime) -> dict[str, Text]:
    refused: dict[str, Text] = {}
    if len(telling.subject) > MOST_SUBJECT:
        refused["subject"] = _("This is too long: at most %d characters.") % MOST_SUBJECT
    if len(telling.body) > MOST_BODY:
        refused["body"] = _("This is too long: at most %d characters.") % MOST_BODY
    if telling.channel not in CHANNELS:
        refused["channel"] = _("Choose one of: %s.") % ", ".join(filter(None, CHANNELS))
    if telling.direction not in Interaction.Direction.values:
        refused["direction"] = _("Choose one of: %s.") % "in, out"
    if when > timezone.now() + timedelta(minutes=5):
        refused["occurred_at"] = _("This lies in the future: plan it in the agenda instead.")
    if when.year < 1900:
        refused["occurred_at"] = _("This date cannot be right: it lies before 1900.")
    return refused
