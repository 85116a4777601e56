"""What leads let one begin."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.web.menu import Entry

ENTRIES = [
    Entry(pgettext_lazy("record", "Lead"), "leads:new", "inbox", order=24, place="new",
          needs=("leads", "create"), keys="l"),
    Entry(_("Make a lead of it"), "leads:new", "inbox", place="incoming",
          needs=("leads", "create")),
]  # fmt: skip
