"""Operations of the API: what an app's `api.py` states, and where they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.records.rest.refusals import bad_parameter
from circulo.records.rest.schemas import Schema, shape_of

if TYPE_CHECKING:
    from circulo.accounts.models import User

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, after the question mark."""

    name: str
    schema: Schema
    description: str = ""


@dataclass
class Call:
    """One call of an operation: who asks, for what, with which words."""

    request: HttpRequest
    user: User
    ids: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def said(self) -> dict[str, Any]:
        """The body, which is an object."""
        if not isinstance(self.body, dict):
            raise Invalid({"": _("Send one JSON object.")})
        return self.body

    def flag(self, name: str, default: bool) -> bool:
        """A parameter that is true or false."""
        value = self.parameters.get(name)
        if value is None:
            return default
        if value not in ("true", "false"):
            raise bad_parameter(name, _("This must be true or false."))
        return value == "true"

    @property
    def versions(self) -> list[str] | None:
        """The versions that If-Match allows; None where it allows any."""
        header = self.request.headers.get("If-Match", "*").strip()
        if header == "*":
            return None
        return [part.strip().removeprefix("W/").strip('"') for part in header.split(",")]


Handler = Callable[[Call], HttpResponse]


@dataclass(frozen=True)
class Operation:
    """One thing that other programs may ask for.

    `path` is written as in the documentation (`contacts/{id}/overview`); every second part of it is
    an identifier, or a word that is found before any of them (`products/price`). `about` says in a
    sentence what it does, and `more` what else is worth knowing.
    """

    method: str
    path: str
    handler: Handler
    about: str
    gives: Schema | None = None
    takes: Schema | None = None
    takes_type: str = JSON
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    more: str = ""
    gives_type: str = JSON

    @property
    def is_reading(self) -> bool:
        return self.method == "GET"

    @property
    def name(self) -> str:
        """What it is called in the document."""
        words = [part.strip("{}") for part in self.path.split("/")]
        return "_".join([self.method.lower(), *words]).replace("-", "_").replace(".", "_")

    @property
    def needs_body(self) -> bool:
        """Whether something must be said: no body at all is else as good as an empty object."""
        if self.takes is None:
            return False
        return self.takes_type != JSON or bool(shape_of(self.takes).get("required"))

    @property
    def names(self) -> frozenset[str]:
        """The parameters it knows."""
        return frozenset(parameter.name for parameter in self.parameters)


_operations: list[Operation] = []


def offer(*operations: Operation) -> None:
    """Make operations known; called by an app's `api.py`."""
    _operations.extend(operations)


def operations() -> list[Operation]:
    """Every operation of every app."""
    _discover()
    return _operations


@cache
def _discover() -> None:
    autodiscover_modules("api")
