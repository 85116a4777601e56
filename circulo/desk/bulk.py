"""What can be done to many records of a list at once: who may, what is asked, what it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.desk.own_bulk import choices_of_fields, help_of, settable, values_of, writer
from circulo.desk.selectors.lists import people_who_work_here
from circulo.documents.actions import start_mailing
from circulo.documents.models import Mailing, Template
from circulo.documents.selectors.templates import template_for, templates_for
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.lib.text import clean
from circulo.parties import actions
from circulo.parties.models import Party
from circulo.records.actions import many
from circulo.records.models import OWN, ChangeSet

LONGEST_TAG = 50
_TOLD = ("interactions", "create")
Write = Callable[[Sequence[int], str, User], int]
Begin = Callable[[Sequence[int], str, User], str]


@dataclass(frozen=True)
class Act:
    """One act on many records. `choices` are its values; without them and `asks`, it needs none.

    `right` is asked of the kind of the list; `needs` is a right of another kind, and its act. What
    changes no record but begins a work of its own does so by `begin`, which gives its address.
    """

    name: str
    label: Text
    mark: str
    right: str
    write: Write
    question: Text
    said: Text
    asks: Text = ""
    choices: Callable[[User], list[tuple[str, Text]]] | None = None
    tone: str = ""
    field: str = ""
    of: str = ""
    help: Text = ""
    needs: tuple[str, str] | None = None
    begin: Begin | None = None

    @property
    def asks_further(self) -> bool:
        """Whether what it asks is only the first of two questions."""
        return self.name == "field" and not self.field

    def is_open_to(self, user: User, name: str) -> bool:
        """Whether this person may do it with any record of a list."""
        return user.may(name, self.right) and (self.needs is None or user.may(*self.needs))


def _ask_further(keys: Sequence[int], value: str, user: User) -> int:
    raise Invalid({"value": _("Choose one of the list.")})


def _give(keys: Sequence[int], value: str, user: User) -> int:
    owner = ids.decode("user", value) if value else None
    known = {identifier for identifier, _name in people_who_work_here()}
    if value and value not in known:
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.edit_parties(keys, {"owner_id": owner}, by=user)


def _set_lifecycle(keys: Sequence[int], value: str, user: User) -> int:
    if value not in Party.Lifecycle.values:
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.edit_parties(keys, {"lifecycle": value}, by=user)


def _tag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_parties(keys, add=_tag_of(value), by=user)


def _untag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_parties(keys, remove=_tag_of(value), by=user)


def _bin(keys: Sequence[int], value: str, user: User) -> int:
    return actions.bin_parties(keys, by=user)


def _change_nothing(keys: Sequence[int], value: str, user: User) -> int:
    return 0


def _write_letters(keys: Sequence[int], value: str, user: User) -> str:
    template = template_for(user, value)
    if template is None:
        raise Invalid({"value": _("Choose one of the list.")})
    return _mail(Mailing.What.LETTERS, keys, template, user)


def _print_labels(keys: Sequence[int], value: str, user: User) -> str:
    return _mail(Mailing.What.LABELS, keys, None, user)


def _mail(what: str, keys: Sequence[int], template: Template | None, user: User) -> str:
    try:
        return start_mailing(what, keys, template, by=user).get_absolute_url()
    except RuleBroken as broken:
        raise Invalid({"value": broken.message}) from broken


def _letters(user: User) -> list[tuple[str, Text]]:
    rows = templates_for(user, Template.Kind.LETTER).filter(is_active=True)
    return [(one.public_id, one.name) for one in rows[:200]]


def _tag_of(value: str) -> str:
    try:
        tag = clean(value.replace(",", " "), limit=LONGEST_TAG)
    except Invalid as invalid:
        raise Invalid({"value": invalid.fields[""]}) from invalid
    if not tag:
        raise Invalid({"value": _("Write the tag.")})
    return tag


def _owners(_user: User) -> list[tuple[str, Text]]:
    return [("", lazy("Nobody")), *people_who_work_here()]


ACTS = {
    act.name: act
    for act in (
        Act("owner", lazy("Owner"), "user-check", "edit", _give, lazy("Give %s to another owner"),
            lazy("%s given to another owner."), lazy("Owner"), _owners),
        Act("lifecycle", lazy("Lifecycle"), "refresh-cw", "edit", _set_lifecycle,
            lazy("Change the lifecycle of %s"), lazy("Lifecycle of %s changed."),
            lazy("Lifecycle"), lambda _user: list(Party.Lifecycle.choices)),
        Act("tag", lazy("Add a tag"), "tag", "edit", _tag, lazy("Add a tag to %s"),
            lazy("Tag added to %s."), lazy("Tag")),
        Act("untag", lazy("Take a tag off"), "tags", "edit", _untag, lazy("Take a tag off %s"),
            lazy("Tag taken off %s."), lazy("Tag")),
        Act("field", lazy("Own field"), "pencil", "edit", _ask_further,
            lazy("Change an own field of %s"), lazy("Own field of %s changed."), lazy("Field")),
        Act("letters", lazy("Write letters"), "mailbox", "view", _change_nothing,
            lazy("Write a letter to %s"), lazy("Letters to %s are being printed."),
            lazy("Template"), _letters, needs=_TOLD,
            begin=_write_letters),
        Act("labels", lazy("Print labels"), "tags", "view", _change_nothing,
            lazy("Print labels for %s"), lazy("Labels for %s are being printed."), needs=_TOLD,
            begin=_print_labels),
        Act("bin", lazy("Move to the bin"), "trash-2", "delete", _bin,
            lazy("Move %s to the bin"), lazy("%s moved to the bin."), tone="danger"),
    )
}  # fmt: skip


def do_to_many(act: Act, picked: Sequence[int], value: str, *, by: User, label: str) -> ChangeSet:
    """Do an act to these records: at once where they are few, by a job where they are many."""
    act.write([], value, by)
    job = {"task": "desk.change_many", "act": act.name, "value": value,
           "of": act.of, "field": act.field}  # fmt: skip
    return many.change_many(picked, write_batch, by=by, label=label, job=job)


def write_batch(change_set: ChangeSet, keys: list[int]) -> tuple[int, int]:
    """Do the act of a change set to a batch of its records; those out of reach are left out."""
    job, by = change_set.job, change_set.by
    act = act_named(by, job.get("of", ""), job["act"], job.get("field", "")) if by else None
    if by is None or act is None or act.asks_further:
        return 0, len(keys)
    within = list(
        Party.objects.visible_to(by, act.right).filter(pk__in=keys).values_list("pk", flat=True)
    )
    return act.write(within, job["value"], by), len(keys) - len(within)


def act_named(user: User, name: str, act: str, field: str = "") -> Act | None:
    """An act of a list; that on an own field is about the one chosen, or asks which."""
    known = ACTS.get(act)
    if known is None or act != "field":
        return known
    one = settable(user, name).get(OWN + field)
    if one is None:
        return replace(known, choices=lambda _user: choices_of_fields(user, name))
    values = values_of(one, user)
    return replace(
        known,
        write=writer(one),
        asks=one.label,
        choices=(lambda _user: values) if values is not None else None,
        field=field,
        of=name,
        help=one.help or help_of(one),
    )


def acts_for(user: User, name: str) -> Iterator[dict[str, Any]]:
    """The buttons of the bar over the selected rows, as far as this person may."""
    for act in ACTS.values():
        if act.name == "field" and not settable(user, name):
            continue
        if act.is_open_to(user, name):
            url = reverse(f"desk:bulk_{name}", args=[act.name])
            yield {"label": act.label, "url": url, "mark": act.mark, "tone": act.tone}
