"""Where forecasts and figures of sales stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Forecast"), "forecasts:forecast", "trending-up", order=20, group="sales",
          needs=("forecasts", "view"), keys="g f"),
    Entry(_("Sales figures"), "forecasts:sales", "chart-column", order=30, group="sales",
          needs=("deals", "view"), keys="g r"),
    Entry(_("Lead figures"), "forecasts:leads", "chart-column", order=30, group="sales",
          needs=("leads", "view"), unless=("deals", "view")),
]  # fmt: skip
