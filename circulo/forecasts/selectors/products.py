"""What a deal sells: the one place that says so, for all figures of sales.

A deal is called after what it sells, as tables of other programs bring it.
"""

from django.db.models import F
from django.db.models.expressions import Combinable

FIELD = "title"  # the field of a deal that lists filter by it


def product_of_deal() -> Combinable:
    """What a deal sells, as people call it."""
    return F("title")
