"""Countries: their names, dialling codes, currencies and languages."""

from dataclasses import dataclass
from functools import cache, lru_cache

import babel
import phonenumbers
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from circulo.lib.names import plain, sort_key

# Where the law of the land leaves the list with more than one, or none, the one that prices bear.
_CURRENCIES = {"UY": "UYU", "CL": "CLP", "CU": "CUP", "PA": "PAB", "VE": "VES", "CH": "CHF"}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA"}
_ALIASES = {
    "usa": "US", "u.s.a.": "US", "eeuu": "US", "ee.uu.": "US", "ee. uu.": "US", "uk": "GB",
    "u.k.": "GB", "gran bretana": "GB", "inglaterra": "GB", "england": "GB", "great britain": "GB",
    "holanda": "NL", "holland": "NL", "mejico": "MX", "peru": "PE", "korea": "KR", "russia": "RU",
    "united states of america": "US", "estados unidos de america": "US", "republica checa": "CZ",
    "czech republic": "CZ", "reino de espana": "ES", "espana": "ES", "esp": "ES", "mex": "MX",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Country:
    """What the house knows of a country beyond its name."""

    code: str
    dialling: int
    currency: str
    language: str


def name(code: str, language: str = "es") -> str:
    """The name of a country in a language, or its code where it has none."""
    return _names(language).get(code, code)


@lru_cache(maxsize=8)
def choices(language: str = "es") -> list[tuple[str, str]]:
    """Every country with its name in a language, sorted as people look for it."""
    return sorted(_names(language).items(), key=lambda pair: sort_key(pair[1]))


@cache
def get(code: str) -> Country:
    """A country by its two letters; an unknown one has no dialling code and counts in euros."""
    return Country(
        code=code,
        dialling=phonenumbers.country_code_for_region(code),
        currency=_currency(code),
        language=_language(code),
    )


def find(text: str) -> str:
    """The code of the country that a text names, in Spanish or English, or nothing."""
    bare = plain(text).strip()
    if len(bare) == 2 and bare.upper() in _names("es"):
        return bare.upper()
    return _by_name().get(bare, "")


def is_code(code: str) -> bool:
    """Whether two letters name a country."""
    return code in _names("es")


def _currency(code: str) -> str:
    found: list[str] = get_territory_currencies(code) if is_code(code) else []
    return _CURRENCIES.get(code) or (found[-1] if found else "EUR")


def _language(code: str) -> str:
    official = get_official_languages(code)
    if "es" in official or code == "MX":
        return "es"
    return official[0].split("_")[0] if official else "en"


@cache
def _names(language: str) -> dict[str, str]:
    territories = babel.Locale.parse(language, sep="-").territories
    named = {str(code): str(territories[code]) for code in territories}
    return {
        code: text
        for code, text in named.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


@cache
def _by_name() -> dict[str, str]:
    known = {plain(text): code for lang in ("en", "es") for code, text in _names(lang).items()}
    return known | _ALIASES
