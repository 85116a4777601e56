"""What people are told of the letters and labels that are printed for them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.notices import OWN_WORK, Kind, Words, register

PRINTED = "documents.printed"


def _outcome(words: Words) -> dict[str, str]:
    """How it ended, in the language of the reader."""
    said = {"done": _("ready to print"), "asking": _("a question before printing"),
            "failed": _("it came to nothing")}  # fmt: skip
    return {"what": said.get(words.get("state", ""), "")}


register(
    OWN_WORK,
    Kind(
        PRINTED,
        gettext_lazy("Letters and labels of yours that are printed"),
        gettext_lazy("Your print run: %(what)s"),
        "printer",
        is_pushed=True,
        more=_outcome,
    ),
)
