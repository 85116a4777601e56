"""Sessions in the database: whose they are is known, and their keys are kept as digests."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from circulo.accounts import joined
from circulo.accounts.models import Session, User

USER = "_auth_user_id"
_KEY = "stand-in-for-the-key"
SINCE, ADDRESS, AGENT = "since", "address", "agent"


class SessionStore(DatabaseStore):
    """Django's own store, over our table; whose session it is comes in the same statement."""

    last_seen_at: datetime | None = None
    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = joined.read(Session, _query, {_KEY: digest(self.session_key)})
        if found is None:
            self._session_key = None
        else:
            self.last_seen_at, self.person = found.last_seen_at, _person_of(found)
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        since = data.get(SINCE)
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(USER),
            address=data.get(ADDRESS),
            agent=data.get(AGENT, ""),
            created_at=datetime.fromisoformat(since) if since else timezone.now(),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()


def _query() -> QuerySet[Session]:
    return Session.objects.filter(session_key=_KEY, expire_date__gt=Now())


def _person_of(session: Session) -> User | None:
    return session.user if session.user_id is not None else None


def digest(key: str | None) -> str:
    """How a session key is kept: 40 letters of its SHA-256, the width of Django's column."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]
