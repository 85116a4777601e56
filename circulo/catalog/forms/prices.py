"""A price list, a price rule, and a basket to try them on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form, offer_currencies
from circulo.accounts.models import User
from circulo.catalog.forms.common import AmountField, DayField, goods_in
from circulo.catalog.models import PriceList, PriceRule
from circulo.catalog.pricing import Line
from circulo.catalog.selectors.finding import called, products_called
from circulo.catalog.selectors.pricing import Asked
from circulo.catalog.selectors.products import families
from circulo.catalog.selectors.whom import is_for_some, parties_seen
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.parties.selectors import named_parties, party_seen
from circulo.records.arranging import told_of
from circulo.records.models import SavedView

AS_IT_IS = "as-it-is"
_LABELS = {"contacts": gettext_lazy("Contacts: %s"), "companies": gettext_lazy("Companies: %s")}


class ForWhom(Form):
    """Something that is for everybody, or for those whom a saved view of contacts shows."""

    for_whom = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        required=False,
        help_text=gettext_lazy("Everybody, or those whom a saved view shows by its conditions"),
    )

    def __init__(self, user: User, *args: Any, one: Any = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user, self.one = user, one
        self.views = self._views()
        kept = [(AS_IT_IS, self.as_it_is)] if self.as_it_is else []
        said = [
            (view.public_id, str(_LABELS[view.resource]) % view.name)
            for view in self.views.values()
        ]
        control = self.fields["for_whom"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = [*kept, ("", _("Everybody")), *said]

    @property
    def as_it_is(self) -> str:
        """How the form says that whom it is for stays as it is; empty where it is for all."""
        has_limits = self.one is not None and (self.one.for_contacts or self.one.for_companies)
        return _("As it is: by conditions") if has_limits else ""

    def _views(self) -> dict[str, SavedView]:
        rows = SavedView.objects.visible_to(self.user).filter(resource__in=list(_LABELS), search="")
        offered = [view for view in rows.order_by("name", "pk") if view.criterion]
        return {view.public_id: view for view in offered if told_of(view, self.user)}

    def limits(self) -> dict[str, Any]:
        """For whom it is, in criteria; nothing where that stays as it is."""
        chosen = self.cleaned_data["for_whom"]
        if chosen == AS_IT_IS:
            return {}
        found: dict[str, Any] = {"for_contacts": None, "for_companies": None}
        if chosen:
            view = self.views[chosen]
            found[f"for_{view.resource}"] = view.criterion
        return found


class ListForm(ForWhom):
    """A price list."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    includes_tax = forms.BooleanField(label=gettext_lazy("Its prices include tax"), required=False)
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"), min_value=0, max_value=1000, initial=100,
        help_text=gettext_lazy("Of several lists the one of the lowest rank counts"),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To"))
    is_default = forms.BooleanField(
        label=gettext_lazy("Counts where no other list does"), required=False
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(user, *args, **named)
        offer_currencies(self, "currency")

    def said(self) -> dict[str, Any]:
        """What was typed, as the reader of lists takes it."""
        names = ("name", "currency", "includes_tax", "rank", "starts_on", "ends_on", "is_default",
                 "is_active")  # fmt: skip
        return {name: self.cleaned_data[name] for name in names} | self.limits()


class RuleForm(ForWhom):
    """A price rule."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100,
        help_text=gettext_lazy("Customers read it on the quote: 3x2 in June"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("What it does"), choices=PriceRule.Kind.choices)
    value = AmountField(
        label=gettext_lazy("How much"), required=False,
        help_text=gettext_lazy("A percentage or an amount"),
    )  # fmt: skip
    nth = forms.IntegerField(
        label=gettext_lazy("Which unit is free"), min_value=2, max_value=1000, required=False,
        help_text=gettext_lazy("3 for 3x2: each third one"),
    )  # fmt: skip
    currency = forms.ChoiceField(label=gettext_lazy("Currency of its amounts"), required=False)
    product = forms.CharField(
        label=gettext_lazy("Of which product"), max_length=200, required=False,
        help_text=gettext_lazy("Code or name; none for all"),
    )  # fmt: skip
    family = forms.CharField(
        label=gettext_lazy("Of which family"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"list": "families", "autocomplete": "off"}),
    )  # fmt: skip
    customer = forms.CharField(
        label=gettext_lazy("For one customer"), max_length=300, required=False
    )
    coupon = forms.CharField(
        label=gettext_lazy("Only with the coupon"), max_length=40, required=False
    )
    from_quantity = AmountField(label=gettext_lazy("From a quantity of"), required=False)
    from_amount = AmountField(label=gettext_lazy("From a total of"), required=False)
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To"))
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"), min_value=0, max_value=1000, initial=100,
        help_text=gettext_lazy("Rules are tried from the lowest rank on"),
    )  # fmt: skip
    is_combinable = forms.BooleanField(label=gettext_lazy("Goes with other rules"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(user, *args, **named)
        self.families = families()
        offer_currencies(self, "currency", ("", "—"))

    @cached_property
    def kept(self) -> Party | None:
        """The customer whom it is for, where this person sees them."""
        key = self.one.party_id if self.one is not None else None
        return party_seen(self.user, key)

    @property
    def as_it_is(self) -> str:
        is_unseen = self.one is not None and self.one.party_id and self.kept is None
        return _("As it is: for somebody you cannot see") if is_unseen else super().as_it_is

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["party"] = ""
        if text := values.get("customer", ""):
            self._find(values, text)
        return values

    def _find(self, values: dict[str, Any], text: str) -> None:
        is_kept = self.kept is not None and text == str(self.kept)
        found = [self.kept] if self.kept and is_kept else named_parties(self.user, text)
        if len(found) == 1:
            values["party"] = found[0].public_id
            return
        several = _("Several go by this name: write the address of the page of the one.")
        self.add_error("customer", several if found else _("Nobody you can see goes by this name."))

    def said(self) -> dict[str, Any]:
        """What was typed, as the reader of rules takes it."""
        names = ("name", "kind", "value", "nth", "currency", "product", "family", "party", "coupon",
                 "from_quantity", "from_amount", "starts_on", "ends_on", "rank", "is_combinable",
                 "is_active")  # fmt: skip
        said = {name: self.cleaned_data[name] for name in names} | self.limits()
        if self.cleaned_data["for_whom"] == AS_IT_IS and not self.cleaned_data["party"]:
            del said["party"]
        return said


def initial_of_list(one: PriceList) -> dict[str, Any]:
    """What the form shows of a list."""
    return vars(one) | {"for_whom": AS_IT_IS if is_for_some(one) else ""}


def initial_of_rule(one: PriceRule, user: User) -> dict[str, Any]:
    """What the form shows this person of a rule."""
    is_seen = one.party_id in parties_seen(user, [one])
    return vars(one) | {
        "for_whom": AS_IT_IS if is_for_some(one) and not is_seen else "",
        "product": called([one.product])[one.product.pk] if one.product else "",
        "customer": str(one.party) if is_seen else "",
        "coupon": one.coupon.code if one.coupon else "",
    }


class CouponForm(Form):
    """How long and how often a coupon counts; its page names the `rules` that ask for it."""

    rules: Sequence[PriceRule] = ()
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To"))
    most_uses = forms.IntegerField(
        label=gettext_lazy("Uses at most"), min_value=1, max_value=1_000_000, required=False,
        help_text=gettext_lazy("Empty for as often as one likes"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)


class BasketForm(Form):
    """What somebody would buy, to see what it costs and why."""

    goods = forms.CharField(
        label=gettext_lazy("What"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One in each line: 6 × code or name"),
    )  # fmt: skip
    customer = forms.CharField(label=gettext_lazy("Customer"), max_length=300, required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    coupon = forms.CharField(label=gettext_lazy("Coupon"), max_length=40, required=False)
    day = DayField(label=gettext_lazy("On"))

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer_currencies(self, "currency")
        self.user = user
        self.lines: Sequence[Line] = ()
        self.party: Party | None = None

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._read_goods(values.get("goods", ""))
        if text := values.get("customer", ""):
            found = named_parties(self.user, text)
            self.party = found[0] if len(found) == 1 else None
            if self.party is None:
                several = _("Several go by this name: write the address of the page of the one.")
                nobody = _("Nobody you can see goes by this name.")
                self.add_error("customer", several if found else nobody)
        return values

    def _read_goods(self, text: str) -> None:
        try:
            goods = list(goods_in(text))
        except Invalid as invalid:
            self.add_error("goods", str(invalid.fields[""]))
            return
        found = products_called(name for _quantity, name in goods)
        missing = [name for _quantity, name in goods if name not in found]
        if missing:
            unknown = _("There is no product “%s”, or more than one.") % missing[0][:60]
            self.add_error("goods", unknown)
            return
        if any(not 0 < quantity < 10**9 for quantity, _name in goods):
            self.add_error("goods", _("A quantity is more than 0 and has at most 3 decimals."))
            return
        self.lines = [Line(found[name], quantity) for quantity, name in goods]

    def asked(self) -> Asked:
        """The basket, as prices are asked for."""
        values = self.cleaned_data
        coupons = [values["coupon"]] if values["coupon"] else []
        return Asked(self.lines, self.party, values["currency"], values["day"], coupons)
