"""Whose tasks and appointments each role sees and changes by default.

Whoever takes part in an entry sees it whatever the reach; what is private shows others only that
its time is taken.
"""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register

WORKS = Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True)

register(
    Kind(
        "tasks",
        _("Tasks and appointments"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, Reach.TEAM, create=True, export=True),
            RoleName.SELLER: WORKS,
            RoleName.AGENT: Right(Reach.TEAM, Reach.TEAM, Reach.OWN, create=True),
            RoleName.MARKETER: WORKS,
            RoleName.ANALYST: Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True, export=True),
            RoleName.AUDITOR: Right(Reach.ALL),
            RoleName.TREASURER: WORKS,
        },
    )
)
