"""What leads add to the story of a deal: how it came in before it was one."""

from circulo.sales.parts import register_story

register_story("lead", lambda deal: list(deal.leads.values_list("pk", flat=True)))
