"""What the page of a product shows: its facts, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from circulo.accounts.models import User
from circulo.catalog.models import Product, ProductNote, ProductTie
from circulo.catalog.words import sum_in_words
from circulo.records.own.shown import own_told

NoteKind, TieKind = ProductNote.Kind, ProductTie.Kind


@dataclass(frozen=True)
class Knowledge:
    """What is known of a product, in the language of who reads."""

    benefits: list[ProductNote]
    objections: list[ProductNote]
    competitors: list[ProductNote]
    notes: list[ProductNote]
    ties: list[tuple[str, list[Product]]]

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything down yet."""
        return not (self.benefits or self.objections or self.competitors or self.notes or self.ties)


def knowledge_of(product: Product, language: str) -> Knowledge:
    """What is known of a product; notes in another language only where there are no others."""
    every = list(product.notes.all())
    fit = [note for note in every if note.language in ("", language[:2])]
    shown = fit or every
    ties = [(kind, [tie.other for tie in product.ties.all() if tie.kind == kind])
            for kind in TieKind.values]  # fmt: skip
    labels = {
        TieKind.COMPATIBLE: _("Goes with"),
        TieKind.SUBSTITUTE: _("In its place"),
        TieKind.ACCESSORY: _("Accessories"),
    }
    return Knowledge(
        _of_kind(shown, NoteKind.BENEFIT),
        _of_kind(shown, NoteKind.OBJECTION),
        _of_kind(shown, NoteKind.COMPETITOR),
        _of_kind(shown, NoteKind.NOTE),
        [(labels[TieKind(kind)], others) for kind, others in ties if others],
    )


def _of_kind(notes: list[ProductNote], kind: str) -> list[ProductNote]:
    return [note for note in notes if note.kind == kind]


def facts_of(product: Product, user: User) -> list[tuple[str, str]]:
    """What a product is, label by label; own fields too, as far as the role sees them."""
    hidden = user.hidden_fields("products")
    told: dict[str, Any] = {
        "code": (_("Code"), product.code),
        "family": (_("Family"), product.family),
        "unit": (_("Unit"), product.unit),
        "tax_class": (_("Tax class"), product.get_tax_class_display()),
        "cost": (pgettext("of a product", "Costs us"), ""
                 if product.cost is None else sum_in_words(product.cost, product.cost_currency)),
    }  # fmt: skip
    facts = [(label, text) for name, (label, text) in told.items() if text and name not in hidden]
    return [*facts, *product.attributes.items(), *own_told(user, "products", product)]
