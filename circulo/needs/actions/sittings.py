"""Holding an interview: one question at a time, each answer kept as soon as it is given.

These acts know nothing of a screen: whoever asks, at the desk, in the portal or by link, gives the
answer and gets the next question from `selectors.sittings.stand`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.lib.errors import RuleBroken
from circulo.needs import answers
from circulo.needs.actions.preferences import Statement, note_preference
from circulo.needs.models import Asking, Interview, Preference, Sitting, Topic
from circulo.parties.models import Party
from circulo.timeline.actions import Telling, record
from circulo.timeline.kinds import Kind


def begin_interview(
    party: Party,
    interview: Interview | None,
    *,
    by: User | None,
    channel: str = Sitting.Channel.DESK,
) -> Sitting:
    """Begin an interview with a party, or take up the one that was left."""
    if interview is not None:
        _refuse_unfit(party, interview)
    begun = Sitting.objects.open().filter(party=party, interview=interview)
    known = begun.first()
    if known is not None:
        return known
    version = interview.version if interview else 0
    try:
        with transaction.atomic():
            return Sitting.objects.create(
                party=party, interview=interview, version=version, channel=channel, by=by
            )
    except IntegrityError:  # somebody else began it at this very moment
        return begun.get()


@transaction.atomic
def answer_question(
    sitting: Sitting, topic: Topic, value: Any, *, by: User | None, at: datetime | None = None
) -> Preference:
    """Keep the answer to one question; given again, the later answer holds."""
    sitting = _open(sitting)
    said = answers.read(topic, value)
    statement = Statement(sitting.party, topic, said, said_at=at)
    preference = note_preference(statement, by=by)
    _asked(sitting, topic, preference, at)
    return preference


@transaction.atomic
def skip_question(
    sitting: Sitting, topic: Topic, *, by: User | None, at: datetime | None = None
) -> None:
    """Leave one question for another time: it rests like one that was answered."""
    sitting = _open(sitting)
    _asked(sitting, topic, None, at)


@transaction.atomic
def end_interview(sitting: Sitting, *, by: User | None, at: datetime | None = None) -> Sitting:
    """End an interview; the timeline tells how much was answered, where anything was asked."""
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("party").get(
        pk=sitting.pk
    )  # fmt: skip
    if sitting.ended_at is not None:
        return sitting
    sitting.ended_at = at or timezone.now()
    sitting.save(update_fields=["ended_at"])
    given = list(Asking.objects.filter(sitting=sitting).values_list("was_answered", flat=True))
    if given:
        record(Kind.INTERVIEW_HELD, party=sitting.party, by=by, telling=_telling(sitting, given))
    return sitting


def _open(sitting: Sitting) -> Sitting:
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("party")
    sitting = rows.get(pk=sitting.pk)
    if sitting.ended_at is not None:
        raise RuleBroken(_("This interview is over: begin a new one to ask more."))
    return sitting


def _refuse_unfit(party: Party, interview: Interview) -> None:
    if interview.retired_at is not None:
        raise RuleBroken(_("This interview is not held any more."))
    fits = interview.is_for_contacts if party.is_person else interview.is_for_companies
    if not fits:
        raise RuleBroken(_("This interview is not meant for a record of this kind."))


def _asked(
    sitting: Sitting, topic: Topic, preference: Preference | None, at: datetime | None
) -> None:
    """Remember that it was asked; a question that is skipped after all keeps its answer."""
    values = {"party": sitting.party, "asked_at": at or timezone.now()}
    if preference is not None:
        values |= {"preference": preference, "was_answered": True}
    Asking.objects.update_or_create(
        sitting=sitting,
        topic=topic,
        defaults=values,
        create_defaults={"was_answered": False, **values},
    )


def _telling(sitting: Sitting, given: list[bool]) -> Telling:
    answered = sum(given)
    counted = ngettext("%d answer", "%d answers", answered) % answered
    name = str(sitting.interview) if sitting.interview else _("What was worth asking")
    return Telling(f"{name}: {counted}", occurred_at=sitting.ended_at, about=sitting)
