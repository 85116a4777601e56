"""Whose leads each role sees and changes by default.

Whoever made a lead sees it whatever the reach; so does a team what waits in its queue.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register
from circulo.records.own.fields import own_labels

register(
    Kind(
        "leads",
        _("Leads"),
        {
            RoleName.MANAGER: Right(Reach.TEAM, Reach.TEAM, Reach.TEAM, create=True, export=True),
            RoleName.SELLER: Right(Reach.TEAM, Reach.OWN, Reach.OWN, create=True),
            RoleName.AGENT: Right(Reach.ALL, Reach.OWN, Reach.OWN, create=True),
            RoleName.MARKETER: Right(Reach.ALL, Reach.TEAM, Reach.OWN, create=True, export=True),
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: Right(Reach.ALL),
            RoleName.TREASURER: Right(Reach.NONE),
        },
        {
            "email": _("E-mail"),
            "phone": _("Phone"),
            "message": _("In their words"),
            "source": _("Source"),
            "campaign": _("Campaign"),
            "score": _("Score"),
            "reason": _("Reason"),
        },
        partial(own_labels, "leads"),
    )
)
