"""What a person says of the own fields of a record, as far as their role sees these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.records.models import OWN
from circulo.records.own import noted
from circulo.records.own.definitions import defined
from circulo.records.own.links import refuse_unknown

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.own.controls import Record


def read_own(resource: str, said: Any, *, by: User, record: Record) -> dict[str, Any]:
    """The values to store, None for those to take away. Invalid, by name, for a field that the role
    does not see, a value that does not fit, and a link to what the person does not see.
    """
    about = defined(resource)
    if isinstance(said, Mapping):
        unseen = about.fields.keys() - about.visible_to(by, resource).keys()
        if named := [OWN + key for key in said if key in unseen]:
            raise Invalid(dict.fromkeys(named, _("There is no such field here.")))
    found, refused = noted.read(said, about)
    if refused:
        raise Invalid(refused)
    refuse_unknown(by, about.stored, found, record)
    return found
