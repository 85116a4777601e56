"""Every act on deals and pipelines."""

from circulo.sales.actions.acts import (
    MOST_ACTS,
    add_act,
    change_act,
    order_acts,
    put_acts,
    remove_act,
)
from circulo.sales.actions.closing import (
    change_end,
    lose_deal,
    lose_deals,
    reopen_deal,
    reopen_deals,
    win_deal,
    win_deals,
)
from circulo.sales.actions.colours import (
    add_colour,
    change_colour,
    order_colours,
    remove_colour,
)
from circulo.sales.actions.deals import (
    add_deal,
    add_deals,
    bin_deals,
    change_deal,
    claim_deals,
    edit_deals,
    restore_deals,
    tag_deals,
)
from circulo.sales.actions.ending import add_deal_with_end, change_deal_with_end
from circulo.sales.actions.moving import move_deal
from circulo.sales.actions.pipelines import (
    MOST_STAGES,
    add_pipeline,
    add_reason,
    add_stage,
    change_pipeline,
    change_reason,
    change_stage,
    order_stages,
    remove_stage,
)
from circulo.sales.actions.putting_back import put_deal_back
from circulo.sales.actions.steps import plan_act, plan_step, put_steps

__all__ = [
    "MOST_ACTS",
    "MOST_STAGES",
    "add_act",
    "add_colour",
    "add_deal",
    "add_deal_with_end",
    "add_deals",
    "add_pipeline",
    "add_reason",
    "add_stage",
    "bin_deals",
    "change_act",
    "change_colour",
    "change_deal",
    "change_deal_with_end",
    "change_end",
    "claim_deals",
    "change_pipeline",
    "change_reason",
    "change_stage",
    "edit_deals",
    "lose_deal",
    "lose_deals",
    "move_deal",
    "order_acts",
    "order_colours",
    "order_stages",
    "plan_act",
    "plan_step",
    "put_acts",
    "put_deal_back",
    "put_steps",
    "remove_act",
    "remove_colour",
    "remove_stage",
    "reopen_deal",
    "reopen_deals",
    "restore_deals",
    "tag_deals",
    "win_deal",
    "win_deals",
]
