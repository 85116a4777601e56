"""What the steps of a search, and the reasons of a pair, are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

RESPECTS: Mapping[str, str | Promise] = {
    "given_name": gettext_lazy("Given name"),
    "surnames": gettext_lazy("Surnames"),
    "name": gettext_lazy("Name"),
    "birthday": gettext_lazy("Birthday"),
    "tax_id": gettext_lazy("Tax id"),
    "emails": gettext_lazy("E-mail"),
    "phones": gettext_lazy("Phone"),
    "website": gettext_lazy("Website"),
    "street": gettext_lazy("Street"),
    "place": gettext_lazy("Place"),
}
LEVELS: Mapping[str, str | Promise] = {
    "same": pgettext_lazy("how two values compare", "the same"),
    "called": pgettext_lazy("how two values compare", "another form of the name"),
    "shortened": pgettext_lazy("how two values compare", "shortened"),
    "near": pgettext_lazy("how two values compare", "almost the same"),
    "alike": pgettext_lazy("how two values compare", "alike"),
    "order": pgettext_lazy("how two values compare", "in another order"),
    "swapped": pgettext_lazy("how two values compare", "name and surname swapped"),
    "one_missing": pgettext_lazy("how two values compare", "one surname is missing"),
    "one_same": pgettext_lazy("how two values compare", "the same in part"),
    "post": pgettext_lazy("how two values compare", "the same postal code"),
    "city": pgettext_lazy("how two values compare", "the same city"),
    "differs": pgettext_lazy("how two values compare", "different"),
}
WEAK = ("alike", "one_same", "city")


def tone(level: str) -> str:
    """Whether a level speaks for one party, weakly so, or against it."""
    if level == "differs":
        return "bad"
    return "line" if level in WEAK else "good"


def step_in_words(step: str) -> str:
    """What a step of a search does."""
    return {
        "read": _("Reading"),
        "candidates": _("Looking for records worth comparing"),
        "chance": _("Counting how often different people agree by chance"),
        "learn": _("Learning from records that agree on"),
        "compare": _("Comparing pairs:"),
        "write": _("Writing down what was found"),
    }[step]
