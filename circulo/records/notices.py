"""What people are told of their imports: that they have ended, and how."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from circulo.accounts.notices import OWN_WORK, Kind, Words, register
from circulo.lib import format as fmt

IMPORTED = "records.imported"


def _outcome(words: Words) -> dict[str, str]:
    """How it ended, in the language of the reader."""
    if words.get("state") == "failed":
        return {"what": _("it could not go on")}
    rows, refused = int(words.get("rows", 0)), int(words.get("refused", 0))
    said = ngettext("%s row", "%s rows", rows) % fmt.number(rows)
    if refused:
        said += ", " + ngettext("%s refused", "%s refused", refused) % fmt.number(refused)
    return {"what": said}


register(
    OWN_WORK,
    Kind(
        IMPORTED,
        gettext_lazy("Imports of yours that have ended"),
        gettext_lazy("The import of “%(name)s” has ended: %(what)s"),
        "file-down",
        is_pushed=True,
        more=_outcome,
    ),
)
