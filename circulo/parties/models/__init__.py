"""The people and organisations we relate to, and which of them may be one and the same."""

from circulo.parties.models.addresses import PostalAddress
from circulo.parties.models.duplicates import Duplicate, DuplicateSearch, MergeRule
from circulo.parties.models.follows import Follow
from circulo.parties.models.parties import (
    RESOURCES,
    Party,
    PartyKind,
    PartyQuerySet,
    Point,
    Relationship,
    RelationshipQuerySet,
)

__all__ = [
    "Duplicate",
    "DuplicateSearch",
    "Follow",
    "RESOURCES",
    "MergeRule",
    "Party",
    "PartyKind",
    "PartyQuerySet",
    "Point",
    "PostalAddress",
    "Relationship",
    "RelationshipQuerySet",
]
