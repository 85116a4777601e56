"""Whose deals each role sees and changes by default.

Whoever made a deal or has a share of it sees it whatever the reach.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register
from circulo.records.own.fields import own_labels

WORKS = Right(Reach.ALL, Reach.OWN, Reach.OWN, create=True)

register(
    Kind(
        "deals",
        _("Deals"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, Reach.TEAM, create=True, export=True),
            RoleName.SELLER: Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True),
            RoleName.AGENT: WORKS,
            RoleName.MARKETER: Right(Reach.ALL, Reach.OWN, Reach.OWN, create=True, export=True),
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: Right(Reach.ALL),
            RoleName.TREASURER: Right(Reach.ALL),
        },
        {
            "amount": _("Amount"),
            "notes": _("About"),
            "source": _("Source"),
            "campaign": _("Campaign"),
            "reason": _("Reason"),
            "rivals": _("Competitors"),
            "shares": _("Shares"),
        },
        partial(own_labels, "deals"),
    )
)
