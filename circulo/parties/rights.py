"""The kinds of record of this app, and what each role may do with them by default."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register
from circulo.records.own.fields import own_labels

DEFAULTS = {
    RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, Reach.TEAM, create=True, export=True),
    RoleName.SELLER: Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True),
    RoleName.AGENT: Right(Reach.ALL, Reach.ALL, create=True),
    RoleName.MARKETER: Right(Reach.ALL, Reach.TEAM, create=True, export=True),
    RoleName.ANALYST: Right(Reach.ALL, export=True),
    RoleName.AUDITOR: Right(Reach.ALL),
    RoleName.TREASURER: Right(Reach.ALL, Reach.OWN, export=True),
}
HIDEABLE = {
    "emails": _("E-mail"),
    "phones": _("Phones"),
    "addresses": _("Addresses"),
    "tax_id": _("Tax id"),
    "birthday": _("Birthday"),
    "notes": _("About"),
}

register(Kind("contacts", _("Contacts"), DEFAULTS, HIDEABLE, partial(own_labels, "contacts")))
register(
    Kind(
        "companies",
        _("Companies"),
        DEFAULTS,
        HIDEABLE | {"annual_revenue": _("Annual revenue")},
        partial(own_labels, "companies"),
    )
)
