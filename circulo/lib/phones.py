"""Telephone numbers: typed as at home, stored in E.164, shown as at home or from abroad."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

Kind = Literal["mobile", "landline", "phone", "free", "premium", "other", "unknown"]
_LONGEST = 60
# Most of the numbers that a Spanish firm loads: read at once, as the library would after a while.
_SPANISH_MOBILE = re.compile(r"(?:(?:\+|00)34[ .-]?)?((?:6\d|7[1-48])(?:[ .-]?\d){7})", re.ASCII)
_NOT_A_DIGIT = re.compile(r"\D")
_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "phone",
    PhoneNumberType.TOLL_FREE: "free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is stored, and what is known of it."""

    e164: str
    kind: Kind
    extension: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the numbering plan of its country knows such a number."""
        return self.kind != "unknown"

    @property
    def link(self) -> str:
        """The address that a phone dials."""
        return f"tel:{self.e164}" + (f";ext={self.extension}" if self.extension else "")


def parse(text: str, country: str = "ES") -> Phone | None:
    """The number that a text means in a country, or None where it is no number at all."""
    if len(text) > _LONGEST or not text.isprintable():
        return None
    mobile = _SPANISH_MOBILE.fullmatch(text) if country == "ES" else None
    if mobile:
        return Phone(f"+34{_NOT_A_DIGIT.sub('', mobile[1])}", "mobile")
    number = _parse(text, country)
    if number is None:
        return None
    kind = _KINDS.get(phonenumbers.number_type(number), "other")
    if kind == "unknown" and not phonenumbers.is_possible_number(number):
        return None
    e164 = f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    return Phone(e164, kind, number.extension or "")


def extension_in(text: str, country: str = "ES") -> str:
    """The extension within the house that a text names after a number, or nothing."""
    if not any(letter.isalpha() or letter in "#;" for letter in text):
        return ""
    phone = parse(text, country)
    return phone.extension if phone else ""


@lru_cache(maxsize=8192)
def shown(e164: str, country: str = "ES") -> str:
    """A stored number as people of a country write it: with its prefix where it is foreign."""
    number = _parse(e164, None)
    if number is None:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def country_of(e164: str) -> str:
    """The country a stored number belongs to, or nothing where that is not known."""
    number = _parse(e164, None)
    return (phonenumbers.region_code_for_number(number) or "") if number else ""


def whatsapp(e164: str) -> str:
    """The address that opens a conversation with a number in WhatsApp."""
    return f"https://wa.me/{e164.lstrip('+')}"


def _parse(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
