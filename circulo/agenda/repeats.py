"""How often something repeats, as a form offers it: each choice is a rule without its end."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from circulo.agenda.words import rule_in_words
from circulo.lib.errors import Text
from circulo.lib.recurrence import parts_of

REPEATS: dict[str, Text] = {
    "": _("Does not repeat"),
    "FREQ=DAILY": _("Every day"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": _("Every weekday, Monday to Friday"),
    "FREQ=WEEKLY": _("Every week"),
    "FREQ=WEEKLY;INTERVAL=2": _("Every two weeks"),
    "FREQ=MONTHLY": _("Every month"),
    "FREQ=MONTHLY;INTERVAL=3": _("Every quarter"),
    "FREQ=MONTHLY;INTERVAL=6": _("Every half year"),
    "FREQ=YEARLY": _("Every year"),
}


def offered(rule: str) -> dict[str, Text]:
    """The choices for something that repeats by a rule so far: among them that very rule, in the
    place of the one that means the same where another program wrote it in other words.
    """
    if not rule:
        return dict(REPEATS)
    meant = _meaning(rule)
    known = {rule if key and _meaning(key) == meant else key: text for key, text in REPEATS.items()}
    return known if rule in known else known | {rule: capfirst(rule_in_words(rule))}


def without_end(rule: str) -> str:
    """A rule without its end, which has a field of its own."""
    return ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))


def end_of(rule: str) -> date | None:
    """The last day of a rule."""
    until = parts_of(rule).get("UNTIL")
    return datetime.strptime(until[:8], "%Y%m%d").date() if until else None


def with_end(rule: str, until: date | None) -> str:
    """A rule that ends on a day."""
    if not rule or until is None or "COUNT=" in rule:
        return rule
    return f"{rule};UNTIL={until:%Y%m%d}"


def _meaning(rule: str) -> dict[str, frozenset[str]]:
    """What a rule says, whatever the order and the words: on which day weeks begin matters only
    where some are left out, and every day from Monday to Friday is each of these days every week.
    """
    parts = {"INTERVAL": "1"} | parts_of(rule)
    if parts["INTERVAL"] == "1":
        parts.pop("WKST", None)
        if parts.get("FREQ") == "DAILY" and set(parts) == {"FREQ", "INTERVAL", "BYDAY"}:
            parts["FREQ"] = "WEEKLY"
    if parts.get("FREQ") in ("DAILY", "MONTHLY", "YEARLY"):
        parts.pop("WKST", None)
    return {name: frozenset(text.split(",")) for name, text in parts.items()}
