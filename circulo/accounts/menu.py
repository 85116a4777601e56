"""What this app adds to the navigation."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.selectors import unread
from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Settings"), "accounts:settings", "settings", group="house", order=90, keys="g s"),
    Entry(_("Notifications"), "accounts:notifications", "bell", place="bell", count=unread,
          keys="g n"),
    Entry(_("Profile"), "accounts:profile", "user", place="user", order=10),
]  # fmt: skip
