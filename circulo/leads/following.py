"""Who may follow a lead live."""

from circulo.leads.selectors.leads import may_follow
from circulo.web import live

live.register("lead", may_follow)
