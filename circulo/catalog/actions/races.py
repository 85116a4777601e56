"""Who comes second: what only the database can tell, told as a rule would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from circulo.lib.errors import Invalid, Text

_TAKEN: dict[str, tuple[str, Text]] = {
    "product_code_once": ("code", _("The code belongs to another product since a moment ago.")),
    "price_list_name_once": ("name", _("There is a list of this name already.")),
    "price_list_one_default": (
        "is_default",
        _("Somebody made another list the default just now: look at the lists again."),
    ),
    "tax_rate_one_at_a_time": (
        "starts_on",
        _("There is a rate of this class from that day or later."),
    ),
    "withholding_one_at_a_time": (
        "starts_on",
        _("There is a rate of this class from that day or later."),
    ),
}


@contextmanager
def refusing_the_second() -> Iterator[None]:
    """Invalid where somebody else took a name, a code or a day since it was looked at."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        taken = _TAKEN.get(getattr(diagnosis, "constraint_name", None) or "")
        if taken is None:
            raise
        raise Invalid(dict([taken])) from error
