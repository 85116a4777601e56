"""What leads show on Today: who waits for a first answer."""

from circulo.leads.selectors.today import waiting
from circulo.web.today import Panel

PANELS = [Panel("leads", waiting, "leads/_today.html", order=4)]
