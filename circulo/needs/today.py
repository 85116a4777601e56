"""What this app shows on Today: whom to get to know better."""

from circulo.needs.selectors.today import gaps
from circulo.web.today import Panel

PANELS = [Panel("needs", gaps, "needs/_today.html", order=30)]
