"""What quotes ask of somebody today."""

from circulo.quotes.selectors.today import quotes_of_today
from circulo.web.today import Panel

PANELS = [Panel("quotes", quotes_of_today, "quotes/_today.html", order=7)]
