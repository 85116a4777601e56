"""Two people at one form: what the one of them sends who began before the other saved."""

from __future__ import annotations

from typing import Any, Protocol

from django.test import Client

from circulo.web.meeting import BASE, WAS, begun


class Placed(Protocol):
    """A record that has a page, and beside it the form that changes it."""

    def get_absolute_url(self) -> str: ...


def begun_form(client: Client, record: Placed) -> dict[str, Any]:
    """What the form of a record would send unchanged, with what it began with."""
    answer: Any = client.get(f"{record.get_absolute_url()}/edit")
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {BASE: begun(form)}


def chosen(asked: Any, **kept: str) -> dict[str, Any]:
    """What the page sends that asked which value shall stand: `keep_title="mine"`."""
    return (
        dict(asked.context["carried"])
        | {BASE: asked.context["base"], WAS: asked.context["was"]}
        | kept
    )
