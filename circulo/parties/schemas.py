"""The shapes of contacts, companies and relationships over the API."""

from circulo.parties.drafts import ADDRESS_FIELDS, MOST_POINTS, MOST_TAGS, TEXT_FIELDS
from circulo.parties.models import Party, Relationship
from circulo.records.rest.schemas import (
    MONEY,
    Schema,
    anything,
    choice,
    component,
    day,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)

POINT = component(
    "Point",
    record(
        {"value": text(320), "label": text(30), "primary": flag()},
        required=["value", "label", "primary"],
    ),
)
POINT_IN = component(
    "PointToSend",
    {
        "oneOf": [
            text(320),
            record({"value": text(320), "label": text(30), "primary": flag()}, required=["value"]),
        ],
        "examples": ["ana@example.com", {"value": "+34 612 345 678", "label": "work"}],
    },
)
ADDRESS = component(
    "Address",
    record(
        {name: text(most) for name, most in ADDRESS_FIELDS.items()}
        | {"country": text(2, description="ISO 3166-1, such as ES"), "primary": flag()}
    ),
)
_LONG_TEXTS = {name: text(most) for name, most in TEXT_FIELDS.items()}


def _texts(*names: str) -> dict[str, Schema]:
    return {name: _LONG_TEXTS[name] for name in names}


_PERSON = {
    "given_name": text(100),
    "first_surname": text(100),
    "second_surname": text(100),
    **_texts("preferred_name", "title", "job_title"),
    "birthday": nullable(day()),
    "form_of_address": choice(["", *Party.Address.values]),
    "company": nullable(identifier("company")),
}
_COMPANY = {
    **_texts("legal_name", "industry"),
    "size": nullable(whole(0, 2_000_000_000)),
    "founded": nullable(whole(0, 32_767)),
    "parent": nullable(identifier("company")),
}
_COMMON = {
    "tax_id": text(30),
    "tax_country": text(2),
    "language": text(5, description="Such as es or en"),
    "lifecycle": choice(Party.Lifecycle.values),
    **_texts("source"),
    "tags": list_of(text(50), MOST_TAGS),
    "notes": text(20_000),
    "website": text(254),
    "addresses": list_of(ADDRESS, MOST_POINTS),
    "owner": nullable(identifier("user")),
    "territory": nullable(identifier("territory")),
    "custom": anything(),
}
_WAYS = ("emails", "phones", "faxes", "social")
_GIVEN = {
    "id": identifier("record"),
    "kind": choice(["person", "organisation"]),
    "name": text(),
    "owner_name": nullable(text()),
    "territory_name": nullable(text()),
    "territory_by_hand": flag(description="Whether somebody said so, and not the rules"),
    "version": whole(1),
    "created_at": moment(),
    "updated_at": moment(),
} | {way: list_of(POINT) for way in _WAYS}
_SENT = {way: list_of(POINT_IN, MOST_POINTS) for way in _WAYS}
_MONEY_IN: Schema = {"anyOf": [MONEY, {"type": "number"}, {"type": "null"}]}

CONTACT = component(
    "Contact",
    record(_PERSON | _COMMON | _GIVEN | {"company_name": nullable(text())}, required=["id"]),
)
COMPANY = component(
    "Company",
    record(
        _COMPANY
        | _COMMON
        | _GIVEN
        | {"parent_name": nullable(text()), "annual_revenue": nullable(MONEY)},
        required=["id"],
    ),
)
CONTACT_FIELDS = (
    {"name": text(200, description="Split into its parts where they are not given")}
    | _PERSON
    | _COMMON
    | _SENT
)
COMPANY_FIELDS = {"name": text(200)} | _COMPANY | _COMMON | _SENT | {"annual_revenue": _MONEY_IN}
CONTACT_IN = component("ContactToSend", record(CONTACT_FIELDS))
COMPANY_IN = component("CompanyToSend", record(COMPANY_FIELDS))
OVERVIEW = component(
    "Overview",
    {
        "type": "object",
        "description": "The party and what each part of the house knows of it",
        "properties": {
            "party": {"anyOf": [CONTACT, COMPANY]},
            "company": nullable(anything()),
            "people": list_of(anything()),
            "relationships": list_of(anything()),
            "inverse_relationships": list_of(anything()),
            "duplicates": list_of(anything()),
            "followers": list_of(record({"id": identifier("user"), "name": text()})),
            "interactions": list_of(anything()),
        },
        "required": ["party", "interactions"],
    },
)
_TIE = {
    "party": identifier("contact or company"),
    "kind": choice(Relationship.Kind.values),
    "other": identifier("contact or company"),
    "role": text(120),
    "since": nullable(day()),
}
RELATIONSHIP = component(
    "Relationship",
    record(
        {"id": identifier("relationship")}
        | _TIE
        | {"until": nullable(day()), "party_name": text(), "other_name": text(),
           "created_at": moment()},
        required=["id", "party", "kind", "other"],
    ),
)  # fmt: skip
RELATIONSHIP_IN = component("RelationshipToSend", record(_TIE, required=["party", "kind", "other"]))
RELATIONSHIP_CHANGE = component(
    "RelationshipChange",
    record({"role": text(120), "since": nullable(day()), "until": nullable(day())}),
)
END = component("RelationshipEnd", record({"until": nullable(day())}))
MERGE = component(
    "Merge",
    record(
        {
            "others": list_of(identifier("contact or company"), 50),
            "choices": anything(),
        },
        required=["others"],
    ),
)
