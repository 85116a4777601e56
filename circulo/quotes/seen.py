"""What of a quote a role does not get to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulo.accounts.models import User


def sees_margin(user: User) -> bool:
    """Whether a person may know what is left of a quote: of products and of quotes alike."""
    hidden = user.hidden_fields("quotes")
    return "margin" not in hidden and "cost" not in user.hidden_fields("products")
