"""What an administrator decides for everybody: the firm and the rights of the roles."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.actions.audit import audit
from circulo.accounts.models import Audit, Firm, Role, User
from circulo.accounts.rights import FLAGS, REACHES, Reach, RoleName, default_right, kinds
from circulo.lib.errors import Invalid, RuleBroken


@transaction.atomic
def change_firm(values: dict[str, Any], *, by: User | None) -> Firm:
    """State what the firm is called, where it is and how it reckons."""
    firm, _made = Firm.objects.select_for_update().get_or_create(pk=1)
    for name, value in values.items():
        setattr(firm, name, value)
    firm.save()
    audit(Audit.What.FIRM_CHANGED, by=by, **values)
    return firm


@transaction.atomic
def change_role(
    name: str, *, rights: dict[str, dict[str, Any]], hidden: dict[str, list[str]], by: User
) -> Role:
    """Change what a role may do with each kind of record, and which fields it does not see.

    Only what differs from the defaults is kept, so that a better default reaches everybody.
    """
    if name == RoleName.ADMIN:
        raise RuleBroken(_("Administrators may do everything: nobody could give it back to them."))
    role = Role.objects.select_for_update().get(pk=name)
    before = {"rights": role.rights, "hidden": role.hidden}
    role.rights = {kind: _changes(name, kind, acts) for kind, acts in rights.items()}
    role.rights = {kind: acts for kind, acts in role.rights.items() if acts}
    role.hidden = {kind: _hideable(kind, fields) for kind, fields in hidden.items() if fields}
    role.save()
    after = {"rights": role.rights, "hidden": role.hidden}
    audit(Audit.What.RIGHTS_CHANGED, by=by, about=name, before=before, after=after)
    return role


@transaction.atomic
def hide_field(kind: str, name: str, roles: Sequence[str], *, by: User | None) -> None:
    """Let exactly these roles not see a field of a kind of record."""
    for role in Role.objects.select_for_update().exclude(pk=RoleName.ADMIN):
        before = role.hidden.get(kind, [])
        after = sorted({*before} - {name} | ({name} if role.pk in roles else set()))
        if after != before:
            role.hidden = {**role.hidden, kind: _hideable(kind, after)}
            role.save(update_fields=["hidden"])
            what = {"kind": kind, "before": before, "after": after}
            audit(Audit.What.RIGHTS_CHANGED, by=by, about=role.pk, **what)


def _changes(role: str, kind: str, acts: dict[str, Any]) -> dict[str, Any]:
    """What of these acts differs from what the role may do anyway."""
    if kind not in kinds():
        raise Invalid({"": _("There is no such kind of record.")})
    usual = default_right(role, kind)
    said: dict[str, Any] = {act: Reach(acts[act]) for act in REACHES if act in acts}
    said |= {act: bool(acts[act]) for act in FLAGS if act in acts}
    return {act: value for act, value in said.items() if value != getattr(usual, act)}


def _hideable(kind: str, fields: list[str]) -> list[str]:
    """Only fields that the kind lets be hidden."""
    known = kinds()[kind].hideable
    if not set(fields) <= set(known):
        raise Invalid({"": _("There is no such field.")})
    return sorted(fields)
