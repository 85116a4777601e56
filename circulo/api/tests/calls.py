"""A program that calls the API in tests."""

from typing import Any

from django.test import Client

from circulo.accounts import actions
from circulo.accounts.models import User


class Program:
    """Calls the API with the rights of a user."""

    def __init__(self, user: User, *, may_write: bool = True) -> None:
        self.user = user
        self.token = actions.add_token(user, may_write=may_write)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path: str, **parameters: Any) -> Any:
        headers = parameters.pop("headers", None)
        return self.client.get(f"/api/v1/{path}", parameters, headers=headers)

    def post(self, path: str, said: Any = None, **headers: str) -> Any:
        return self._send("post", path, said, headers)

    def patch(self, path: str, said: Any, **headers: str) -> Any:
        return self._send("patch", path, said, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("delete", path, None, headers)

    def _send(self, method: str, path: str, said: Any, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, method)
        if said is None:
            return send(f"/api/v1/{path}", b"", content_type="application/json", headers=named)
        return send(f"/api/v1/{path}", said, content_type="application/json", headers=named)
