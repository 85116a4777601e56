"""Writing the audit log."""

from circulo.accounts.models import Audit, User
from circulo.lib import origin, text


def audit(
    what: str, *, by: User | None = None, who: str = "", about: object = "", **details: object
) -> None:
    """Write one line of the audit log. `who` is for somebody who could not be identified."""
    Audit.objects.create(
        what=what,
        by=by,
        who=text.salvage(who or (by.email if by else ""), limit=254),
        address=origin.address(),
        about=text.salvage(str(about), limit=254),
        details=details,
    )
