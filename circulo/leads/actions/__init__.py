"""Every act on leads, their rules and their forms."""

from circulo.leads.actions.answering import (
    answer_lead,
    answer_leads_of,
    note_answers,
    remind_of_leads,
)
from circulo.leads.actions.arriving import (
    accept_leads,
    add_lead,
    add_leads,
    lead_from_interaction,
    score_every_lead,
    score_leads,
)
from circulo.leads.actions.closing import (
    discard_lead,
    discard_leads,
    reopen_lead,
    reopen_leads,
)
from circulo.leads.actions.converting import Conversion, convert_lead
from circulo.leads.actions.forms import add_form, change_form, receive_entry
from circulo.leads.actions.leads import (
    bin_leads,
    change_lead,
    edit_leads,
    move_lead,
    restore_leads,
    tag_leads,
    take_lead,
)
from circulo.leads.actions.rules import (
    add_lead_reason,
    add_route_rule,
    add_score_rule,
    change_lead_desk,
    change_lead_reason,
    change_route_rule,
    change_score_rule,
    order_rules,
    remove_route_rule,
    remove_score_rule,
)

__all__ = [
    "Conversion",
    "accept_leads",
    "add_form",
    "add_lead",
    "add_lead_reason",
    "add_leads",
    "add_route_rule",
    "add_score_rule",
    "answer_lead",
    "answer_leads_of",
    "bin_leads",
    "change_form",
    "change_lead",
    "change_lead_desk",
    "change_lead_reason",
    "change_route_rule",
    "change_score_rule",
    "convert_lead",
    "discard_lead",
    "discard_leads",
    "edit_leads",
    "lead_from_interaction",
    "move_lead",
    "note_answers",
    "order_rules",
    "receive_entry",
    "remind_of_leads",
    "remove_route_rule",
    "remove_score_rule",
    "reopen_lead",
    "reopen_leads",
    "restore_leads",
    "score_every_lead",
    "score_leads",
    "tag_leads",
    "take_lead",
]
