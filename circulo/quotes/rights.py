"""Whose quotes each role sees and changes by default.

Whoever made a quote, or is asked to approve it, sees it whatever the reach. Deleting a quote is
taking it back: its number stays.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register
from circulo.records.own.fields import own_labels

WORKS = Right(Reach.ALL, Reach.OWN, Reach.OWN, create=True)

register(
    Kind(
        "quotes",
        _("Quotes"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, Reach.TEAM, create=True, export=True),
            RoleName.SELLER: Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True),
            RoleName.AGENT: WORKS,
            RoleName.MARKETER: Right(Reach.ALL),
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: Right(Reach.ALL),
            RoleName.TREASURER: Right(Reach.ALL, export=True),
        },
        {"margin": _("Cost and margin")},
        partial(own_labels, "quotes"),
    )
)
