"""Two people who change one record by its form at once are brought together, field by field.

A form sends along the values that it began with (`base`). So saving changes only what its sender
changed, and asks only where somebody else changed the same meanwhile to something different.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from circulo.lib.errors import Invalid, RuleBroken, Stale
from circulo.web.answers import page

BASE, KEEP, WAS = "base", "keep_", "was"
Said = dict[str, Any]


@dataclass(frozen=True)
class Clash:
    """A field that two people changed to different values, each in words; `was` is the value
    before both as the form sends it.
    """

    name: str
    label: str
    mine: str
    theirs: str
    base: str
    was: Any


class Meeting(forms.Form):
    """A form at which two people may meet.

    Fields of `pairs` say something together: who changes one means the other too. `tails` names by
    a field what is sent along with it under another name; it goes where its field goes. `places`
    names the field that stands for what a rule calls otherwise.
    """

    pairs: ClassVar[Sequence[tuple[str, str]]] = ()
    tails: ClassVar[Mapping[str, str]] = {}
    places: ClassVar[Mapping[str, str]] = {}

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the reader or the action refused."""
        for name, text in invalid.fields.items():
            place = self.places.get(name, name)
            self.add_error(place if place in self.fields else None, str(text))


def begun(form: forms.BaseForm) -> str:
    """What this form begins with, for the hidden field that is sent along with it."""
    return json.dumps(_standing(form), ensure_ascii=False)


def save_together(
    request: HttpRequest, form: Meeting, save: Callable[[], object], *, of: Any,
    show: Callable[[int], HttpResponse], again: Callable[[], HttpResponse],
) -> HttpResponse | None:  # fmt: skip
    """Save a form that was sent of a record; None once it is saved, else what is answered.

    `show` draws the form with what is wrong, under a status. `again` begins anew: it is called
    where somebody saved while this was read, so that what they said counts too.
    """
    if clashes := bring_together(form):
        return ask_which(request, form, clashes, of=of)
    if not form.is_valid():
        return show(422)
    try:
        save()
    except Stale:
        return again()
    except Invalid as invalid:
        form.refuse(invalid)
        return show(422)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal.message))
        return show(409)
    return None


def bring_together(form: Meeting) -> list[Clash]:
    """Put what others changed meanwhile into a form; what both changed to something different."""
    theirs, sent = _standing(form), cast("QueryDict", form.data).copy()
    _choose_original(form, sent, theirs)
    base = theirs | _read(sent.get(BASE, ""), theirs)
    mine = {name: _sent(form, name, base[name]) for name in theirs}
    changed = {name for name in theirs if mine[name] != base[name]}
    for pair in form.pairs:
        if changed & set(pair):
            changed |= set(pair) & set(theirs)
    clashes = [name for name in theirs
               if name in changed and theirs[name] not in (base[name], mine[name])]  # fmt: skip
    for name in set(theirs) - changed:
        value = theirs[name]
        sent.setlist(name, value if isinstance(value, list) else [value])
        tail = form.tails.get(name, "")
        if tail in form.initial:
            sent[tail] = form.initial[tail]
    form.data = sent
    return [_clash(form, name, mine, theirs, base) for name in clashes]


def _choose_original(form: Meeting, sent: QueryDict, known: Said) -> None:
    """Send what stood there before both, where that was chosen; who it names is found by name."""
    for name, value in _read(sent.pop(WAS, [""])[-1], known).items():
        if sent.get(KEEP + name) == "original":
            sent.setlist(name, value if isinstance(value, list) else [value])
            sent.pop(form.tails.get(name, ""), None)
    form.data = sent


def ask_which(
    request: HttpRequest, form: forms.BaseForm, clashes: list[Clash], *, of: Any
) -> HttpResponse:
    """The page that asks which value shall stand, mine, theirs or the one before both; it sends the
    same form again.
    """
    left, sent = {"csrfmiddlewaretoken", BASE, WAS}, cast("QueryDict", form.data)
    carried = [(name, value) for name, values in sent.lists() if name not in left
               for value in values if not name.startswith(KEEP)]  # fmt: skip
    return page(request, "web/conflict.html", status=409, clashes=clashes, carried=carried,
                base=begun(form), of=of,
                was=json.dumps({one.name: one.was for one in clashes}))  # fmt: skip


def _standing(form: forms.BaseForm) -> Said:
    """The values that the record has, as the form would send them unchanged."""
    return {
        name: _plain(field.prepare_value(form.get_initial_for_field(field, name)))
        for name, field in form.fields.items()
    }


def _sent(form: forms.BaseForm, name: str, base: Any) -> Any:
    """What was sent of a field: as it was where the other's value was chosen instead."""
    if form.data.get(KEEP + name) == "theirs":
        return base
    return _plain(form[name].data)


def _plain(value: Any) -> Any:
    """A value as text, or as texts, however it was kept or sent."""
    if isinstance(value, list | tuple):
        return [str(_plain(one)) for one in value]
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text.replace("\r\n", "\n").strip()


def _read(text: str, known: Said) -> Said:
    """The values that a form began with; none of those that somebody tampered with."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: said[name] for name in known if type(said.get(name)) is type(known[name])}


def _clash(form: forms.BaseForm, name: str, mine: Said, theirs: Said, base: Said) -> Clash:
    ours, others, before = (_words(form.fields[name], said[name]) for said in (mine, theirs, base))
    return Clash(name, str(form[name].label), ours, others, before, base[name])


def _words(field: forms.Field, value: Any) -> str:
    """A value as its form shows it: the words of a choice instead of its key."""
    names = dict(_flat(getattr(field, "choices", ())))
    several = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(one, one)) for one in several if one)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label
