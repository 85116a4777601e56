"""What own fields link to: found within the rights of whoever asks, and named for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.records.models import Attachment, OwnField
from circulo.records.own.values import LINKED
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.own.definitions import Defined

MOST_ALIKE = 300
Names = dict[tuple[str, str], str]
_RESOURCES = {
    "contact": "contacts", "company": "companies", "user": "users", "lead": "leads",
    "deal": "deals", "quote": "quotes", "product": "products", "entry": "tasks",
}  # fmt: skip
# The column that a record goes by, where that is not its name.
_CALLED = {"deal": "title", "quote": "number", "entry": "title"}
Kind = OwnField.Kind


def names_of(user: User, fields: Iterable[OwnField], records: Iterable[Mapping[str, Any]]) -> Names:
    """The names of what the own fields of some records link to, where this person sees it.

    One statement for each kind of record linked to, none where nothing is.
    """
    wanted: dict[str, set[str]] = {}
    linking = [one for one in fields if one.kind in (Kind.LINK, Kind.FILE)]
    for record in records:
        for one in linking:
            value = record.get(one.key)
            if isinstance(value, str):
                wanted.setdefault(one.target or "file", set()).add(value)
    return {
        (target, identifier): name
        for target, identifiers in wanted.items()
        for identifier, name in _found(user, target, identifiers).items()
    }


def _found(user: User, target: str, identifiers: Iterable[str]) -> dict[str, str]:
    kind = LINKED.get(target, "file")
    keys = {ids.decode(kind, identifier): identifier for identifier in identifiers}
    if target == "file":
        rows: Any = Attachment.objects.all()
    else:
        rows = resource(_RESOURCES[target]).visible(user)
    called = _CALLED.get(target, "name")
    named = rows.filter(pk__in=[key for key in keys if key]).values_list("pk", called)
    return {keys[key]: str(name) for key, name in named}


def refuse_unknown(
    user: User, fields: Mapping[str, OwnField], custom: Mapping[str, Any], record: tuple[str, int]
) -> None:
    """Invalid where a link leads nowhere that this person sees, or to a file of another record."""
    linking = [one for key, one in fields.items() if custom.get(key) is not None]
    known = names_of(user, linking, [custom])
    refused = {
        one.name: _("There is no such record.")
        for one in linking
        if one.kind == Kind.LINK
        and (one.target, custom[one.key]) not in known
        or one.kind == Kind.FILE
        and not _is_file_of(custom[one.key], *record)
    }
    if refused:
        raise Invalid({**refused})


def _is_file_of(identifier: str, kind: str, key: int) -> bool:
    files = Attachment.objects.filter(record_kind=kind, record_id=key)
    return files.filter(pk=ids.decode("file", identifier) or 0).exists()


def url_of(field: OwnField, identifier: str) -> str:
    """The page of what a link leads to; colleagues have none."""
    return "" if field.target == "user" else place_of(field.target, identifier)


def place_of(target: str, identifier: str) -> str:
    """The page of a record of this kind, or of a file."""
    return f"/{_RESOURCES.get(target, 'files')}/{identifier}"


def named(user: User, target: str, text: str) -> list[int]:
    """The keys of those that a text names: by identifier, page or whole name."""
    kind = resource(_RESOURCES[target])
    rows = kind.visible(user)
    key = ids.decode(LINKED[target], text.strip().rstrip("/").rpartition("/")[2])
    if key and rows.filter(pk=key).exists():
        return [key]
    wanted = plain(text).strip()
    called = _CALLED.get(target, "name")
    alike = kind.find(rows, text, user).values_list("pk", called)[:MOST_ALIKE] if wanted else ()
    return [key for key, name in alike if plain(str(name)).strip() == wanted][:10]


def is_listed(link: str) -> bool:
    """Whether what a field names so is neither a party nor a colleague, but found by its title."""
    return link in _RESOURCES and LINKED[link] == link and link != "user"


def alike(user: User, link: str, text: str, limit: int) -> list[tuple[str, str]]:
    """Some of those that hold these words, by identifier what they are called."""
    kind = resource(_RESOURCES[link])
    if not plain(text).strip():
        return []
    rows = kind.find(kind.visible(user), text, user).values_list("pk", _CALLED.get(link, "name"))
    return [(ids.encode(LINKED[link], key), str(name)) for key, name in rows[:limit]]


def called(user: User, link: str, identifiers: Iterable[str]) -> dict[str, str]:
    """What those of these are called that this person sees, by identifier."""
    return _found(user, link, identifiers)


def people(user: User) -> list[tuple[str, str]]:
    """Everybody who works here, as a select offers them."""
    rows = resource("users").visible(user).filter(is_active=True).order_by("name", "pk")
    return [(ids.encode("user", one.pk), one.name) for one in rows]


def hide_unseen(user: User, about: Defined, customs: Sequence[dict[str, Any]]) -> None:
    """Take out of the values of some records the links to what this person does not see."""
    linking = [one for one in about.stored.values() if one.kind == Kind.LINK]
    if not any(custom.get(one.key) for one in linking for custom in customs):
        return
    known = names_of(user, linking, customs)
    for custom in customs:
        for one in linking:
            if one.key in custom and (one.target, custom[one.key]) not in known:
                del custom[one.key]
