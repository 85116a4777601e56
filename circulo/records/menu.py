"""What this app adds to the navigation."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Changes"), "records:changes", "history", place="user", order=20),
    Entry(
        _("Files handed out"),
        "records:exports",
        "download",
        group="tools",
        order=82,
        needs=("contacts", "export"),
    ),
    Entry(_("Changes"), "records:changes", "history", group="tools", order=85, keys="g u"),
]
