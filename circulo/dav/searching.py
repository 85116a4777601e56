"""Members that fulfil a filter: narrowed by the database, then tried on what each one says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.agenda.plans import zone_name
from circulo.agenda.times import occurrences
from circulo.dav.collections.agenda import Agenda, parts_of
from circulo.dav.collections.base import BATCH, Collection, Item
from circulo.dav.collections.contacts import Contacts
from circulo.dav.filters import CardFilter, ComponentFilter
from circulo.dav.models import Member
from circulo.dav.refusals import Refused
from circulo.dav.xml import cr
from circulo.lib.readers.calendars import whole
from circulo.lib.readers.vcards import properties_in
from circulo.lib.zones import zone_of
from circulo.parties.searching import best_keys
from circulo.parties.selectors import matching

MOST_FOUND = 100
_SEARCHED = frozenset({"FN", "N", "NICKNAME", "EMAIL", "TEL"})
Span = tuple[datetime, datetime]


def items_of(collection: Collection, keys: Sequence[int]) -> list[Item]:
    """These records as members, those among them that are some."""
    states = dict(collection.rows().filter(pk__in=keys).values_list("pk", "state_of_it"))
    known = Member.objects.visible_to(collection.user).present()
    names = dict(known.filter(collection=collection.name, key__in=keys).values_list("key", "name"))
    return [
        Item(key, names.get(key) or collection.name_of(key), states[key])
        for key in keys
        if key in states
    ]


def found_entries(agenda: Agenda, wanted: ComponentFilter | None) -> Iterator[Item]:
    """The members of a calendar that fulfil a filter."""
    if wanted and (wanted.name == agenda.component) == wanted.is_absent:
        return
    wanted = wanted if wanted and not wanted.is_absent else None
    rows = agenda.rows()
    span = wanted.span if wanted else None
    if span:
        rows = _within(rows, agenda, span)
    keys = iter(list(rows.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH)):
        if span:
            batch = _happening(agenda, batch, span)
        if wanted and wanted.properties:
            batch = _saying(agenda, batch, wanted)
        yield from items_of(agenda, batch)


def _within(rows: QuerySet[Any, Any], agenda: Agenda, span: Span) -> QuerySet[Any, Any]:
    """What may happen in a time by itself or by one of its changed times, or has no time."""
    singles = Entry.objects.filter(series=OuterRef("pk"), span__overlap=span)
    return rows.filter(Q(span__overlap=span) | Q(span=None) | Exists(singles))


def _happening(agenda: Agenda, keys: Sequence[int], span: Span) -> list[int]:
    rows = agenda.entries(keys).prefetch_related(None).prefetch_related("instances")
    zone = zone_of(zone_name(agenda.user))
    happens = happens_in if agenda.is_appointments else task_lies_in
    standing = (entry for entry in rows.order_by("pk"))
    return [
        entry.pk
        for entry in standing
        if any(
            happens(one, span, zone) for one in parts_of(entry) if one.state != Entry.State.DROPPED
        )
    ]


def happens_in(entry: Entry, span: Span, zone: ZoneInfo) -> bool:
    """Whether an appointment happens in a time."""
    return bool(occurrences(entry, *span, zone))


def task_lies_in(entry: Entry, span: Span, zone: ZoneInfo) -> bool:
    """Whether a task is due in a time; without a date, whether it was open in it."""
    first, last = span
    if entry.has_date:
        # what is due at a moment is due at the end of the time before it, as the standard says
        found = occurrences(entry, first - timedelta(seconds=1), last + timedelta(seconds=1), zone)
        return any(one.start <= last and max(one.end, one.start) > first for one in found)
    if entry.done_at is None:
        return last > entry.created_at
    moments = (entry.created_at, entry.done_at)
    return any(first <= one for one in moments) and any(last >= one for one in moments)


def _saying(agenda: Agenda, keys: Sequence[int], wanted: ComponentFilter) -> list[int]:
    bodies = agenda.bodies(keys)
    return [key for key in keys if key in bodies and wanted.fits(_parts(bodies[key], wanted.name))]


def _parts(text: str, name: str) -> Any:
    (calendar,) = whole(BytesIO(text.encode()))
    return [part for part in calendar.inside if part.kind == name]


def found_cards(contacts: Contacts, wanted: CardFilter) -> Iterator[Item]:
    """The members of an address book that fulfil a filter."""
    if contacts.is_fixed:
        keys = iter(_looked_up(contacts.user, wanted))
    else:
        rows = _narrowed(contacts, wanted).order_by("pk").values_list("pk", flat=True)
        keys = iter(list(rows))
    while batch := list(islice(keys, BATCH)):
        bodies = contacts.bodies(batch)
        fitting = [key for key in batch if key in bodies and wanted.fits(_card(bodies[key]))]
        yield from items_of(contacts, fitting)


def _looked_up(user: User, wanted: CardFilter) -> list[int]:
    """Whom a search over everybody finds, as it does on screen: the hundred that fit best."""
    texts = list(_texts(wanted))
    if not texts:
        raise Refused(403, _("Search by name, e-mail or phone."), cr("supported-filter"))
    found = [best_keys(user, text, limit=MOST_FOUND) for text in dict.fromkeys(texts)]
    return list(dict.fromkeys(key for keys in found for key in keys))


def _narrowed(contacts: Contacts, wanted: CardFilter) -> QuerySet[Any, Any]:
    """Those in whose searched text the words occur, where all that is asked for stands there."""
    rows: QuerySet[Any, Any] = contacts.parties()
    texts = list(_texts(wanted))
    if len(texts) < len(wanted.properties) or not texts:
        return rows
    if wanted.is_all:
        for text in texts:
            rows = matching(rows, text)
        return rows
    keys: Any = Q(pk__in=())
    for text in texts:
        keys |= Q(pk__in=matching(contacts.parties(), text).values("pk"))
    return rows.filter(keys)


def _texts(wanted: CardFilter) -> Iterator[str]:
    """For each condition that the search of the house can answer, the text it looks for."""
    for one in wanted.properties:
        match = one.matches[0] if len(one.matches) == 1 else None
        if match and one.name in _SEARCHED and not match.is_negated and match.wanted:
            yield match.wanted


def _card(text: str) -> dict[str, list[tuple[str, dict[str, list[str]]]]]:
    lines: dict[str, list[tuple[str, dict[str, list[str]]]]] = {}
    for one in properties_in(BytesIO(text.encode()))[0]:
        lines.setdefault(one.name, []).append((one.text(), one.params))
    return lines
