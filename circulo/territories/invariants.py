"""What must be true of the tree of territories, and of where parties lie."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Territory
from circulo.lib.invariants import Invariant, Violation, rows
from circulo.parties.actions import placing
from circulo.territories import actions, proposals


def _within_themselves() -> list[Violation]:
    """A circle hangs below nothing: it is not reached from the top."""
    tree = proposals.as_it_is()
    reached = {one.pk for one in tree.rows}
    lost = Territory.objects.exclude(pk__in=reached).order_by("pk")
    return rows("territory", lost.values_list("pk", "name"))


def _with_another_path() -> list[Violation]:
    tree = proposals.as_it_is()
    known = proposals.paths(tree)
    return rows("territory", ((one.pk, one.path) for one in tree.rows if one.path != known[one.pk]))


def _elsewhere() -> list[Violation]:
    return rows("party", ((key, "") for key in placing.misplaced()))


INVARIANTS = [
    Invariant(
        "territories.tree_has_a_top",
        _("No territory lies within itself, however long the way."),
        _within_themselves,
        lambda _keys: actions.mend_paths(),
    ),
    Invariant(
        "territories.path_names_the_way",
        _("The path of a territory names those that it lies in, from the top down."),
        _with_another_path,
        lambda _keys: actions.mend_paths(),
    ),
    Invariant(
        "territories.party_is_where_the_rules_say",
        _("A party lies where somebody put it by hand, or else where the rules say."),
        _elsewhere,
        lambda _keys: placing.place_all(),
    ),
]
