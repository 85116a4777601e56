"""Every act on users, teams, roles and the ways in."""

from circulo.accounts.actions.people import (
    add_team,
    add_token,
    add_user,
    hash_of,
    move_team,
    revoke_token,
)

__all__ = ["add_team", "add_user", "hash_of", "add_token", "move_team", "revoke_token"]
