"""What the desk itself shows on Today."""

from circulo.desk.selectors import first_steps, today
from circulo.web.today import Panel

PANELS = [
    Panel("first_steps", first_steps.first_steps, "desk/_first_steps.html", order=90),
    Panel("calls", today.whom_to_call, "desk/_calls.html", order=10),
    Panel("colleagues", today.what_colleagues_logged, "desk/_colleagues.html", order=20),
    Panel("birthdays", today.birthdays, "desk/_birthdays.html", order=10, place="side"),
    Panel("recent", today.recent_parties, "desk/_recent.html", order=20, place="side"),
]
