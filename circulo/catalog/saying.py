"""A product as a person may speak of it: within what their role sees and where links may lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog import drafts
from circulo.catalog.drafts import Draft
from circulo.catalog.models import Product
from circulo.catalog.selectors.products import currency_of_the_firm
from circulo.lib.errors import Invalid
from circulo.records.own.definitions import defined
from circulo.records.own.links import refuse_unknown


def read_said(said: Mapping[str, Any], *, by: User, product: Product | None = None) -> Draft:
    """The draft of what a person says of a new product, or of this one.

    Invalid for a field that the role does not see, and for a link to what the person does not see.
    """
    _refuse_hidden(said, by)
    draft = drafts.read(said, currency=currency_of_the_firm(), partial=product is not None)
    custom = draft.columns.get("custom", {})
    if custom:
        record = ("product", product.pk if product else 0)
        stored = {key: one for key, one in defined("products").stored.items() if key in custom}
        refuse_unknown(by, stored, custom, record)
    return draft


def _refuse_hidden(said: Mapping[str, Any], by: User) -> None:
    hidden = by.hidden_fields("products")
    named = [name for name in said if name in hidden]
    custom = said.get("custom")
    if isinstance(custom, Mapping):
        about = defined("products")
        unseen = about.fields.keys() - about.visible_to(by, "products").keys()
        named += [f"custom.{key}" for key in custom if key in unseen]
    if named:
        raise Invalid(dict.fromkeys(named, _("There is no such field here.")))
