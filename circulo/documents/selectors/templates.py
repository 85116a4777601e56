"""Reads over templates: the list of them, one with its texts and versions, those to write with."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from circulo.accounts.models import User
from circulo.documents.models import LANGUAGES, Template, TemplateText, TemplateVersion
from circulo.lib import ids


def templates_for(user: User, kind: str = "") -> QuerySet[Template]:
    """The templates that this person may use, those in use first, each with its texts."""
    rows = Template.objects.visible_to(user).select_related("owner")
    if kind:
        rows = rows.filter(kind=kind)
    texts = Prefetch("texts", TemplateText.objects.order_by("-language"))
    return rows.prefetch_related(texts).order_by("-is_active", "name", "pk")


def template_for(user: User, identifier: str, act: str = "view") -> Template | None:
    """One template with its texts, where this person may do this with it."""
    key = ids.decode("template", identifier)
    rows = Template.objects.visible_to(user, act).select_related("owner")
    return rows.prefetch_related("texts").filter(pk=key).first() if key else None


def versions_of(template: Template, most: int = 30) -> list[TemplateVersion]:
    """The latest versions of a template, the newest first."""
    rows = TemplateVersion.objects.filter(template=template).select_related("by")
    return list(rows.order_by("-number")[:most])


def missing_languages(template: Template) -> list[str]:
    """The languages that a template does not speak, by name."""
    spoken = {text.language for text in template.texts.all()}
    return [str(name) for language, name in LANGUAGES if language not in spoken]
