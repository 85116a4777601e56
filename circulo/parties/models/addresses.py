"""Where parties are, and where their letters go."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Left, Upper
from django.utils.translation import gettext_lazy as _

from circulo.parties.models.parties import Party


class PostalAddress(models.Model):
    """Where a party is or receives letters. The province of Spain follows from the postal code."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=30, blank=True, default="")
    street = models.CharField(_("street and number"), max_length=200, blank=True, default="")
    unit = models.CharField(_("floor, door"), max_length=100, blank=True, default="")
    district = models.CharField(_("district"), max_length=100, blank=True, default="")
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    region = models.CharField(_("province or state"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    province = models.GeneratedField(
        expression=Case(
            When(
                country="ES",
                postal_code__regex=r"^(0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3}$",
                then=Left("postal_code", 2),
            ),
            default=Value(""),
        ),
        output_field=models.CharField(_("Spanish province"), max_length=2),
        db_persist=True,
    )
    is_primary = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "party", name="address_one_primary", condition=Q(is_primary=True)
            )
        ]
        indexes = [
            models.Index(Upper("city"), name="address_by_city"),
            models.Index(
                "province", "party", name="address_by_province", condition=~Q(province="")
            ),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.street, self.postal_code, self.city)))
