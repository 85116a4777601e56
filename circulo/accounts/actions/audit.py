"""Writing the audit log."""

from circulo.accounts.models import Audit, User
from circulo.lib import origin


def audit(
    what: str, *, by: User | None = None, who: str = "", about: object = "", **details: object
) -> None:
    """Write one line of the audit log. `who` is for somebody who could not be identified."""
    Audit.objects.create(
        what=what,
        by=by,
        who=(who or (by.email if by else "")).replace("\0", "")[:254],
        address=origin.address(),
        about=str(about)[:254],
        details=details,
    )
