"""Who may follow a deal, or the board of a pipeline, live."""

from circulo.sales.selectors.page import may_follow, may_follow_board
from circulo.web import live

live.register("deal", may_follow)
live.register("deals", may_follow_board)
