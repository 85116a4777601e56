"""The properties of what is found under `/dav/`, and how an answer tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import http_date

from circulo.accounts.models import User
from circulo.dav.collections.agenda import Agenda
from circulo.dav.collections.base import PREFIX, Collection, Item, batches, home_of
from circulo.dav.collections.contacts import Directory
from circulo.dav.xml import APPLE, CS, c, child, cr, d, href, tag, text

Properties = dict[str, Callable[[], str]]
CTAG = f"{{{CS}}}getctag"
BODY = frozenset({d("getcontentlength"), c("calendar-data"), cr("address-data")})
_COLOURS = {"appointments": "#2F6B4FFF", "tasks": "#B4552DFF"}
# What is told only to who asks for it by name: `allprop` asks for what stands in RFC 4918.
_BASIC = frozenset(map(d, ("resourcetype", "displayname", "getetag", "getcontenttype",
                           "getcontentlength", "getlastmodified")))  # fmt: skip
_WRITING = ("read", "write", "write-content", "bind", "unbind", "read-current-user-privilege-set")


@dataclass(frozen=True)
class Wanted:
    """Which properties are asked for: those named, all of the usual ones, or only the names."""

    names: tuple[str, ...] = ()
    is_all: bool = False
    is_names: bool = False
    is_minimal: bool = False

    @classmethod
    def of(cls, root: Element | None, request: HttpRequest) -> Wanted:
        """What the body of a PROPFIND or a REPORT asks for."""
        is_minimal = "return=minimal" in request.headers.get("Prefer", "")
        if child(root, d("propname")) is not None:
            return cls(is_names=True)
        named = child(root, d("prop"))
        if named is None:
            more = child(root, d("include"))
            return cls(tuple(one.tag for one in more or ()), is_all=True, is_minimal=is_minimal)
        return cls(tuple(dict.fromkeys(one.tag for one in named)), is_minimal=is_minimal)

    def has(self, names: Iterable[str]) -> bool:
        """Whether one of these properties will be told."""
        found = set(self.names) | (_BASIC if self.is_all else set())
        return not self.is_names and bool(found & set(names))

    def told(self, known: Properties) -> tuple[list[str], list[str]]:
        """The properties that are there, written, and the names of those that are not."""
        if self.is_names:
            return [tag(name) for name in known], []
        names = [*(name for name in known if self.is_all and name in _BASIC), *self.names]
        found = {name: known[name]() for name in dict.fromkeys(names) if name in known}
        missing = [] if self.is_minimal else [name for name in names if name not in known]
        return [tag(name, inside) for name, inside in found.items()], missing


def response(path: str, wanted: Wanted, known: Properties) -> str:
    """What is told of one thing."""
    there, missing = wanted.told(known)
    parts = [href(path)]
    if there or not missing:
        parts.append(propstat(there, "200 OK"))
    if missing:
        parts.append(propstat(map(tag, missing), "404 Not Found"))
    return tag(d("response"), *parts)


def propstat(properties: Iterable[str], status: str) -> str:
    """Properties with what became of them."""
    return tag(d("propstat"), tag(d("prop"), *properties), tag(d("status"), f"HTTP/1.1 {status}"))


def gone(path: str, status: str = "404 Not Found") -> str:
    """Something that is not there."""
    return tag(d("response"), href(path), tag(d("status"), f"HTTP/1.1 {status}"))


def of_root(user: User) -> Properties:
    """The properties of the address that programs begin at."""
    return _shared(user) | {
        d("resourcetype"): lambda: tag(d("collection")),
        d("displayname"): lambda: "Círculo",
    }


def of_home(user: User) -> Properties:
    """The properties of a person, who is principal and home of their collections in one."""
    here = href(home_of(user))
    mail = href(f"mailto:{user.email}")
    return _shared(user) | {
        d("resourcetype"): lambda: tag(d("collection")) + tag(d("principal")),
        d("displayname"): lambda: text(user.name),
        d("principal-URL"): lambda: here,
        c("calendar-home-set"): lambda: here,
        cr("addressbook-home-set"): lambda: here,
        cr("directory-gateway"): lambda: href(Directory(user).path),
        c("calendar-user-address-set"): lambda: mail + here,
        c("calendar-user-type"): lambda: "INDIVIDUAL",
        f"{{{CS}}}email-address-set": lambda: tag(f"{{{CS}}}email-address", text(user.email)),
    }


def of_collection(collection: Collection) -> Properties:
    """The properties of a calendar or an address book."""
    is_calendar = isinstance(collection, Agenda)
    found = _shared(collection.user, collection.is_fixed) | {
        d("resourcetype"): lambda: tag(d("collection")) + _type_of(collection),
        d("displayname"): lambda: text(collection.title),
        d("supported-report-set"): lambda: _reports(collection),
    }
    if not collection.is_fixed:
        found |= {
            d("sync-token"): lambda: text(token_of(collection)),
            CTAG: lambda: text(token_of(collection)),
        }
    if is_calendar:
        return found | _of_calendar(collection)
    return found | {
        cr("supported-address-data"): lambda: tag(
            cr("address-data-type"), **{"content-type": "text/vcard", "version": "3.0"}
        ),
        cr("max-resource-size"): lambda: str(1024 * 1024),
        cr("supported-collation-set"): lambda: tag(cr("supported-collation"), "i;unicode-casemap"),
    }


def _of_calendar(collection: Collection) -> Properties:
    assert isinstance(collection, Agenda)
    data = {"content-type": "text/calendar", "version": "2.0"}
    transparency = "opaque" if collection.is_appointments else "transparent"
    return {
        c("supported-calendar-component-set"): lambda: tag(c("comp"), name=collection.component),
        c("supported-calendar-data"): lambda: tag(c("calendar-data"), **data),
        c("max-resource-size"): lambda: str(1024 * 1024),
        c("supported-collation-set"): lambda: tag(c("supported-collation"), "i;ascii-casemap"),
        c("schedule-calendar-transp"): lambda: tag(c(transparency)),
        f"{{{APPLE}}}calendar-color": lambda: _COLOURS[collection.name],
        f"{{{APPLE}}}calendar-order": lambda: "1" if collection.is_appointments else "2",
    }


def token_of(collection: Collection) -> str:
    """The word for how a collection stands now."""
    collection.refresh()
    return f"urn:circulo:{collection.user.opaque}:{collection.name}:{collection.step()}"


def _type_of(collection: Collection) -> str:
    if isinstance(collection, Agenda):
        return tag(c("calendar"))
    return tag(cr("directory" if collection.is_fixed else "addressbook"))


def _reports(collection: Collection) -> str:
    names = [cr("addressbook-query"), cr("addressbook-multiget")]
    if isinstance(collection, Agenda):
        names = [c("calendar-query"), c("calendar-multiget"), c("free-busy-query")]
    if not collection.is_fixed:
        names.append(d("sync-collection"))
    return "".join(tag(d("supported-report"), tag(d("report"), tag(name))) for name in names)


def _shared(user: User, is_fixed: bool = False) -> dict[str, Callable[[], str]]:
    me = href(home_of(user))
    may = ("read", "read-current-user-privilege-set") if is_fixed else _WRITING
    return {
        d("current-user-principal"): lambda: me,
        d("owner"): lambda: me,
        d("principal-collection-set"): lambda: href(PREFIX),
        d("current-user-privilege-set"): lambda: "".join(
            tag(d("privilege"), tag(d(name))) for name in may
        ),
        d("supported-report-set"): lambda: "",
    }


@dataclass
class Telling:
    """Tells of members batch by batch, and reads only what is asked for."""

    collection: Collection
    wanted: Wanted
    render: Callable[[Sequence[Item]], Mapping[int, str]] | None = None
    sent: dict[int, str] = field(default_factory=dict)

    def responses(self, items: Iterator[Item]) -> Iterator[str]:
        """One after the other, each batch with as many statements as any other."""
        for batch in batches(items):
            yield "".join(self._batch(batch))

    def _batch(self, batch: Sequence[Item]) -> Iterator[str]:
        keys = [item.key for item in batch]
        bodies: Mapping[int, str] = {}
        if self.wanted.has(BODY):
            bodies = self.render(batch) if self.render else self.collection.bodies(keys)
        moments: dict[int, Any] = {}
        if self.wanted.has([d("getlastmodified")]):
            moments = dict(self._moments().filter(pk__in=keys))
        for item in batch:
            known = self.of_item(item, bodies.get(item.key)) | _changed(moments.get(item.key))
            yield response(self.collection.path_of(item.name), self.wanted, known)

    def of_item(self, item: Item, body: str | None) -> Properties:
        """The properties of one member."""
        known: Properties = {
            d("resourcetype"): lambda: "",
            d("getetag"): lambda: text(item.etag),
            d("getcontenttype"): lambda: text(self.content_type),
            d("owner"): lambda: href(home_of(self.collection.user)),
            d("current-user-principal"): lambda: href(home_of(self.collection.user)),
        }
        if body is not None:
            data = c("calendar-data") if isinstance(self.collection, Agenda) else cr("address-data")
            known[data] = lambda: text(body)
            known[d("getcontentlength")] = lambda: str(len(body.encode()))
        return known

    @property
    def content_type(self) -> str:
        component = getattr(self.collection, "component", "")
        return self.collection.content_type + (f"; component={component}" if component else "")

    def _moments(self) -> QuerySet[Any, Any]:
        return self.collection.rows().values_list("pk", "updated_at")


def _changed(moment: Any) -> Properties:
    return {} if moment is None else {d("getlastmodified"): lambda: http_date(moment.timestamp())}
