"""Every act on parties."""

from circulo.parties.actions.duplicates import (
    change_merge_rule,
    doubt_again,
    find_duplicates,
    keep_apart,
    run_search,
    start_search,
)
from circulo.parties.actions.follows import follow_party, unfollow_party
from circulo.parties.actions.merges import Merge, follow_merges, merge_all, merge_parties
from circulo.parties.actions.parties import (
    add_parties,
    add_party,
    bin_parties,
    change_party,
    edit_parties,
    refuse_a_nameless,
    restore_parties,
    tag_parties,
)
from circulo.parties.actions.relationships import (
    change_relationship,
    end_relationship,
    relate,
)

__all__ = [
    "Merge",
    "add_parties",
    "add_party",
    "bin_parties",
    "change_party",
    "refuse_a_nameless",
    "start_search",
    "run_search",
    "keep_apart",
    "find_duplicates",
    "doubt_again",
    "change_merge_rule",
    "change_relationship",
    "edit_parties",
    "end_relationship",
    "follow_merges",
    "follow_party",
    "merge_all",
    "merge_parties",
    "relate",
    "restore_parties",
    "tag_parties",
    "unfollow_party",
]
