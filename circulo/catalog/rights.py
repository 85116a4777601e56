"""Who sees and who changes what the firm sells, its prices and its taxes.

Nobody owns a product: whoever may see one may see them all. What a product costs the firm is a
field of its own, hidden at first from whoever sells.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Kind, Reach, Right, RoleName, register
from circulo.records.own.fields import own_labels

SEES = Right(Reach.ALL)

register(
    Kind(
        "products",
        _("Products and prices"),
        {
            RoleName.MANAGER: Right(Reach.ALL, Reach.ALL, Reach.ALL, create=True, export=True),
            RoleName.SELLER: SEES,
            RoleName.AGENT: SEES,
            RoleName.MARKETER: Right(Reach.ALL, export=True),
            RoleName.ANALYST: Right(Reach.ALL, export=True),
            RoleName.AUDITOR: SEES,
            RoleName.TREASURER: Right(Reach.ALL, export=True),
        },
        {"cost": _("Cost and margin")},
        partial(own_labels, "products"),
    )
)
