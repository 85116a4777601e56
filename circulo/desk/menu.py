"""Where the desk stands in the navigation."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Today"), "desk:today", "sun", order=10, group="today", keys="g h", tab=True),
    Entry(
        _("Contacts"),
        "desk:contacts",
        "contact",
        order=10,
        needs=("contacts", "view"),
        keys="g c",
        tab=True,
    ),
    Entry(
        _("Companies"),
        "desk:companies",
        "building-2",
        order=20,
        needs=("companies", "view"),
        keys="g e",
        tab=True,
    ),
    Entry(
        _("Leads"),
        "desk:leads",
        "inbox",
        order=5,
        group="sales",
        needs=("leads", "view"),
        keys="g l",
    ),
    Entry(
        _("Deals"),
        "desk:deals",
        "target",
        order=10,
        group="sales",
        needs=("deals", "view"),
        keys="g v",
    ),
    Entry(
        _("Import"),
        "desk:import",
        "upload",
        order=80,
        group="tools",
        needs=("contacts", "create"),
        keys="g i",
    ),
    Entry(
        _("File to import"),
        "desk:import",
        "upload",
        order=90,
        place="new",
        needs=("contacts", "create"),
        keys="i",
    ),
    Entry(_("Bin"), "desk:bin", "trash-2", order=90, group="tools"),
]
