"""The people who work here, how they enter, and what is kept of it."""

from circulo.accounts.models.audit import Audit
from circulo.accounts.models.devices import PushDevice
from circulo.accounts.models.entrances import Attempt, OneTimeLink, Session
from circulo.accounts.models.firm import Firm
from circulo.accounts.models.notices import Digest, Notification, NotificationChoice
from circulo.accounts.models.people import (
    BY_NAME,
    NO_ADDRESS,
    ROLE_LABELS,
    Role,
    Team,
    User,
    UserManager,
)
from circulo.accounts.models.territories import Territory, TerritoryMember
from circulo.accounts.models.tokens import ApiToken

__all__ = [
    "BY_NAME",
    "NO_ADDRESS",
    "ROLE_LABELS",
    "ApiToken",
    "Attempt",
    "Audit",
    "Digest",
    "Firm",
    "Notification",
    "NotificationChoice",
    "OneTimeLink",
    "PushDevice",
    "Role",
    "Session",
    "Team",
    "Territory",
    "TerritoryMember",
    "User",
    "UserManager",
]
