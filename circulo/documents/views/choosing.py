"""What writing from a template begins with: which template, for whom, in which language."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from circulo.documents.drafting import Draft, merged
from circulo.documents.merging import Recipient, recipients
from circulo.documents.models import LANGUAGES, Template
from circulo.documents.selectors.templates import templates_for
from circulo.lib.errors import RuleBroken, Text
from circulo.parties.models import Party
from circulo.web import Request, page

Kind = Template.Kind
MARKS = {Kind.LETTER: "mailbox", Kind.DOCUMENT: "file-text", Kind.EMAIL: "mail"}
Language = tuple[str, str, bool, bool]


def choose(
    request: Request, party: Party, kinds: Collection[str], where: str, title: Text
) -> HttpResponse:
    """The templates of these kinds, as far as they are in use; or none of them."""
    here = reverse(where, args=[party.public_id])
    rows = templates_for(request.user).filter(is_active=True, kind__in=kinds)
    items = [
        {
            "text": one.name,
            "note": " · ".join(
                [*([one.get_kind_display()] if len(kinds) > 1 else []),
                 ", ".join(text.get_language_display() for text in one.texts.all())]
            ),
            "url": f"{here}?template={one.public_id}",
            "mark": MARKS[Kind(one.kind)],
        }
        for one in rows[:100]
    ]  # fmt: skip
    return page(
        request,
        "documents/choose.html",
        title=title,
        party=party,
        items=items,
        blank=f"{here}?blank=1",
        crumbs=[(party.name, party.get_absolute_url())],
    )


def recipient(request: Request, party: Party, template: Template | None) -> Recipient:
    """Whom a text is merged for, in the language that was asked for or that they read."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    language = asked if asked in dict(LANGUAGES) else ""
    found = recipients(request.user, [party.pk], spoken_by(template), language=language)
    if not found:
        raise Http404
    return found[0]


def begun(
    request: Request, template: Template | None, to: Recipient, *, is_marked: bool = True
) -> tuple[Draft, RuleBroken | None]:
    """What a text begins with: the template merged, or a greeting and a name; with what is wrong
    with the template, where it cannot be merged. With `is_marked` it is for paper, else plain."""
    if template is None:
        begin = _("%s:") % to.world["contact"]["salutation"]
        return Draft("", f"{begin}\n\n\n\n{request.user.name}"), None
    try:
        return merged(template, to, request.user, is_marked=is_marked), None
    except RuleBroken as broken:
        return Draft("", ""), broken


def languages(here: str, template: Template | None, to: Recipient) -> list[Language]:
    """Each language by name, with its address, whether it is the present one, and whether the
    template lacks it.
    """
    query = f"template={template.public_id}" if template else "blank=1"
    spoken = spoken_by(template)
    return [
        (str(name), f"{here}?{query}&language={language}", language == to.language,
         bool(template) and language not in spoken)
        for language, name in LANGUAGES
    ]  # fmt: skip


def kept_with(template: Template | None) -> list[tuple[str, str]]:
    """What a form carries along to say what it was made from."""
    return [("template", template.public_id) if template else ("blank", "1")]


def spoken_by(template: Template | None) -> list[str]:
    """The languages that a template has a text in."""
    return [text.language for text in template.texts.all()] if template else []


def refuse_who_logs_nothing(request: Request) -> None:
    """Whoever writes to somebody tells the history of it."""
    if not request.user.may("interactions", "create"):
        raise PermissionDenied


def written_about(
    here: str, heading: Text, party: Party, to: Recipient, template: Template | None
) -> dict[str, Any]:
    """What the page at `here`, on which a text is written, shows of it: for whom it is, from which
    template and in which language."""
    return {
        "party": party,
        "to": to,
        "hidden": kept_with(template),
        "languages": languages(here, template, to),
        "crumbs": [(party.name, party.get_absolute_url()), (heading, here)],
    }
