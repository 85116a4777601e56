"""Where a customer is taxed: a country, or a part of one that taxes for itself."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy

from circulo.lib import countries

_NAMES = {
    "ES": gettext_lazy("Spain: mainland and Balearic Islands"),
    "ES-CN": gettext_lazy("Canary Islands"),
    "ES-CE": gettext_lazy("Ceuta"),
    "ES-ML": gettext_lazy("Melilla"),
}
_OF_SPAIN = {"35": "ES-CN", "38": "ES-CN", "51": "ES-CE", "52": "ES-ML"}


def region_of(country: str, postal_code: str) -> str:
    """The region of an address: the Canaries, Ceuta and Melilla are told by the postal code."""
    if country != "ES":
        return country
    return _OF_SPAIN.get(postal_code.strip()[:2], "ES")


def region_in_words(region: str) -> str:
    """What a region that taxes for itself is called."""
    return str(_NAMES.get(region) or countries.name(region, get_language() or "es"))


def regions() -> list[tuple[str, str]]:
    """Every region whose taxes can be stated: those of Spain first, then every other country."""
    others = (one for one in countries.choices(get_language() or "es") if one[0] not in _NAMES)
    return [*((code, str(label)) for code, label in _NAMES.items()), *others]
