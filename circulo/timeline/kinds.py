"""Everything the house can record: the best first page to read.

What people do with each other has a bare name (`call`, `visit`); what an app tells is
`app.thing_happened`. Each kind knows its icon, the group a timeline is filtered by, and the channel
it usually comes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(StrEnum):
    """What a timeline can be narrowed to."""

    CONVERSATION = "conversation"
    SALES = "sales"
    SERVICE = "service"
    CAMPAIGN = "campaign"
    RECORD = "record"


GROUP_LABELS: dict[Group, str | Promise] = {
    Group.CONVERSATION: _("Conversations"),
    Group.SALES: _("Sales"),
    Group.SERVICE: _("Service"),
    Group.CAMPAIGN: _("Campaigns"),
    Group.RECORD: _("Notes and documents"),
}


class Kind(StrEnum):
    """The kinds of interaction."""

    EMAIL = "email"
    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    CHAT = "chat"
    SOCIAL = "social"
    LETTER = "letter"
    FAX = "fax"
    FORM = "form"
    DOCUMENT = "document"
    JOB_DONE = "job_done"
    ORDER = "order"
    PAYMENT = "payment"
    RETURN = "return"
    CASE = "case"
    COMPLAINT = "complaint"
    CAMPAIGN_REACTION = "campaign_reaction"
    NOTE = "note"
    TASK_DONE = "agenda.task_done"
    PROMISE = "agenda.promise_settled"
    PREFERENCE_NOTED = "needs.preference_noted"
    PREFERENCE_WITHDRAWN = "needs.preference_withdrawn"
    INTERVIEW_HELD = "needs.interview_held"
    LEAD_CAME = "leads.lead_came"
    LEAD_CONVERTED = "leads.lead_converted"
    LEAD_DISCARDED = "leads.lead_discarded"
    LEAD_REOPENED = "leads.lead_reopened"
    DEAL_OPENED = "sales.deal_opened"
    DEAL_MOVED = "sales.deal_moved"
    DEAL_WON = "sales.deal_won"
    DEAL_LOST = "sales.deal_lost"
    DEAL_REOPENED = "sales.deal_reopened"
    QUOTE_SENT = "quotes.quote_sent"
    QUOTE_OPENED = "quotes.quote_opened"
    QUOTE_COMMENTED = "quotes.quote_commented"
    QUOTE_ACCEPTED = "quotes.quote_accepted"
    QUOTE_REFUSED = "quotes.quote_refused"
    QUOTE_EXPIRED = "quotes.quote_expired"


@dataclass(frozen=True)
class Look:
    """How a kind is shown, and whether a person may log it by hand."""

    label: str | Promise
    icon: str
    group: Group
    channel: str = ""
    is_directed: bool = False
    is_logged_by_hand: bool = True


LOOKS: dict[Kind, Look] = {
    Kind.NOTE: Look(_("Note"), "notebook-pen", Group.RECORD),
    Kind.CALL: Look(_("Call"), "phone", Group.CONVERSATION, "phone", is_directed=True),
    Kind.EMAIL: Look(_("E-mail"), "mail", Group.CONVERSATION, "email", is_directed=True),
    Kind.VISIT: Look(_("Visit"), "handshake", Group.CONVERSATION, "in_person"),
    Kind.MEETING: Look(_("Meeting"), "users", Group.CONVERSATION, "in_person"),
    Kind.CHAT: Look(_("Chat"), "message-circle", Group.CONVERSATION, "chat", is_directed=True),
    Kind.SOCIAL: Look(
        _("Social message"), "at-sign", Group.CONVERSATION, "social", is_directed=True
    ),
    Kind.LETTER: Look(_("Letter"), "mailbox", Group.CONVERSATION, "post", is_directed=True),
    Kind.FAX: Look(_("Fax"), "printer", Group.CONVERSATION, "fax", is_directed=True),
    Kind.FORM: Look(_("Form"), "clipboard-list", Group.CONVERSATION, "web", is_directed=True),
    Kind.DOCUMENT: Look(_("Document"), "file-text", Group.RECORD),
    Kind.JOB_DONE: Look(_("Job done"), "wrench", Group.SERVICE),
    Kind.ORDER: Look(_("Order"), "package", Group.SALES),
    Kind.PAYMENT: Look(_("Payment"), "banknote", Group.SALES),
    Kind.RETURN: Look(_("Return"), "undo-2", Group.SALES),
    Kind.CASE: Look(_("Case"), "life-buoy", Group.SERVICE),
    Kind.COMPLAINT: Look(_("Complaint"), "megaphone", Group.SERVICE),
    Kind.CAMPAIGN_REACTION: Look(_("Campaign reaction"), "send", Group.CAMPAIGN),
    Kind.TASK_DONE: Look(_("Task done"), "circle-check", Group.RECORD, is_logged_by_hand=False),
    Kind.PROMISE: Look(_("Promise"), "hand-heart", Group.SERVICE, is_logged_by_hand=False),
    Kind.PREFERENCE_NOTED: Look(
        _("Preference noted"), "heart", Group.RECORD, is_logged_by_hand=False
    ),
    Kind.PREFERENCE_WITHDRAWN: Look(
        _("Preference withdrawn"), "heart-off", Group.RECORD, is_logged_by_hand=False
    ),
    Kind.INTERVIEW_HELD: Look(
        _("Interview held"), "clipboard-check", Group.CONVERSATION, is_logged_by_hand=False
    ),
    Kind.LEAD_CAME: Look(_("Lead came in"), "inbox", Group.SALES, is_logged_by_hand=False),
    Kind.LEAD_CONVERTED: Look(
        _("Lead converted"), "sparkles", Group.SALES, is_logged_by_hand=False
    ),
    Kind.LEAD_DISCARDED: Look(
        _("Lead discarded"), "circle-x", Group.SALES, is_logged_by_hand=False
    ),
    Kind.LEAD_REOPENED: Look(
        _("Lead opened again"), "rotate-ccw", Group.SALES, is_logged_by_hand=False
    ),
    Kind.DEAL_OPENED: Look(_("Deal opened"), "flag", Group.SALES, is_logged_by_hand=False),
    Kind.DEAL_MOVED: Look(_("Deal moved on"), "arrow-right", Group.SALES, is_logged_by_hand=False),
    Kind.DEAL_WON: Look(_("Deal won"), "trophy", Group.SALES, is_logged_by_hand=False),
    Kind.DEAL_LOST: Look(_("Deal lost"), "circle-x", Group.SALES, is_logged_by_hand=False),
    Kind.DEAL_REOPENED: Look(
        _("Deal opened again"), "rotate-ccw", Group.SALES, is_logged_by_hand=False
    ),
    Kind.QUOTE_SENT: Look(
        _("Quote sent"), "file-pen-line", Group.SALES, is_directed=True, is_logged_by_hand=False
    ),
    Kind.QUOTE_OPENED: Look(
        _("Quote opened"), "eye", Group.SALES, "web", is_directed=True, is_logged_by_hand=False
    ),
    Kind.QUOTE_COMMENTED: Look(
        _("Quote commented"),
        "message-square",
        Group.SALES,
        "web",
        is_directed=True,
        is_logged_by_hand=False,
    ),
    Kind.QUOTE_ACCEPTED: Look(_("Quote accepted"), "trophy", Group.SALES, is_logged_by_hand=False),
    Kind.QUOTE_REFUSED: Look(_("Quote refused"), "circle-x", Group.SALES, is_logged_by_hand=False),
    Kind.QUOTE_EXPIRED: Look(_("Quote expired"), "hourglass", Group.SALES, is_logged_by_hand=False),
}

# What the composer of a party's page offers, the most used first.
BY_HAND: tuple[Kind, ...] = (
    Kind.NOTE,
    Kind.CALL,
    Kind.EMAIL,
    Kind.VISIT,
    Kind.MEETING,
    *(kind for kind, look in LOOKS.items()
      if look.is_logged_by_hand
      and kind not in (Kind.NOTE, Kind.CALL, Kind.EMAIL, Kind.VISIT, Kind.MEETING)),
)  # fmt: skip
AT_ONCE = 5

CHANNELS: dict[str, str | Promise] = {
    "": _("none"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "in_person": _("In person"),
    "chat": _("Chat"),
    "social": _("Social network"),
    "post": _("Post"),
    "fax": _("Fax"),
    "web": _("Web"),
    "sms": _("SMS"),
    "whatsapp": _("WhatsApp"),
}


def of_group(group: str) -> list[str]:
    """The kinds that a group of the timeline holds."""
    return [kind.value for kind, look in LOOKS.items() if look.group == group]
