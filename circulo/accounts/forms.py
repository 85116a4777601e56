"""What people type on the pages of this app."""

from functools import cache
from typing import Any

import babel
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import ROLE_LABELS, Team, User
from circulo.accounts.selectors import firm as the_firm
from circulo.lib import countries, money, text
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.zones import known_zones

LONGEST_PASSWORD, LONGEST_LINE, LONGEST_TEXT = 1024, 1000, 20_000
CURRENCIES = (
    "EUR USD MXN ARS CLP COP PEN UYU BOB CRC DOP GTQ HNL NIO PAB PYG VES BRL GBP CHF CAD JPY CNY"
)


def roles() -> list[tuple[str, str]]:
    """Every role with its name for people."""
    return [(role.value, str(label)) for role, label in ROLE_LABELS.items()]


def regions() -> list[tuple[str, str]]:
    """Every region offered, by its name in the present language."""
    return _regions(get_language() or "es")


@cache
def _regions(language: str) -> list[tuple[str, str]]:
    named = [(tag, _region_name(tag, language)) for tag in fmt.REGIONS]
    return sorted(named, key=lambda pair: (pair[0][:2] not in {"es", "en"}, pair[1]))


@cache
def time_zones() -> list[tuple[str, str]]:
    """The time zones of the world, by place."""
    places = (zone for zone in known_zones() if "/" in zone)
    known = (zone for zone in places if not zone.startswith(("Etc/", "SystemV/", "posix/")))
    return [(zone, zone.replace("_", " ")) for zone in sorted(known)] + [("UTC", "UTC")]


def currencies(kept: str = "") -> list[tuple[str, str]]:
    """The currencies that are money somewhere today, by name: the firm's own first, then those that
    one meets most; and the one that stands there, where it is none of them.
    """
    names = babel.Locale.parse(get_language() or "es", sep="-").currencies
    codes = (the_firm().currency, *CURRENCIES.split(), *sorted(money.in_use()), kept)
    return [(code, f"{code} · {names.get(code, code)}") for code in dict.fromkeys(codes) if code]


def offer_currencies(form: forms.Form, name: str, *more: tuple[str, str]) -> None:
    """Offer currencies, and the one that stands there: no select may turn it into another."""
    control = form.fields[name]
    assert isinstance(control, forms.ChoiceField)
    control.choices = [*more, *currencies(form.initial.get(name) or "")]
    control.error_messages["invalid_choice"] = _("“%(value)s” is no currency: choose one.")


def months() -> list[tuple[int, str]]:
    """The months by name."""
    names = babel.Locale.parse(get_language() or "es", sep="-").months["stand-alone"]["wide"]
    return [(number, names[number].capitalize()) for number in range(1, 13)]


def _region_name(tag: str, language: str) -> str:
    name = babel.Locale.parse(tag, sep="-").get_display_name(language) or tag
    return name[:1].upper() + name[1:]


class Form(forms.Form):
    """A form that can be told what a rule said."""

    def tell(self, refusal: Invalid | RuleBroken) -> None:
        """Show a refusal beside the field that it is about, or above the form."""
        if isinstance(refusal, RuleBroken):
            self.add_error(None, str(refusal.message))
            return
        for name, said in refusal.fields.items():
            self.add_error(name if name in self.fields else None, str(said))

    def clean(self) -> dict[str, Any]:
        """Text as it can be stored; passwords stay as they are."""
        values = super().clean() or self.cleaned_data
        for name, value in [*values.items()]:  # what is refused goes out of them meanwhile
            if isinstance(value, str) and not isinstance(self.fields[name], PasswordField):
                self._clean_text(values, name, value)
        return values

    def _clean_text(self, values: dict[str, Any], name: str, value: str) -> None:
        has_lines = isinstance(self.fields[name].widget, forms.Textarea)
        limit = LONGEST_TEXT if has_lines else LONGEST_LINE
        try:
            values[name] = text.clean(value, limit=limit, lines=has_lines)
        except Invalid as refusal:
            self.add_error(name, str(refusal.fields[""]))


class PasswordField(forms.CharField):
    """A password, with every space that was typed."""

    def __init__(self, label: Any, autocomplete: str, **more: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(
            label=label, widget=widget, strip=False, max_length=LONGEST_PASSWORD, **more
        )


class LoginForm(Form):
    """An address and a password."""

    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = PasswordField(_("Password"), "current-password")


class ResetForm(Form):
    """The address that a reset link goes to."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(Form):
    """A new password, twice."""

    new = PasswordField(
        _("New password"),
        "new-password",
        help_text=_("At least 10 characters; several words that nobody would guess are best."),
    )
    again = PasswordField(_("The same once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("The two are not the same."))
        return values


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = PasswordField(_("Present password"), "current-password")
    field_order = ["old", "new", "again"]


class Clock(forms.TimeInput):
    """A time of day, as browsers ask for one."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ProfileForm(Form):
    """How one is called, and how the house looks and speaks to oneself."""

    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    region = forms.ChoiceField(
        label=_("Region"),
        choices=regions,
        help_text=_("Decides how numbers, money and dates are written."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme)
    density = forms.ChoiceField(label=_("Rows"), choices=User.Density)
    has_shortcuts = forms.BooleanField(label=_("Single-letter shortcuts"), required=False)


class QuietForm(Form):
    """From when until when one is not to be disturbed; nothing in both for never."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=Clock)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=Clock)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("quiet_from"), values.get("quiet_until")
        if not self.errors and (begins is None) != (ends is None):
            self.add_error(
                "quiet_until" if ends is None else "quiet_from",
                _("Say both hours, or neither to be told at any time."),
            )
        return {"begins": begins, "ends": ends}


class TokenForm(Form):
    """What an API token is called and may do; the password shows that it is really you."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What will use it: “Web shop”, “Backup”.")
    )
    may_write = forms.TypedChoiceField(
        label=_("It may"),
        coerce=lambda value: value == "1",
        choices=[("0", _("Read")), ("1", _("Read and write"))],
    )
    password = PasswordField(_("Your password"), "current-password")


class FirmForm(Form):
    """The organisation that this installation serves."""

    name = forms.CharField(label=_("Name"), max_length=150)
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: countries.choices(get_language() or "es")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    region = forms.ChoiceField(label=_("Region"), choices=regions)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    year_begins = forms.TypedChoiceField(
        label=_("The fiscal year begins in"), coerce=int, choices=months, initial=1, required=False
    )  # fmt: skip

    def clean_year_begins(self) -> int:
        """January where nothing is said."""
        return self.cleaned_data["year_begins"] or 1


class PersonForm(Form):
    """What is known of somebody who works here."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=roles, initial="seller")
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name"),
        required=False,
        empty_label=_("No team"),
    )


class InviteForm(PersonForm):
    """Somebody new who works here."""

    send = forms.BooleanField(
        label=_("Send the link by e-mail"),
        required=False,
        help_text=_("Otherwise you are shown the link and hand it over yourself."),
    )


class UserForm(PersonForm):
    """Somebody who works here already."""

    is_active = forms.BooleanField(label=_("May log in"), required=False)
    password = PasswordField(
        _("Your password"),
        "current-password",
        required=False,
        help_text=_("Only to change the e-mail address."),
    )


class TeamForm(Form):
    """A team and the one it stands below."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = forms.ModelChoiceField(
        label=_("Below"),
        queryset=Team.objects.order_by("name"),
        required=False,
        empty_label=_("No other: at the top"),
    )
