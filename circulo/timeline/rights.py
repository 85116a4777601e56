"""Whether a role may log what happened; what it may see follows from the party."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register

LOGS = Right(Reach.ALL, create=True)
READS = Right(Reach.ALL)

register(
    Kind(
        "interactions",
        _("Interactions"),
        {
            RoleName.MANAGER: Right(Reach.ALL, create=True, export=True),
            RoleName.SELLER: LOGS,
            RoleName.AGENT: LOGS,
            RoleName.MARKETER: Right(Reach.ALL, create=True, export=True),
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: READS,
            RoleName.TREASURER: LOGS,
        },
    )
)
