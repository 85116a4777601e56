"""Whose forecast and quota each role sees, adjusts and sets by default.

Nobody sees the figures of somebody whose deals they do not see.
"""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register

SEES_ALL = Right(Reach.ALL, export=True)

register(
    Kind(
        "forecasts",
        _("Forecasts"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, export=True),
            RoleName.SELLER: Right(Reach.TEAM, Reach.OWN),
            RoleName.ANALYST: SEES_ALL,
            RoleName.AUDITOR: SEES_ALL,
            RoleName.TREASURER: SEES_ALL,
        },
    )
)
register(
    Kind(
        "quotas",
        _("Quotas"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, create=True, export=True),
            RoleName.SELLER: Right(Reach.TEAM),
            RoleName.ANALYST: SEES_ALL,
            RoleName.AUDITOR: SEES_ALL,
            RoleName.TREASURER: SEES_ALL,
        },
    )
)
