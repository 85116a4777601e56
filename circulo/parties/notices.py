"""What people are told of the parties they follow, and who sees what a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from circulo.accounts.notices import OWN_WORK, Kind, Theme, Words, about, register
from circulo.lib import format as fmt
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User

CHANGED, SEARCHED = "parties.changed", "parties.searched"


def _changes(words: Words) -> dict[str, str]:
    """What is different now, in the language of the reader."""
    said = []
    if "owner" in words:
        said.append(_("looked after by %s") % (words["owner"] or _("nobody")))
    if "lifecycle" in words:
        lifecycle = dict(Party.Lifecycle.choices).get(words["lifecycle"], words["lifecycle"])
        said.append(_("now: %s") % lifecycle)
    return {"what": ", ".join(said)}


def _found(words: Words) -> dict[str, str]:
    """How a search for duplicates ended, in the language of the reader."""
    if words.get("state") == "failed":
        return {"what": _("it came to nothing")}
    count = int(words.get("added", 0))
    return {"what": ngettext("%s new pair", "%s new pairs", count) % fmt.number(count)}


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Party.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


about("party", _seen)
register(
    Theme(gettext_lazy("Contacts and companies"), 20),
    Kind(
        CHANGED,
        gettext_lazy("Changes of whom you follow"),
        gettext_lazy("%(who)s changed %(name)s: %(what)s"),
        "user-pen",
        more=_changes,
    ),
)
register(
    OWN_WORK,
    Kind(
        SEARCHED,
        gettext_lazy("Searches for duplicates that you began"),
        gettext_lazy("The search for duplicates has ended: %(what)s"),
        "copy",
        more=_found,
    ),
)
