"""What a request does with what it names: read, written, taken away, or refused by its method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.dav import actions, xml
from circulo.dav.answers import multistatus
from circulo.dav.collections.agenda import Appointments, Tasks
from circulo.dav.collections.base import PREFIX, Collection, Item, home_of
from circulo.dav.collections.contacts import Contacts, Directory
from circulo.dav.properties import (
    Telling,
    Wanted,
    of_collection,
    of_home,
    of_root,
    propstat,
    response,
)
from circulo.dav.refusals import Refused
from circulo.dav.reports import report
from circulo.dav.xml import d, tag
from circulo.lib import ids

CLASSES = "1, 3, calendar-access, addressbook"
METHODS = ("OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT")
COLLECTIONS: dict[str, type[Collection]] = {
    one.name: one for one in (Appointments, Tasks, Contacts, Directory)
}
LARGEST = 1024 * 1024
FORBIDDEN = ("MKCALENDAR", "MKCOL", "MOVE", "COPY", "ACL")


@dataclass(frozen=True)
class Place:
    """What a path names: the beginning, a person's home, a collection, or a member of it."""

    user: User
    has_home: bool = False
    collection: Collection | None = None
    name: str = ""

    @property
    def item(self) -> Item:
        """The member that is named; Refused where there is none."""
        found = self.collection.find(self.name) if self.collection and self.name else None
        if found is None:
            raise _unknown()
        return found


def options() -> HttpResponse:
    """What can be done here."""
    return HttpResponse(headers={"Allow": ", ".join(METHODS)})


def answer(request: HttpRequest, user: User, path: str) -> HttpResponseBase:
    """The answer to a request of this person."""
    method = str(request.method)
    act = _ACTS.get(method)
    if act is None:
        if method in FORBIDDEN:
            raise Refused(403, _("Collections and places are made by Círculo alone."))
        raise Refused(405, _("This address does not know this method."),
                      headers={"Allow": ", ".join(METHODS)})  # fmt: skip
    return act(request, _place(user, path))


def _place(user: User, path: str) -> Place:
    parts = [part for part in path.split("/") if part]
    if not parts:
        return Place(user)
    if ids.decode("user", parts[0]) != user.pk or len(parts) > 3:
        raise _unknown()
    if len(parts) == 1:
        return Place(user, True)
    known = COLLECTIONS.get(parts[1])
    if known is None:
        raise _unknown()
    return Place(user, True, known(user), parts[2] if len(parts) == 3 else "")


def _propfind(request: HttpRequest, place: Place) -> HttpResponseBase:
    depth = request.headers.get("Depth", "infinity").strip().lower()
    if depth not in ("0", "1"):
        raise Refused(403, _("Ask level by level."), d("propfind-finite-depth"))
    root = xml.read(_body(request))
    if root is not None and root.tag != d("propfind"):
        raise Refused(400, _("The body is not XML that we read."))
    wanted = Wanted.of(root, request)
    return multistatus(_found(place, wanted, is_deep=depth == "1"))


def _found(place: Place, wanted: Wanted, *, is_deep: bool) -> Iterator[str]:
    """What a PROPFIND tells; what is not there is refused before the answer begins."""
    if place.name:
        assert place.collection
        return Telling(place.collection, wanted).responses(iter([place.item]))
    heads = list(_heads(place, wanted, is_deep))
    collection = place.collection
    if collection is None or not is_deep or collection.is_fixed:
        return iter(heads)
    collection.refresh()
    return chain(heads, Telling(collection, wanted).responses(collection.items()))


def _heads(place: Place, wanted: Wanted, is_deep: bool) -> Iterator[str]:
    """What is told of the beginning, of homes and of collections."""
    user, collection = place.user, place.collection
    if collection:
        yield response(collection.path, wanted, of_collection(collection))
        return
    if not place.has_home:
        yield response(PREFIX, wanted, of_root(user))
    if place.has_home or is_deep:
        yield response(home_of(user), wanted, of_home(user))
    if place.has_home and is_deep:
        for one in (Appointments(user), Tasks(user), Contacts(user)):
            yield response(one.path, wanted, of_collection(one))


def _report(request: HttpRequest, place: Place) -> HttpResponseBase:
    root = xml.read(_body(request))
    if root is None:
        raise Refused(400, _("The body is not XML that we read."))
    if place.collection is None or place.name:
        raise Refused(403, _("This report is not known here."), d("supported-report"))
    return report(request, root, place.collection)


def _get(request: HttpRequest, place: Place) -> HttpResponseBase:
    if place.collection is None or not place.name:
        text = _("This address is for calendar and address-book programs.")
        return HttpResponse(text, "text/plain; charset=utf-8")
    item = place.item
    if item.etag in _tags(request, "If-None-Match"):
        return HttpResponse(status=304, headers={"ETag": item.etag})
    body = place.collection.bodies([item.key])[item.key].encode()
    answered = HttpResponse(body, place.collection.content_type, headers={"ETag": item.etag})
    if request.method == "HEAD":
        answered.content = b""
        answered.headers["Content-Length"] = str(len(body))
    return answered


def _put(request: HttpRequest, place: Place) -> HttpResponseBase:
    if place.collection is None or not place.name:
        raise Refused(405, _("This address does not know this method."))
    collection, body = place.collection, _body(request)
    with transaction.atomic():
        item = _meant(request, collection, place.name)
        if item is None:
            collection.refuse_name(place.name)
        key = collection.put(item, place.name, body)
        if item is None:
            actions.name_member(collection.shelf, key, place.name)
    # what is kept is written anew for every reader: without an ETag the program fetches that
    return HttpResponse(status=201 if item is None else 204)


def _delete(request: HttpRequest, place: Place) -> HttpResponseBase:
    if place.collection is None or not place.name:
        raise Refused(403, _("Collections and places are made by Círculo alone."))
    with transaction.atomic():
        if (item := _meant(request, place.collection, place.name)) is None:
            raise _unknown()
        place.collection.drop(item)
        actions.drop_member(place.collection.shelf, item.key, item.name)
    return HttpResponse(status=204)


def _proppatch(request: HttpRequest, place: Place) -> HttpResponseBase:
    """No property can be changed from outside, and each one is told so."""
    root = xml.read(_body(request))
    if root is None or root.tag != d("propertyupdate"):
        raise Refused(400, _("The body is not XML that we read."))
    if place.name:
        path = place.collection.path_of(place.item.name) if place.collection else ""
    else:
        path = place.collection.path if place.collection else home_of(place.user)
    names = [one.tag for change in root for named in change for one in named]
    refused = propstat((tag(name) for name in names), "403 Forbidden")
    return multistatus([tag(d("response"), xml.href(path), refused)])


def _meant(request: HttpRequest, collection: Collection, name: str) -> Item | None:
    """The member that is to be written, held until that is done; None where it is to be added.

    412 where the program means another version than the one that stands.
    """
    collection.refresh()
    item = collection.held(name)
    wanted, unwanted = _tags(request, "If-Match"), _tags(request, "If-None-Match")
    is_meant = not wanted or (item is not None and ("*" in wanted or item.etag in wanted))
    is_free = not unwanted or item is None or not ("*" in unwanted or item.etag in unwanted)
    if not (is_meant and is_free):
        raise Refused(412, _("Somebody saved a newer version meanwhile: fetch it first."))
    return item


def _tags(request: HttpRequest, name: str) -> list[str]:
    said = request.headers.get(name, "")
    return [one.strip().removeprefix("W/") for one in said.split(",") if one.strip()]


def _body(request: HttpRequest) -> bytes:
    """The body; Refused where it is too large or breaks off."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:18]) > LARGEST:
        raise _too_large()
    try:
        is_chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        body = _chunks(request) if is_chunked else request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    except (UnreadablePostError, RawPostDataException, OSError) as error:
        raise Refused(400, _("The body broke off.")) from error
    if len(body) > LARGEST:
        raise _too_large()
    return body


def _chunks(request: HttpRequest) -> bytes:
    """A body that does not say its length beforehand; the web server knows its end."""
    stream: Any = request.META["wsgi.input"]
    said: bytes = stream.read(LARGEST + 1)
    return said


def _unknown() -> Refused:
    return Refused(404, _("There is no such record."))


def _too_large() -> Refused:
    return Refused(413, _("Send at most %d megabytes.") % (LARGEST // 1024**2))


_ACTS: dict[str, Callable[[HttpRequest, Place], HttpResponseBase]] = {
    "GET": _get,
    "HEAD": _get,
    "PUT": _put,
    "DELETE": _delete,
    "PROPFIND": _propfind,
    "PROPPATCH": _proppatch,
    "REPORT": _report,
}
