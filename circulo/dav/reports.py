"""The reports: several members at once, those that fit a filter, what changed, when one is busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from circulo.dav import searching
from circulo.dav.answers import multistatus
from circulo.dav.busy import busy_text
from circulo.dav.collections.agenda import Agenda
from circulo.dav.collections.base import BATCH, Collection, Item
from circulo.dav.collections.contacts import Contacts
from circulo.dav.expanding import expanded
from circulo.dav.filters import calendar_filter, card_filter, span_of
from circulo.dav.models import Member
from circulo.dav.properties import Telling, Wanted, gone, token_of
from circulo.dav.refusals import Refused
from circulo.dav.xml import c, child, children, cr, d, tag, text, words
from circulo.lib.addresses import parted

MOST_HREFS = 10_000


def report(request: HttpRequest, root: Element, collection: Collection) -> HttpResponseBase:
    """The answer to a report on a collection."""
    act = _REPORTS.get(root.tag)
    kind = _OF.get(root.tag)
    if act is None or (kind and not isinstance(collection, kind)):
        raise Refused(403, _("This report is not known here."), d("supported-report"))
    return act(request, root, collection)


def _multiget(request: HttpRequest, root: Element, collection: Collection) -> HttpResponseBase:
    hrefs = [words(one) for one in children(root, d("href"))]
    if len(hrefs) > MOST_HREFS:
        raise Refused(403, _("The body says too much at once."))
    telling = _telling(request, root, collection)

    def parts() -> Iterator[str]:
        for at in range(0, len(hrefs), BATCH):
            names = {one: name_in(one, collection) for one in hrefs[at : at + BATCH]}
            found = collection.found([name for name in names.values() if name])
            yield from telling.responses(iter(found.values()))
            yield from (gone(one) for one, name in names.items() if name not in found)

    return multistatus(parts())


def _calendar_query(request: HttpRequest, root: Element, agenda: Any) -> HttpResponseBase:
    wanted = calendar_filter(root)
    telling = _telling(request, root, agenda)
    return multistatus(telling.responses(searching.found_entries(agenda, wanted)))


def _card_query(request: HttpRequest, root: Element, contacts: Any) -> HttpResponseBase:
    limit = _limit(child(root, cr("limit")), cr("nresults")) or (
        searching.MOST_FOUND if contacts.is_fixed else 0
    )
    found = list(searching.found_cards(contacts, card_filter(root)))
    telling = _telling(request, root, contacts)

    def parts() -> Iterator[str]:
        yield from telling.responses(iter(found[:limit] if limit else found))
        if limit and len(found) > limit:
            yield _more(contacts)

    return multistatus(parts())


def _sync(request: HttpRequest, root: Element, collection: Collection) -> HttpResponseBase:
    """What changed since a token: the members as they are now, and those that are gone."""
    if collection.is_fixed:
        raise Refused(403, _("This report is not known here."), d("supported-report"))
    now = token_of(collection)
    since = _step(words(child(root, d("sync-token"))), now)
    limit = _limit(child(root, d("limit")), d("nresults"))
    rows = _changed(collection, since)
    telling = Telling(collection, Wanted.of(root, request))
    some = list(rows[: limit + 1]) if limit else []
    if limit and len(some) > limit:
        some = some[:limit]
        now = f"{now.rpartition(':')[0]}:{some[-1].step}"
        return multistatus(_told(collection, telling, iter(some), now, is_cut=True))
    found = iter(some) if limit else rows.iterator(2_000)
    return multistatus(_told(collection, telling, found, now))


def _changed(collection: Collection, since: int) -> Any:
    rows = collection.known.filter(step__gt=since).order_by("step")
    # who asks for the first time need not hear of what is gone
    return rows.present() if not since else rows


def _told(
    collection: Collection,
    telling: Telling,
    rows: Iterator[Member],
    token: str,
    *,
    is_cut: bool = False,
) -> Iterator[str]:
    lost: list[str] = []

    def items() -> Iterator[Item]:
        for row in rows:
            if row.is_gone:
                lost.append(row.name)
            else:
                yield Item(row.key, row.name, row.version)

    yield from telling.responses(items())
    for at in range(0, len(lost), BATCH):
        names = lost[at : at + BATCH]
        again = set(
            collection.known.present().filter(name__in=names).values_list("name", flat=True)
        )
        yield from (gone(collection.path_of(name)) for name in names if name not in again)
    if is_cut:
        yield _more(collection)
    yield tag(d("sync-token"), text(token))


def _step(said: str, now: str) -> int:
    """The step that a token stands for; Refused where it is none of this collection's."""
    if not said:
        return 0
    stem, _colon, last = now.rpartition(":")
    begin, _colon, step = said.rpartition(":")
    if begin != stem or not step.isdecimal() or int(step[:18]) > int(last):
        raise Refused(403, _("This token is not valid any more."), d("valid-sync-token"))
    return int(step)


def _free_busy(request: HttpRequest, root: Element, agenda: Any) -> HttpResponseBase:
    first, last = span_of(child(root, c("time-range")))
    if not agenda.is_appointments or first is None or last is None:
        raise Refused(403, _("Say from when to when."), c("valid-filter"))
    return HttpResponse(busy_text(agenda.user, first, last), "text/calendar; charset=utf-8")


def _telling(request: HttpRequest, root: Element, collection: Collection) -> Telling:
    wanted = Wanted.of(root, request)
    expand = child(child(child(root, d("prop")), c("calendar-data")), c("expand"))
    if expand is None or not isinstance(collection, Agenda):
        return Telling(collection, wanted)
    first, last = span_of(expand)
    if first is None or last is None:
        raise Refused(403, _("Say from when to when."), c("valid-filter"))
    agenda, span = collection, (first, last)

    def render(items: Sequence[Item]) -> dict[int, str]:
        return expanded(agenda, [item.key for item in items], span)

    return Telling(collection, wanted, render)


def name_in(address: str, collection: Collection) -> str:
    """The name of a member in its address, or nothing where it is none of this collection's."""
    path = parted(address).path
    parent, _slash, name = path.rpartition("/")
    return unquote(name) if unquote(parent) + "/" == collection.path else ""


def _limit(element: Element | None, name: str) -> int:
    said = words(child(element, name))
    return int(said) if said.isdecimal() and len(said) < 9 else 0


def _more(collection: Collection) -> str:
    return gone(collection.path, "507 Insufficient Storage")


Report = Callable[[HttpRequest, Element, Any], HttpResponseBase]
_REPORTS: dict[str, Report] = {
    c("calendar-multiget"): _multiget,
    c("calendar-query"): _calendar_query,
    c("free-busy-query"): _free_busy,
    cr("addressbook-multiget"): _multiget,
    cr("addressbook-query"): _card_query,
    d("sync-collection"): _sync,
}
_OF: dict[str, type[Collection]] = {
    c("calendar-multiget"): Agenda,
    c("calendar-query"): Agenda,
    c("free-busy-query"): Agenda,
    cr("addressbook-multiget"): Contacts,
    cr("addressbook-query"): Contacts,
}
