"""Coupons: how long and how often they count, and that they were used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.models import Coupon
from circulo.catalog.reading import read_coupon
from circulo.lib.errors import Invalid, RuleBroken


@transaction.atomic
def change_coupon(coupon: Coupon, said: Mapping[str, Any], *, by: User | None) -> Coupon:
    """Say from when to when, and how often at most, a coupon counts."""
    one = Coupon.objects.select_for_update().get(pk=coupon.pk)
    for name, value in read_coupon(said).items():
        setattr(one, name, value)
    if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
        raise Invalid({"ends_on": _("It ends before it begins.")})
    one.save()
    return one


@transaction.atomic
def use_coupons(codes: Iterable[str], *, by: User | None) -> list[Coupon]:
    """Count coupons as used once more, as when somebody accepts what was priced with them.

    RuleBroken where one was used as often as it may be. A day that has passed meanwhile is no
    hindrance: what was offered with a coupon stays offered.
    """
    meant = Coupon.objects.annotate(upper=Upper("code"))
    meant = meant.filter(upper__in=[Upper(Value(code)) for code in codes])
    found = list(meant.select_for_update().order_by("pk"))
    if spent := [one.code for one in found if one.is_used_up]:
        raise RuleBroken(_("The coupon %s was used as often as it may be.") % spent[0])
    Coupon.objects.filter(pk__in=[one.pk for one in found]).update(uses=F("uses") + 1)
    return found


def give_coupons_back(codes: Iterable[str]) -> None:
    """Count coupons as used once less, as when what used them is taken back."""
    meant = Coupon.objects.annotate(upper=Upper("code"))
    meant = meant.filter(upper__in=[Upper(Value(code)) for code in codes], uses__gt=0)
    Coupon.objects.filter(pk__in=meant.values("pk")).update(uses=F("uses") - 1)
