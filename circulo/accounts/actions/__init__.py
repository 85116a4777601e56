"""Every act on users, teams, roles and the ways in."""

from circulo.accounts.actions.attempts import may_try, within
from circulo.accounts.actions.audit import audit
from circulo.accounts.actions.entrances import (
    ask_for_reset,
    change_password,
    check_entry,
    demo_link,
    demo_path,
    demo_people,
    demo_user_of,
    end_other_sessions,
    end_session,
    first_administrator_link,
    is_password_of,
    make_link,
    use_link,
)
from circulo.accounts.actions.firm import change_firm, change_role, hide_field
from circulo.accounts.actions.notices import Notice, choose_notices, notify, read_notices
from circulo.accounts.actions.people import (
    add_team,
    add_token,
    add_user,
    change_profile,
    change_team,
    change_user,
    hash_of,
    move_team,
    rename_team,
    revoke_token,
)

__all__ = [
    "Notice",
    "add_team",
    "add_token",
    "add_user",
    "ask_for_reset",
    "audit",
    "change_firm",
    "change_password",
    "change_profile",
    "change_role",
    "change_team",
    "change_user",
    "check_entry",
    "choose_notices",
    "demo_link",
    "demo_path",
    "demo_people",
    "demo_user_of",
    "end_other_sessions",
    "end_session",
    "first_administrator_link",
    "hash_of",
    "hide_field",
    "is_password_of",
    "make_link",
    "may_try",
    "move_team",
    "notify",
    "read_notices",
    "rename_team",
    "revoke_token",
    "use_link",
    "within",
]
