"""Steps that several tests of changes take."""

from typing import Any

from circulo.accounts.models import User
from circulo.lib.acting import acting
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.records.models import ChangeSet


def change(party: Party, by: User, **said: Any) -> ChangeSet:
    """Change a party on its page, and what that is kept as."""
    with acting(by.pk, "screen") as act:
        actions.change_party(party, read(said, party.kind, partial=True), by=by)
    return ChangeSet.objects.get(pk=act.change_set or 0)
