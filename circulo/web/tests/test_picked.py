"""Choosing some of many: ticks for few, names for many; no script is needed."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from circulo.web.picked import FEW, PickedField

MANY = [(f"u{n}", f"Persona {n:03}") for n in range(200)]
MANY += [("a", "Ana Núñez"), ("b", "Ana Núñez"), ("c", "Luis Paz")]


class Asks(forms.Form):
    people = PickedField(required=False)

    def __init__(self, *args, choices=MANY, **named):
        super().__init__(*args, **named)
        self.fields["people"].choices = choices  # type: ignore[attr-defined]  # a choice field


def said(text):
    return Asks(QueryDict(text))


def test_few_are_ticks_and_many_a_box_with_only_the_chosen_ticked():
    few = str(Asks(choices=MANY[:FEW])["people"])
    assert few.count("checkbox") == FEW and "datalist" not in few

    many = str(Asks(initial={"people": ["c"]})["people"])
    assert many.count("checkbox") == 1 and 'value="c"' in many and "checked" in many
    assert '<option value="Persona 007">' in many and '<option value="Luis Paz">' not in many
    assert '<option value="Ana Núñez (a)">' in many  # two go by this name


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Luis Paz", ["c"]), ("luis paz", ["c"]), ("PAZ", ["c"]), ("Ana Núñez (b)", ["b"]),
        ("Luis Paz, persona 001; persona 002", ["c", "u1", "u2"]), (" , ", []), ("c", ["c"]),
    ],
)  # fmt: skip
def test_names_are_found_as_they_are_typed(typed, found):
    form = said(f"people=u0&people_typed={typed.replace(';', '%3B')}")
    assert form.is_valid() and form.cleaned_data["people"] == ["u0", *found]


@pytest.mark.parametrize(
    ("typed", "why"),
    [("Nadie", "There is no “Nadie” to choose."),
     ("ana nunez", "“ana nunez” may be: Ana Núñez (a), Ana Núñez (b).")],
)  # fmt: skip
def test_what_names_nobody_or_several_is_said_and_stays_in_the_box(typed, why):
    with translation.override("en"):
        form = said(f"people=c&people_typed={typed}")
        assert form.errors["people"] == [why]
    drawn = str(form["people"])
    assert f'value="{typed}"' in drawn and 'value="c"' in drawn
