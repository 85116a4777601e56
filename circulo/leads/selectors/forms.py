"""Reads over public forms: for their pages, and for who decides them."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.leads.models import Lead, WebForm
from circulo.lib import ids


def may_decide_forms(user: User) -> bool:
    """Whether a person makes and changes public forms: administrators and marketers."""
    return user.is_admin or user.role_id == RoleName.MARKETER


def forms_in_order() -> QuerySet[WebForm]:
    """Every form with how much came by it, those in use first."""
    suspects = Q(entries__lead__status=Lead.Status.SUSPECT)
    rows = WebForm.objects.annotate(
        count=Count("entries"), suspects=Count("entries", filter=suspects),
        last=Max("entries__sent_at"),
    )  # fmt: skip
    return rows.order_by("-is_active", "name", "pk")


def form_called(identifier: str) -> WebForm | None:
    """The form of this identifier."""
    return WebForm.objects.filter(pk=ids.decode("web_form", identifier) or 0).first()


def open_form(token: str) -> WebForm | None:
    """The form behind a public address, while it is in use."""
    return WebForm.objects.open().filter(token=token[:40]).first()


def url_of(form: WebForm) -> str:
    """The public address of a form, whole."""
    return f"{settings.BASE_URL}{form.get_absolute_url()}"
