"""What this app adds to the New menu."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Contact"), "parties:new_contact", "user-plus", order=10, place="new",
          needs=("contacts", "create"), keys="c"),
    Entry(_("Company"), "parties:new_company", "building-2", order=20, place="new",
          needs=("companies", "create"), keys="o"),
    Entry(_("Duplicates"), "parties:queue", "copy", order=70, group="tools",
          needs=("contacts", "view"), keys="g d"),
]  # fmt: skip
