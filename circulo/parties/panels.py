"""What this app adds to a party's overview: how to reach it, where it is, whom it belongs to."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.parties.models import (
    Duplicate,
    Follow,
    Party,
    PartyKind,
    Point,
    PostalAddress,
    Relationship,
)
from circulo.parties.overview import Panel, register
from circulo.parties.selectors import MOST_FOLLOWED
from circulo.records.models import SAFE_IMAGES, Attachment

ADDRESS = ("label", "street", "unit", "district", "postal_code", "city", "region", "country")
MOST_PEOPLE = 20
MOST_DUPLICATES = 5
MOST_RELATIONSHIPS = 50


def points(kind: str) -> Callable[[User], Combinable]:
    def read(_: User) -> Combinable:
        rows = Point.objects.filter(party=OuterRef("pk"), kind=kind).order_by("position", "pk")
        return ArraySubquery(
            rows.values(json=JSONObject(value="value", label="label", primary="is_primary"))
        )

    return read


def addresses(_: User) -> Combinable:
    rows = PostalAddress.objects.filter(party=OuterRef("pk")).order_by("position", "pk")
    shape = JSONObject(**{name: name for name in ADDRESS}, primary="is_primary")
    return ArraySubquery(rows.values(json=shape))


def company(user: User) -> Combinable:
    rows = Party.objects.visible_to(user).filter(pk=OuterRef("company"))
    shape = JSONObject(id="pk", name="name", territory="territory_id")
    return Subquery(rows.values(json=shape))


def owner(_: User) -> Combinable:
    rows = User.objects.filter(pk=OuterRef("owner"))
    return Subquery(rows.values(json=JSONObject(id="pk", name="name")))


def _people(user: User) -> Combinable:
    rows = Party.objects.visible_to(user).filter(company=OuterRef("pk"), kind=PartyKind.PERSON)
    shape = JSONObject(id="pk", name="name", job_title="job_title")
    return ArraySubquery(rows.order_by("sort_key", "pk").values(json=shape)[:MOST_PEOPLE])


def _relationships(here: str, there: str, *, is_inverse: bool) -> Callable[[User], Combinable]:
    def read(user: User) -> Combinable:
        seen = Party.objects.visible_to(user)
        rows = Relationship.objects.filter(Q(**{here: OuterRef("pk")}), Q(**{f"{there}__in": seen}))
        shape = JSONObject(
            id="pk", kind="kind", role="role", since="since", until="until",
            other=F(f"{there}_id"), name=f"{there}__name", other_kind=f"{there}__kind",
        )  # fmt: skip
        return ArraySubquery(
            rows.order_by("until", "-since", "pk").values(json=shape)[:MOST_RELATIONSHIPS]
        )

    return read


def linked(value: Any) -> Any:
    return value and {**value, "id": ids.encode("party", value["id"])}


def _placed(value: Any) -> Any:
    """A company with the territory that it lies in."""
    place = value and value["territory"] and ids.encode("territory", value["territory"])
    return value and {**linked(value), "territory": place}


def owned(value: Any) -> Any:
    return value and {**value, "id": ids.encode("user", value["id"])}


def _all_linked(values: list[Any]) -> list[Any]:
    return [linked(value) for value in values]


def _related(is_inverse: bool) -> Callable[[list[Any]], list[Any]]:
    def shape(rows: list[Any]) -> list[Any]:
        labels = Relationship.INVERSE if is_inverse else dict(Relationship.Kind.choices)
        return [
            {
                **row,
                "id": ids.encode("relationship", row["id"]),
                "other": ids.encode("party", row["other"]),
                "label": str(labels[row["kind"]]),
            }
            for row in rows
        ]

    return shape


def _files(_: "User") -> Combinable:
    rows = Attachment.objects.filter(record_kind="party", record_id=OuterRef("pk"))
    shape = JSONObject(id="pk", name="name", size="size", content_type="content_type")
    return ArraySubquery(rows.order_by("-pk").values(json=shape)[:MOST_RELATIONSHIPS])


def _shown_files(rows: list[Any]) -> list[Any]:
    return [
        {
            **row,
            "id": ids.encode("file", row["id"]),
            "url": f"/files/{ids.encode('file', row['id'])}",
            "page_url": f"/files/{ids.encode('file', row['id'])}/about",
            "is_image": row["content_type"] in SAFE_IMAGES,
        }
        for row in rows
    ]


def _duplicates(user: User) -> Combinable:
    """The records that this one may be the same as, where the person may see them."""
    here = OuterRef("pk")
    rows = Duplicate.objects.open().visible_to(user).filter(Q(first=here) | Q(second=here))
    shape = JSONObject(
        pair="pk",
        id=Case(When(first=here, then=F("second_id")), default=F("first_id")),
        name=Case(When(first=here, then=F("second__name")), default=F("first__name")),
        probability="probability",
    )
    rows = rows.order_by("-probability", "pk")
    return ArraySubquery(rows.values(json=shape)[:MOST_DUPLICATES])


def _followers(_: User) -> Combinable:
    rows = Follow.objects.filter(party=OuterRef("pk"), user__is_active=True)
    shape = JSONObject(id="user_id", name="user__name")
    return ArraySubquery(rows.order_by("pk").values(json=shape)[:MOST_FOLLOWED])


def _identified(rows: list[Any]) -> list[Any]:
    return [owned(row) for row in rows]


def _possible(rows: list[Any]) -> list[Any]:
    return [
        {**row, "id": ids.encode("party", row["id"]), "pair": ids.encode("duplicate", row["pair"])}
        for row in rows
    ]


for panel in (
    Panel("emails", points(Point.Kind.EMAIL), hidden_by="emails", order=1),
    Panel("phones", points(Point.Kind.PHONE), hidden_by="phones", order=2),
    Panel("faxes", points(Point.Kind.FAX), hidden_by="phones", order=3),
    Panel("websites", points(Point.Kind.WEB), order=4),
    Panel("social", points(Point.Kind.SOCIAL), order=5),
    Panel("addresses", addresses, hidden_by="addresses", order=6),
    Panel("company", company, _placed, order=7),
    Panel("owner", owner, owned, order=8),
    Panel("followers", _followers, _identified, order=8),
    Panel(
        "duplicates",
        _duplicates,
        _possible,
        "parties/_possible_duplicates.html",
        "right",
        9,
    ),
    Panel("people", _people, _all_linked, "parties/_people.html", "right", 40),
    Panel(
        "relationships",
        _relationships("party", "other", is_inverse=False),
        _related(False),
        "parties/_relationships.html",
        "left",
        30,
    ),
    Panel(
        "inverse_relationships",
        _relationships("other", "party", is_inverse=True),
        _related(True),
        order=31,
    ),
    Panel("files", _files, _shown_files, "parties/_files.html", "right", 60),
):
    register(panel)
