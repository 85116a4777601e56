"""Every act of the documents: templates, letters, letters for many, e-mails."""

from circulo.documents.actions.emails import Email, note_email
from circulo.documents.actions.letters import Writing, post_letter, rewrite_letter, write_letter
from circulo.documents.actions.mailings import (
    cancel_mailing,
    confirm_mailing,
    fail_mailing,
    run_mailing,
    start_mailing,
)
from circulo.documents.actions.templates import (
    Saying,
    add_template,
    change_letterhead,
    edit_template,
    restore_template,
)

__all__ = [
    "Email",
    "Saying",
    "Writing",
    "add_template",
    "cancel_mailing",
    "change_letterhead",
    "confirm_mailing",
    "edit_template",
    "fail_mailing",
    "note_email",
    "post_letter",
    "restore_template",
    "rewrite_letter",
    "run_mailing",
    "start_mailing",
    "write_letter",
]
