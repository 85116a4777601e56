"""What the agenda shows on Today."""

from circulo.agenda.selectors.today import agenda_of_today
from circulo.web.today import Panel

PANELS = [Panel("agenda", agenda_of_today, "agenda/_today.html", order=5)]
