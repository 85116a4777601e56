"""What somebody types about quotes: the shape of it, read further by `drafts`."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form, offer_currencies
from circulo.accounts.models import BY_NAME, ROLE_LABELS, User
from circulo.catalog.selectors.lists import coupons_on_offer
from circulo.catalog.selectors.taxes import known_withholdings
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.parties.models import Party
from circulo.parties.selectors import named_parties
from circulo.quotes.drafts import LENGTHS, TEXTS
from circulo.quotes.models import ApprovalRule, Quote, QuotePaper
from circulo.quotes.models.quotes import LANGUAGES
from circulo.records.criteria import BadCriteria, parse
from circulo.records.own.forms import OwnFields, own_typed
from circulo.web.meeting import Meeting

_PARTY = {"list": "others", "autocomplete": "off", "hx-get": "/parties/names",
          "hx-trigger": "input changed delay:200ms", "hx-target": "#others",
          "hx-swap": "innerHTML"}  # fmt: skip
PLACES = {"party": "other"}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NewQuoteForm(OwnFields, Form, Meeting):
    """A new quote: what is offered, and to whom."""

    tails: ClassVar = {"other": "other_id"}
    places: ClassVar = PLACES

    title = forms.CharField(label=gettext_lazy("What is offered"), max_length=LENGTHS["title"])
    other = forms.CharField(
        label=gettext_lazy("To whom"), required=False, max_length=300,
        widget=forms.TextInput(attrs=_PARTY),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, quote: Quote | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user, self.quote = user, quote
        self.alike: list[Party] = []
        record = ("quote", quote.pk) if quote else None
        self.add_own("quotes", user, record, is_brief=quote is None)

    def clean(self) -> dict[str, Any]:
        """The party that a name means, where one does."""
        values = super().clean() or {}
        self._find_party(values)
        return values

    def said(self) -> dict[str, Any]:
        """What was typed anew, as the reader of drafts takes it."""
        values = self.cleaned_data
        names = [name for name in self.fields if name not in self.own and name != "other"]
        said = {name: values[name] for name in names}
        said["party"] = values["party"]
        if self.own:
            said["custom"] = self.own_said(self.user, anew=self.quote is None)
        if self.quote is None:
            return {name: value for name, value in said.items() if value not in (None, "")}
        changed = {PLACES_BACK.get(name, name) for name in self.changed_data}
        if changed & self.own.keys():
            changed.add("custom")
        return {name: value for name, value in said.items() if name in changed}

    def _find_party(self, values: dict[str, Any]) -> None:
        text, values["party"] = str(values.get("other", "")).strip(), None
        if not text:
            return
        before = self.data.get("other_id", "")
        found = named_parties(self.user, before) if before else []
        if not (len(found) == 1 and plain(str(found[0])) == plain(text)):
            found = named_parties(self.user, text)
        if len(found) == 1:
            values["party"] = found[0].public_id
            return
        self.alike = found
        several = _("Several go by this name: choose one.")
        self.add_error("other", several if found else _("Nobody you can see goes by this name."))


PLACES_BACK = {place: name for name, place in PLACES.items()}


class NotesForm(OwnFields, Form, Meeting):
    """The own fields of a quote, all of it that still changes once it was sent."""

    def __init__(self, user: User, *args: Any, quote: Quote, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user = user
        self.add_own("quotes", user, ("quote", quote.pk))

    def said(self) -> dict[str, Any]:
        """What was typed anew, as the reader of drafts takes it."""
        return {"custom": self.own_said(self.user, anew=False)} if self.changed_data else {}


class QuoteForm(NewQuoteForm):
    """All that stands on a quote beside its lines."""

    contact = forms.ChoiceField(label=gettext_lazy("For the attention of"), required=False)
    addressee = forms.CharField(
        label=gettext_lazy("Name and address on it"), required=False,
        max_length=TEXTS["addressee"], widget=_area(4),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    coupon = forms.CharField(
        label=gettext_lazy("Coupon"), required=False, max_length=LENGTHS["coupon"]
    )
    withholding = forms.ChoiceField(label=gettext_lazy("Withholding"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"))
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, max_length=TEXTS["introduction"],
        widget=_area(4),
    )  # fmt: skip
    terms = forms.CharField(
        label=gettext_lazy("Terms"), required=False, max_length=TEXTS["terms"], widget=_area(5)
    )

    def __init__(self, user: User, *args: Any, quote: Quote, **named: Any) -> None:
        super().__init__(user, *args, quote=quote, **named)
        self._offer("contact", [("", "—"), *_people_of(user, quote)])
        self._offer("owner", _owners(user, quote))
        offer_currencies(self, "currency")
        kept = {quote.withholding: quote.withholding} if quote.withholding else {}
        self._offer("withholding", [("", "—"), *(kept | known_withholdings()).items()])
        self.coupons = coupons_on_offer(user)
        if self.coupons:
            self.fields["coupon"].widget.attrs |= {"list": "coupons", "autocomplete": "off"}
            first = "; ".join(f"{code}: {words}" for code, words in [*self.coupons.items()][:3])
            self.fields["coupon"].help_text = _("Today: %s") % first

    def said(self) -> dict[str, Any]:
        """What was typed anew, days as texts."""
        said = super().said()
        if "valid_until" in said:
            said["valid_until"] = said["valid_until"].isoformat()
        return said

    def _offer(self, name: str, pairs: list[tuple[str, str]]) -> None:
        control = self.fields[name]
        assert isinstance(control, forms.ChoiceField)
        control.choices = pairs


def initial_of(user: User, quote: Quote, party: Party | None) -> dict[str, Any]:
    """What the form of a quote begins with."""
    names = ("title", "addressee", "valid_until", "language", "currency", "coupon", "withholding",
             "introduction", "terms")  # fmt: skip
    return {
        **{name: getattr(quote, name) for name in names},
        "other": party.name if party else "",
        "other_id": party.public_id if party else "",
        "contact": ids.encode("party", quote.contact_id) if quote.contact_id else "",
        "owner": quote.owner.opaque,
        **own_typed("quotes", user, quote.custom),
    }


def _people_of(user: User, quote: Quote) -> list[tuple[str, str]]:
    """Who works at the party, as far as one sees them, and whoever is named already."""
    rows = Party.objects.visible_to(user)
    found = list(rows.filter(company=quote.party_id or 0).order_by("sort_key", "pk")[:100])
    people = {one.public_id: one.name for one in found}
    if quote.contact_id and ids.encode("party", quote.contact_id) not in people:
        kept = rows.filter(pk=quote.contact_id).first()
        people[ids.encode("party", quote.contact_id)] = kept.name if kept else _("As it is")
    return list(people.items())


def _owners(user: User, quote: Quote) -> list[tuple[str, str]]:
    kept = Q(is_active=True) | Q(pk=quote.owner_id)
    people = User.objects.filter(kept).select_related("team").order_by(*BY_NAME)
    return [(one.opaque, one.name) for one in people
            if one.pk == quote.owner_id or user.may_give("quotes", one)]  # fmt: skip


class DecisionForm(Form):
    """What an approver says to a quote."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=2_000, widget=_area(2)
    )


class ToldForm(Form):
    """What a customer told a colleague of a quote."""

    name = forms.CharField(label=gettext_lazy("Who said so"), max_length=150)
    note = forms.CharField(
        label=gettext_lazy("How, and in which words"), max_length=5_000, widget=_area(3),
        help_text=gettext_lazy("By phone, by mail, signed on paper …"),
    )  # fmt: skip


LIMITS = {
    "most_discount": gettext_lazy("Discount by hand of a line, above %"),
    "discount": gettext_lazy("Discount of all together, above %"),
    "total_at_home": gettext_lazy("Total in the currency of the firm, above"),
    "margin": gettext_lazy("Margin, below %"),
}
# What may not be known of a quote: a line without a cost, a currency without a rate.
UNKNOWABLE = frozenset({"margin", "total_at_home"})


class RuleForm(Form):
    """A rule of approval: a limit or, where that says too little, a filter of the quotes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    field = forms.ChoiceField(label=gettext_lazy("Which quotes"), choices=list(LIMITS.items()))
    limit = forms.DecimalField(label=gettext_lazy("Limit"), max_digits=15, decimal_places=3)
    criterion = forms.CharField(
        label=gettext_lazy("Conditions"), required=False, max_length=5_000,
        widget=forms.HiddenInput,
    )  # fmt: skip
    who = forms.ChoiceField(label=gettext_lazy("Who approves"), choices=ApprovalRule.Who.choices)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    allows_own = forms.BooleanField(
        label=gettext_lazy("They may approve their own too"), required=False
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("field", "limit"):
            self.fields[name].required = not self["criterion"].value()
        people = User.objects.filter(is_active=True).order_by(*BY_NAME)
        self._offer("role", [(str(name), str(label)) for name, label in ROLE_LABELS.items()])
        self._offer("person", [(one.opaque, one.name) for one in people])

    def _offer(self, name: str, pairs: list[tuple[str, str]]) -> None:
        control = self.fields[name]
        assert isinstance(control, forms.ChoiceField)
        control.choices = [("", "—"), *pairs]

    def said(self) -> dict[str, Any]:
        """What was typed, as the act takes it; Invalid for conditions that are no JSON."""
        values = self.cleaned_data
        return {
            **{name: values[name] for name in ("name", "who", "role", "allows_own", "is_active")},
            "person": ids.decode("user", values["person"]),
            "criterion": self._criterion(values),
        }

    def _criterion(self, values: dict[str, Any]) -> Any:
        if values["criterion"].strip():
            try:
                return parse(values["criterion"])
            except BadCriteria as bad:
                raise Invalid({"criterion": _("This is not JSON.")}) from bad
        return _limited(values["field"], float(values["limit"]))


_FIELDS = gettext_lazy(
    "Empty: the usual text. Fields as in letters, besides {{ quote.number }}, {{ quote.title }},"
    " {{ quote.total }}, {{ quote.valid_until }} and {{ link }}."
)


class PaperForm(Form):
    """How quotes look and what they say at first."""

    colour = forms.CharField(
        label=gettext_lazy("Colour"), widget=forms.TextInput(attrs={"type": "color"})
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days that a quote holds"), min_value=1, max_value=3650
    )
    introduction_es = forms.CharField(
        label=gettext_lazy("Introduction in Spanish"), required=False, max_length=5_000,
        widget=_area(3),
    )  # fmt: skip
    terms_es = forms.CharField(
        label=gettext_lazy("Terms in Spanish"), required=False, max_length=10_000, widget=_area(4)
    )
    subject_es = forms.CharField(
        label=gettext_lazy("Subject of the e-mail in Spanish"), required=False, max_length=200
    )
    message_es = forms.CharField(
        label=gettext_lazy("E-mail in Spanish"), required=False, max_length=10_000,
        widget=_area(6), help_text=_FIELDS,
    )  # fmt: skip
    introduction_en = forms.CharField(
        label=gettext_lazy("Introduction in English"), required=False, max_length=5_000,
        widget=_area(3),
    )  # fmt: skip
    terms_en = forms.CharField(
        label=gettext_lazy("Terms in English"), required=False, max_length=10_000, widget=_area(4)
    )
    subject_en = forms.CharField(
        label=gettext_lazy("Subject of the e-mail in English"), required=False, max_length=200
    )
    message_en = forms.CharField(
        label=gettext_lazy("E-mail in English"), required=False, max_length=10_000,
        widget=_area(6), help_text=_FIELDS,
    )  # fmt: skip


def initial_of_paper(paper: QuotePaper) -> dict[str, Any]:
    """What the form of the paper begins with."""
    texts = {
        f"{name}_{language}": said
        for language, told in paper.texts.items()
        for name, said in told.items()
    }
    return {"colour": paper.colour, "days": paper.days, **texts}


def initial_of_rule(rule: ApprovalRule) -> dict[str, Any]:
    """What the form of a rule begins with: a limit where its conditions are one."""
    limit = _limit_in(rule.criterion)
    found: dict[str, Any] = {
        "name": rule.name, "who": rule.who, "role": rule.role_id or "",
        "person": rule.person.opaque if rule.person else "", "allows_own": rule.allows_own,
        "is_active": rule.is_active,
    }  # fmt: skip
    if limit:
        return found | {"field": limit[0], "limit": limit[1]}
    return found | {"criterion": json.dumps(rule.criterion, ensure_ascii=False)}


def _limited(name: str, limit: float) -> dict[str, Any]:
    """The conditions that a limit stands for: where nobody knows the figure, somebody looks."""
    beyond = {"field": name, "op": "lt" if name == "margin" else "gt", "value": limit}
    if name not in UNKNOWABLE:
        return beyond
    return {"any": [beyond, {"field": name, "op": "empty"}]}


def _limit_in(criterion: Any) -> tuple[str, float] | None:
    """The limit that conditions are, where they are no more than one."""
    parts = criterion.get("any") if isinstance(criterion, dict) else None
    said = parts[0] if parts else criterion
    name, limit = (said.get("field"), said.get("value")) if isinstance(said, dict) else ("", None)
    if name not in LIMITS or not isinstance(limit, int | float):
        return None
    return (name, limit) if criterion == _limited(name, limit) else None
