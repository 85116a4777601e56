"""The screens of people and organisations, but for their own page, which the desk puts together."""

from circulo.parties.views.acts import bin_party, readers, restore_party
from circulo.parties.views.alike import duplicates, known_names, phone_numbers, split_name, tax_id
from circulo.parties.views.changes import changes, put_back
from circulo.parties.views.follows import follow, following, unfollow
from circulo.parties.views.forms import edit, new
from circulo.parties.views.pairs import (
    doubt_again,
    keep_apart,
    merge_pair,
    merging,
    queue,
    search_duplicates,
)
from circulo.parties.views.relationships import end_relationship, relate

__all__ = [
    "bin_party",
    "changes",
    "doubt_again",
    "duplicates",
    "edit",
    "follow",
    "following",
    "end_relationship",
    "keep_apart",
    "known_names",
    "merge_pair",
    "merging",
    "new",
    "put_back",
    "queue",
    "readers",
    "relate",
    "restore_party",
    "search_duplicates",
    "split_name",
    "phone_numbers",
    "tax_id",
    "unfollow",
]
