"""Own fields in forms: the control, what it shows of a value, and what is meant by what was typed.

A form works with texts as people type them, so that what two people typed can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.records.models import Attachment, OwnField
from circulo.records.own import links
from circulo.records.own.values import LINKED, LONGEST, refusal

if TYPE_CHECKING:
    from circulo.accounts.models import User

Kind = OwnField.Kind
Record = tuple[str, int]
NEW = ".new"  # behind the name of a field: where a file for it is sent
_BLANK = ("", "—")


class Ticks(forms.MultipleChoiceField):
    """Several choices, said as one text with commas."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split(", ") if isinstance(value, str) and value else value or []

    def clean(self, value: Any) -> Any:
        chosen: list[str] = super().clean(value)
        return ", ".join(chosen)


class Picker(forms.TextInput):
    """A line in which a record is named; those that fit are offered as one types."""

    def __init__(self, field: OwnField) -> None:
        super().__init__(attrs={"autocomplete": "off", "list": f"known-{field.key}"})
        self.target, self.listed = field.target, f"known-{field.key}"

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        asked = urlencode({"of": self.target, "named": name})
        place = "/names" if links.is_listed(self.target) else "/parties/names"
        offering = {
            "hx-get": f"{place}?{asked}", "hx-trigger": "input changed delay:200ms",
            "hx-target": "next datalist", "hx-swap": "innerHTML",
        }  # fmt: skip
        line = super().render(name, value, offering | (attrs or {}), renderer)
        return format_html('{}<datalist id="{}"></datalist>', line, self.listed)


class _FilePicker(forms.Select):
    """The files that a record has, and room for one that it does not have yet.

    `sent` is the name of a file that came with a form that was refused: browsers do not send it
    again by themselves.
    """

    needs_multipart_form = True
    sent = ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen, attrs = SafeString(""), attrs or {}
        if len([*self.choices]) > 1:
            chosen = super().render(name, value, attrs, renderer)
            attrs = {"aria-label": _("Another file")}
        room = forms.FileInput().render(name + NEW, None, {"class": "input"} | attrs, renderer)
        again = _("Choose “%s” again: what was refused is not kept.") % self.sent
        note = format_html('<p class="help">{}</p>', again) if self.sent else ""
        return format_html("{}{}{}", chosen, room, note)


class FileOfRecord(forms.ChoiceField):
    """One of the files of a record; another may be sent along."""

    widget = _FilePicker

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self.known = [_BLANK, *known]
        super().__init__(choices=self.known)

    def offer(self, one: Attachment) -> None:
        """Let a file be chosen that came just now."""
        if (chosen := (one.public_id, one.name)) not in self.known:
            self.known.append(chosen)
            self.choices = self.known

    def tell_lost(self, name: str) -> None:
        """Say, where the form is shown again, that a file has to be chosen again."""
        self.widget.sent = name


def control(field: OwnField, user: User, record: Record | None = None) -> forms.Field:
    """The control of a field; `record` is whose files can be chosen."""
    made = _CONTROLS.get(Kind(field.kind), _line)(field)
    if field.kind == Kind.LINK and field.target == "user":
        made = _select(links.people(user))
    elif field.kind == Kind.LINK:
        made.widget = Picker(field)
    if field.kind == Kind.FILE:
        made = FileOfRecord(_files(record))
    made.label, made.help_text = field.label, field.help or _hint(field, record)
    made.required = field.is_required and field.kind != Kind.FILE
    return made


def typed(field: OwnField, value: Any, names: links.Names) -> str:
    """A stored value as its control shows it."""
    if value is None:
        return ""
    say = _TYPED.get(Kind(field.kind))
    try:
        return say(field, value, names) if say else str(value)
    except (ValueError, TypeError, KeyError, ArithmeticError):
        return str(value)


def meant(field: OwnField, text: str, user: User) -> Any:
    """What was typed, as `values.read` takes it."""
    text = text.strip()
    return _MEANT[Kind(field.kind)](field, text, user) if text and field.kind in _MEANT else text


def all_meant(fields: Iterable[OwnField], said: Mapping[str, Any], user: User) -> dict[str, Any]:
    """By key, what was typed in those of the fields that are named; Invalid by their names.

    A form names what was typed anew only: what a link leads to that its reader does not see stays.
    """
    found: dict[str, Any] = {}
    refused: dict[str, Text] = {}
    for one in fields:
        if one.name in said:
            try:
                found[one.key] = meant(one, str(said[one.name] or ""), user)
            except Invalid as invalid:
                refused[one.name] = invalid.fields[""]
    if refused:
        raise Invalid(refused)
    return found


def _line(field: OwnField) -> forms.Field:
    return forms.CharField(max_length=LONGEST.get(Kind(field.kind), 300))


def _number(field: OwnField) -> forms.Field:
    return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def _select(choices: Iterable[tuple[str, Any]]) -> forms.Field:
    return forms.ChoiceField(choices=[_BLANK, *choices])


def _input(kind: str) -> Callable[[OwnField], forms.Field]:
    return lambda field: forms.CharField(
        max_length=30, widget=forms.TextInput(attrs={"type": kind})
    )


def _files(record: Record | None) -> list[tuple[str, str]]:
    if record is None:
        return []
    rows = Attachment.objects.filter(record_kind=record[0], record_id=record[1]).order_by("name")
    return [(one.public_id, one.name) for one in rows]


def _hint(field: OwnField, record: Record | None) -> str:
    if field.kind == Kind.FILE:
        return _("It then stands among the files of this record.")
    if field.kind == Kind.LINK and field.target != "user":
        return _("Its whole name, or the address of its page.")
    if field.kind == Kind.MONEY:
        return _("In %s, unless you write another currency behind.") % field.currency
    return ""


_CONTROLS: dict[OwnField.Kind, Callable[[OwnField], forms.Field]] = {
    Kind.LONG_TEXT: lambda field: forms.CharField(
        max_length=LONGEST[Kind.LONG_TEXT], widget=forms.Textarea(attrs={"rows": 3})
    ),
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _input("date"),
    Kind.MOMENT: _input("datetime-local"),
    Kind.TIME: _input("time"),
    Kind.CHOICE: lambda field: _select(field.labels().items()),
    Kind.CHOICES: lambda field: Ticks(choices=[*field.labels().items()]),
    Kind.YES_NO: lambda field: _select([("true", _("yes")), ("false", _("no"))]),
}


def _typed_money(field: OwnField, value: Any, names: links.Names) -> str:
    amount = fmt.typed_number(Decimal(value["amount"]))
    return amount if value["currency"] == field.currency else f"{amount} {value['currency']}"


def _typed_moment(field: OwnField, value: Any, names: links.Names) -> str:
    moment = datetime.fromisoformat(value)
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def _typed_link(field: OwnField, value: Any, names: links.Names) -> str:
    if field.target == "user":
        return str(value)
    return names.get((field.target, value)) or _("somebody you cannot see")


_TYPED: dict[OwnField.Kind, Callable[[OwnField, Any, links.Names], str]] = {
    Kind.NUMBER: lambda field, value, names: fmt.typed_number(Decimal(str(value))),
    Kind.MONEY: _typed_money,
    Kind.MOMENT: _typed_moment,
    Kind.CHOICES: lambda field, value, names: ", ".join(value),
    Kind.YES_NO: lambda field, value, names: "true" if value else "false",
    Kind.LINK: _typed_link,
}


def _meant_number(field: OwnField, text: str, user: User) -> Any:
    try:
        return fmt.parse_number(text)
    except Invalid as invalid:
        raise refusal(str(invalid.fields[""])) from invalid


def _meant_money(field: OwnField, text: str, user: User) -> Any:
    amount, currency = text, field.currency
    if text[-3:].isalpha() and text[-3:].isascii():
        amount, currency = text[:-3], text[-3:].upper()
    return {"amount": _meant_number(field, amount, user), "currency": currency}


def _meant_date(field: OwnField, text: str, user: User) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusal(_("Choose a day.")) from error


def _meant_link(field: OwnField, text: str, user: User) -> Any:
    if field.target == "user":
        return text
    found = links.named(user, field.target, text)
    if len(found) > 1:
        raise refusal(_("Several go by this name: write the address of the page of the one."))
    if not found:
        raise refusal(_("Nobody is found by this name."))
    return ids.encode(LINKED[field.target], found[0])


_MEANT: dict[OwnField.Kind, Callable[[OwnField, str, User], Any]] = {
    Kind.NUMBER: _meant_number, Kind.MONEY: _meant_money, Kind.DATE: _meant_date,
    Kind.LINK: _meant_link,
}  # fmt: skip
