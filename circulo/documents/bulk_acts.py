"""What can be printed for many contacts or companies at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.documents.actions import start_mailing
from circulo.documents.models import Mailing, Template
from circulo.documents.selectors.templates import template_for, templates_for
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.records.bulk import Act, change_nothing, offer

_TOLD = ("interactions", "create")


def _write_letters(keys: Sequence[int], value: str, user: User) -> str:
    template = template_for(user, value)
    if template is None:
        raise Invalid({"value": _("Choose one of the list.")})
    return _mail(Mailing.What.LETTERS, keys, template, user)


def _print_labels(keys: Sequence[int], value: str, user: User) -> str:
    template = template_for(user, value) if value else None
    if value and template is None:
        raise Invalid({"value": _("Choose one of the list.")})
    return _mail(Mailing.What.LABELS, keys, template, user)


def _mail(what: str, keys: Sequence[int], template: Template | None, user: User) -> str:
    try:
        return start_mailing(what, keys, template, by=user).get_absolute_url()
    except RuleBroken as broken:
        raise Invalid({"value": broken.message}) from broken


def _letters(user: User) -> list[tuple[str, Text]]:
    paper = (Template.Kind.LETTER, Template.Kind.DOCUMENT)
    rows = templates_for(user).filter(is_active=True, kind__in=paper)
    return [(one.public_id, one.name) for one in rows[:200]]


def _labels(user: User) -> list[tuple[str, Text]]:
    rows = templates_for(user, Template.Kind.LABEL).filter(is_active=True)
    return [("", _("The postal address")), *((one.public_id, one.name) for one in rows[:200])]


offer(
    ("contacts", "companies"),
    Act("letters", lazy("Write letters"), "mailbox", "view", change_nothing,
        lazy("Write a letter to %s"), lazy("Letters to %s are being printed."),
        lazy("Template"), _letters, needs=_TOLD, begin=_write_letters, order=60),
    Act("labels", lazy("Print labels"), "tags", "view", change_nothing,
        lazy("Print labels for %s"), lazy("Labels for %s are being printed."),
        lazy("What they say"), _labels, needs=_TOLD, begin=_print_labels, order=61),
)  # fmt: skip
