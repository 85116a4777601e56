"""Every act on mails."""

from circulo.channels.email.actions.sending import send_mail, settle_leases
from circulo.channels.email.actions.writing import (
    A_MOMENT,
    AT_ONCE,
    Letter,
    Reader,
    call_back,
    checked,
    mark_arrived,
    queue_mail,
    read_readers,
    refuse_without_server,
    send_again,
)

__all__ = [
    "AT_ONCE",
    "A_MOMENT",
    "Letter",
    "Reader",
    "call_back",
    "checked",
    "mark_arrived",
    "queue_mail",
    "read_readers",
    "refuse_without_server",
    "send_again",
    "send_mail",
    "settle_leases",
]
