"""Where the documents stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(
        _("Templates"),
        "documents:templates",
        "file-text",
        order=60,
        group="tools",
        needs=("templates", "view"),
        keys="g p",
    ),
]
