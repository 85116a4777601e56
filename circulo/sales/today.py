"""What sales show on Today: which of one's own deals stand still."""

from circulo.sales.selectors.today import standing_still
from circulo.web.today import Panel

PANELS = [Panel("deals", standing_still, "sales/_today.html", order=8)]
