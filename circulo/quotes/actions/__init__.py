"""Every act on quotes."""

from circulo.quotes.actions.answering import (
    accept_quote,
    answer_for,
    comment_quote,
    expire_quotes,
    note_seen,
    refuse_quote,
    reply_to_customer,
)
from circulo.quotes.actions.approving import (
    approve_quote,
    redraft_quote,
    return_quote,
    submit_quote,
)
from circulo.quotes.actions.drafting import (
    add_quote,
    change_quote,
    drop_draft,
    give_quotes,
    note_of_quotes,
    quote_deal,
    revise_quote,
    withdraw_quotes,
)
from circulo.quotes.actions.putting_back import put_quote_back
from circulo.quotes.actions.rules import add_rule, change_paper, change_rule, remove_rule
from circulo.quotes.actions.sending import (
    mail_quote,
    refuse_unsendable,
    renew_link,
    revoke_link,
    send_quote,
)

__all__ = [
    "accept_quote",
    "add_quote",
    "add_rule",
    "answer_for",
    "approve_quote",
    "change_paper",
    "change_quote",
    "change_rule",
    "comment_quote",
    "reply_to_customer",
    "expire_quotes",
    "drop_draft",
    "give_quotes",
    "mail_quote",
    "note_of_quotes",
    "note_seen",
    "put_quote_back",
    "quote_deal",
    "redraft_quote",
    "refuse_quote",
    "refuse_unsendable",
    "remove_rule",
    "renew_link",
    "return_quote",
    "revise_quote",
    "revoke_link",
    "send_quote",
    "submit_quote",
    "withdraw_quotes",
]
