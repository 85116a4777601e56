"""Who somebody is: an e-mail address and a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from circulo.accounts.models import User


class ByEmail(BaseBackend):
    """Knows people by their e-mail address; a disabled person is nobody from the next request."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **other: Any,
    ) -> User | None:
        """The user, or None; it takes as long for an unknown address as for a known one."""
        if password is None:
            return None
        try:
            user = User.objects.get_by_natural_key(username or other.get("email"))
        except User.DoesNotExist:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session with role and team, in one query."""
        return (
            User.objects.select_related("role", "team").filter(pk=user_id, is_active=True).first()
        )
