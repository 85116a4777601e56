"""A template merged for one recipient: its subject and text, and what was missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.documents.merging import Recipient, known_fields
from circulo.documents.models import Template
from circulo.lib.errors import RuleBroken
from circulo.lib.merge import Filled, Group, MergeFault, as_is, as_marked, check, fill, parse


@dataclass(frozen=True)
class Draft:
    """A merged text, before anybody edited it."""

    subject: str
    body: str
    missing: list[str] = field(default_factory=list)
    is_other_language: bool = False


def merged(template: Template, to: Recipient, by: User, *, is_marked: bool = True) -> Draft:
    """A template for a recipient, for paper or as plain text where that is not `is_marked`;
    RuleBroken where it asks for what `by` may not see.
    """
    texts = {text.language: text for text in template.texts.all()}
    text = texts.get(to.language) or next(iter(texts.values()), None)
    if text is None:
        raise RuleBroken(_("This template has no text in any language yet."))
    return merged_text(text.subject, text.body, to, by, is_other=text.language != to.language,
                       is_marked=is_marked)  # fmt: skip


def merged_text(
    subject: str,
    body: str,
    to: Recipient,
    by: User,
    *,
    is_other: bool = False,
    is_marked: bool = True,
) -> Draft:
    """A subject and a text of the merge language for a recipient."""
    known = known_fields(by)
    try:
        title = _fill(subject, to, known)
        text = _fill(body, to, known, is_marked=is_marked)
    except MergeFault as fault:
        raise RuleBroken(str(fault), code="merge") from fault
    missing = list(dict.fromkeys([*title.missing, *text.missing]))
    return Draft(" ".join(title.text.split()), text.text.strip(), missing, is_other)


def _fill(text: str, to: Recipient, known: Group, *, is_marked: bool = False) -> Filled:
    tree = parse(text)
    check(tree, known)
    return fill(tree, to.world, to.locale, as_marked if is_marked else as_is)
