"""Whether a role sees what customers need, and may note it; whose follows from the party."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register

NOTES = Right(Reach.ALL, Reach.ALL, Reach.ALL, create=True)
TAKES = Right(Reach.ALL, Reach.ALL, Reach.ALL, create=True, export=True)

register(
    Kind(
        "preferences",
        _("Needs and preferences"),
        {
            RoleName.MANAGER: TAKES,
            RoleName.SELLER: NOTES,
            RoleName.AGENT: NOTES,
            RoleName.MARKETER: TAKES,
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: Right(Reach.ALL),
            RoleName.TREASURER: Right(Reach.ALL),
        },
    )
)
