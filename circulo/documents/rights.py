"""Who may use templates, and whose they may change."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register

WRITES = Right(Reach.ALL, Reach.OWN, Reach.OWN, create=True)
USES = Right(Reach.ALL)

register(
    Kind(
        "templates",
        _("Templates"),
        {
            RoleName.MANAGER: Right(Reach.ALL, Reach.TEAM, Reach.TEAM, create=True),
            RoleName.SELLER: WRITES,
            RoleName.AGENT: WRITES,
            RoleName.MARKETER: Right(Reach.ALL, Reach.ALL, Reach.ALL, create=True),
            RoleName.ANALYST: USES,
            RoleName.AUDITOR: USES,
            RoleName.TREASURER: WRITES,
        },
    )
)
