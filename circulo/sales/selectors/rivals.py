"""The competitors that deals name, as a form offers them and as figures count them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Min

from circulo.accounts.models import User
from circulo.lib.text import clean
from circulo.sales.models import Deal, Rival

MOST_OFFERED = 50
LONGEST = 120


def rival_called(said: str) -> str:
    """A competitor as others wrote it before, so that figures count it once."""
    name = clean(said, limit=LONGEST)
    if not name:
        return ""
    lost = Deal.objects.exclude(lost_to="")
    named = lost.filter(lost_to__iexact=name).values_list("lost_to", flat=True)
    listed = Rival.objects.filter(name__iexact=name).values_list("name", flat=True)
    return named.first() or listed.first() or name


def sole_rivals(keys: Sequence[int]) -> dict[int, str]:
    """The competitor of those of these deals that name exactly one."""
    one = Rival.objects.filter(deal__in=keys).order_by().values("deal")
    found = one.annotate(times=Count("pk"), only=Min("name")).filter(times=1)
    return dict(found.values_list("deal", "only"))


def rivals_offered(user: User, deal: Deal) -> Sequence[str] | None:
    """Those at a deal first, then those that this person's other deals name, the most named first;
    None where the role does not see them.
    """
    if "rivals" in user.hidden_fields("deals"):
        return None
    here = Rival.objects.filter(deal=deal).order_by("-strength", "name")
    seen = Rival.objects.filter(deal__in=Deal.objects.visible_to(user)).values("name")
    most = seen.annotate(times=Count("pk")).order_by("-times", "name")[:MOST_OFFERED]
    return tuple(dict.fromkeys([*(one.name for one in here), *(row["name"] for row in most)]))
