"""What quotes let one begin."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Quotes"), "desk:quotes", "file-pen-line", order=15, group="sales",
          needs=("quotes", "view"), keys="g q"),
    Entry(_("Quote"), "quotes:new", "file-pen-line", order=26, place="new",
          needs=("quotes", "create"), keys="q"),
]  # fmt: skip
