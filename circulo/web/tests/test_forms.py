"""A choice is drawn as Django draws it, only sooner."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from circulo.web.forms import Renderer

FLAT = [("", "—"), ("a&b", "A & B <b>"), (3, "Tres")]
GROUPED = [("Europa", [("es", "España"), ("pt", "Portugal")]), ("", "Otro")]


@pytest.mark.parametrize("choices", [FLAT, GROUPED, []])
@pytest.mark.parametrize("value", [None, "", "a&b", 3, "es"])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_choice_is_drawn_as_django_draws_it(choices, value, kind):
    widget = kind(attrs={"class": 'a "b"', "autofocus": True, "hidden": False})
    widget.choices = choices
    said = [value] if kind is forms.SelectMultiple else value

    ours, theirs = (
        _squeezed(widget.render("where", said, {"id": "id_where"}, renderer))
        for renderer in (Renderer(), DjangoTemplates())
    )

    assert ours == theirs


def _squeezed(html: str) -> str:
    return re.sub(r">\s+<", "><", html)
