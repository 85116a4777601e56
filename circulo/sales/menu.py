"""What sales let one begin."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Deal"), "sales:new", "target", order=25, place="new", needs=("deals", "create"),
          keys="d"),
]  # fmt: skip
