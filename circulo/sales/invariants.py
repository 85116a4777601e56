"""What must be true of deals."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows
from circulo.sales.actions import lines
from circulo.sales.actions.writing import (
    STAYS,
    refresh_probability,
    refresh_search,
    stale_probability,
    stale_search,
)


def _closed_badly() -> list[Violation]:
    """Deals that are over and know no end, or open ones that know one."""
    return _found(
        "SELECT id, '' FROM sales_deal WHERE (outcome = 'open') <> (closed_at IS NULL) ORDER BY id"
    )


def _in_a_foreign_stage() -> list[Violation]:
    return _found(
        """
        SELECT p.id, '' FROM sales_deal p JOIN sales_stage s ON s.id = p.stage_id
        WHERE s.pipeline_id <> p.pipeline_id ORDER BY p.id
        """
    )


def _astray() -> list[Violation]:
    """Deals whose stays leave a gap or overlap, or do not end in what the deal says."""
    return rows("deal", [(key, "") for key in STAYS.astray()])


def _shared_too_much() -> list[Violation]:
    return _found(
        """
        SELECT deal_id, sum(percent)::text FROM sales_dealshare
        GROUP BY deal_id HAVING sum(percent) > 100 ORDER BY deal_id
        """
    )


def _amounts_astray() -> list[Violation]:
    """Deals whose amount should follow their lines and does not."""
    return rows("deal", [(key, "") for key in lines.astray()])


def _searched_wrongly() -> list[Violation]:
    return rows("deal", [(key, "") for key in stale_search()])


def _likely_wrongly() -> list[Violation]:
    return rows("deal", [(key, "") for key in stale_probability()])


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("deal", cursor.fetchall())


INVARIANTS = [
    Invariant("sales.closed", _("A deal has an end if it is over, and only then."), _closed_badly),
    Invariant("sales.stage", _("A deal is in a stage of its pipeline."), _in_a_foreign_stage),
    Invariant(
        "sales.stays", _("The way of a deal has no gaps and ends where it is."), _astray,
        STAYS.mend,
    ),
    Invariant(
        "sales.lines", _("An amount that follows from lines is what they come to."),
        _amounts_astray, lines.follow,
    ),
    Invariant(
        "sales.probability", _("An open deal is as likely as its stage says."), _likely_wrongly,
        refresh_probability,
    ),
    Invariant("sales.shares", _("Shares are at most 100 % together."), _shared_too_much),
    Invariant(
        "sales.search", _("A deal is found by what it says."), _searched_wrongly, refresh_search
    ),
]  # fmt: skip
