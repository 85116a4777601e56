"""Postal addresses: the label in the order of the country, post codes, provinces, the map."""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from circulo.lib import countries
from circulo.lib.names import plain

# The last lines of a label by country; a gap in a line closes by itself.
_ORDERS: dict[str, tuple[str, ...]] = {
    "ES": ("{street}", "{district}", "{postcode} {city}", "{province}"),
    "MX": ("{street}", "{district}", "{postcode} {city}, {province}"),
    "CL": ("{street}", "{district}", "{postcode} {city}", "{province}"),
    "AR": ("{street}", "{district}", "{postcode} {city}", "{province}"),
    "CO": ("{street}", "{district}", "{city}, {province}, {postcode}"),
    "PE": ("{street}", "{district}", "{city} {postcode}", "{province}"),
    "UY": ("{street}", "{district}", "{postcode} {city}", "{province}"),
    "EC": ("{street}", "{district}", "{postcode}", "{city}"),
    "PT": ("{street}", "{district}", "{postcode} {city}"),
    "BR": ("{street}", "{district}", "{city} - {province}", "{postcode}"),
    "US": ("{street}", "{district}", "{city}, {province} {postcode}"),
    "GB": ("{street}", "{district}", "{city}", "{postcode}"),
    "IE": ("{street}", "{district}", "{city}", "{province}", "{postcode}"),
}
_USUAL = ("{street}", "{district}", "{postcode} {city}")
_POSTCODES = {
    "ES": r"(0[1-9]|[1-4]\d|5[0-2])\d{3}",
    "MX": r"\d{5}",
    "CL": r"\d{7}",
    "AR": r"([A-HJ-NP-Z])?\d{4}([A-Z]{3})?",
    "CO": r"\d{6}",
    "PE": r"\d{5}",
    "UY": r"\d{5}",
    "EC": r"\d{6}",
    "PT": r"\d{4}-\d{3}",
    "US": r"\d{5}(-\d{4})?",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
    "FR": r"\d{5}",
    "DE": r"\d{5}",
}
_SHAPES = {
    country: re.compile(shape, re.IGNORECASE | re.ASCII) for country, shape in _POSTCODES.items()
}
_PROVINCES = (
    "Álava|Albacete|Alicante|Almería|Ávila|Badajoz|Illes Balears|Barcelona|Burgos|Cáceres|Cádiz|"
    "Castellón|Ciudad Real|Córdoba|A Coruña|Cuenca|Girona|Granada|Guadalajara|Gipuzkoa|Huelva|"
    "Huesca|Jaén|León|Lleida|La Rioja|Lugo|Madrid|Málaga|Murcia|Navarra|Ourense|Asturias|Palencia|"
    "Las Palmas|Pontevedra|Salamanca|Santa Cruz de Tenerife|Cantabria|Segovia|Sevilla|Soria|"
    "Tarragona|Teruel|Toledo|Valencia|Valladolid|Bizkaia|Zamora|Zaragoza|Ceuta|Melilla"
)
_ALSO_CALLED = {
    "01": "Araba|Araba/Álava|Álava-Araba", "03": "Alacant|Alicante/Alacant",
    "07": "Baleares|Islas Baleares|Balears", "12": "Castelló|Castellón/Castelló",
    "15": "La Coruña|Coruña", "17": "Gerona", "20": "Guipúzcoa|Gipuzkoa/Guipúzcoa",
    "25": "Lérida", "26": "Rioja", "28": "Comunidad de Madrid", "30": "Región de Murcia",
    "31": "Nafarroa", "32": "Orense", "33": "Principado de Asturias", "38": "Tenerife",
    "46": "València|Valencia/València", "48": "Vizcaya|Bizkaia/Vizcaya",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes. The street may have several lines; a district is a *colonia*."""

    street: str = ""
    district: str = ""
    postcode: str = ""
    city: str = ""
    province: str = ""
    country: str = ""


def label(address: Address, home: str = "ES", language: str = "es") -> list[str]:
    """The lines of an address in the order of its country, which is named where it is foreign."""
    country = address.country or home
    lines = [line for order in _ORDERS.get(country, _USUAL) for line in _filled(order, address)]
    if country == "ES" and address.province.strip() and address.province == address.city:
        lines = lines[:-1]
    if country != home:
        lines.append(countries.name(country, language).upper())
    return lines


def in_one_line(address: Address, home: str = "ES", language: str = "es") -> str:
    """An address in one line."""
    return ", ".join(label(address, home, language))


def provinces() -> dict[str, str]:
    """The provinces of Spain by the first two digits of their post codes."""
    return {f"{place:02}": name for place, name in enumerate(_PROVINCES.split("|"), 1)}


def province_called(name: str) -> str:
    """The number of the Spanish province of this name, in either of its languages; nothing where
    there is none."""
    return _numbers().get(plain(" ".join(name.split())), "")


def is_postcode(country: str, text: str) -> bool:
    """Whether a text has the shape of a post code of a country; elsewhere any short one has."""
    shape = _SHAPES.get(country)
    return bool(shape.fullmatch(text.strip())) if shape and len(text) < 20 else 0 < len(text) <= 12


def is_written_as_in(country: str, code: str) -> bool:
    """Whether a post code has the shape of those of a country; not where that is unknown."""
    return country in _SHAPES and is_postcode(country, code)


def normal_postcode(country: str, text: str) -> str:
    """A post code as it is stored: upper case; the nought that a spreadsheet ate put back."""
    code = " ".join(text.upper().split())
    if country in {"ES", "MX", "FR", "DE"} and code.isdecimal() and len(code) == 4:
        return f"0{code}"
    if country == "GB" and " " not in code and 5 <= len(code) <= 7:
        return f"{code[:-3]} {code[-3:]}"
    if country == "PT" and code.isdecimal() and len(code) == 7:
        return f"{code[:4]}-{code[4:]}"
    return code


def map_link(address: Address) -> str:
    """The address of a map that shows the place (OpenStreetMap)."""
    place = in_one_line(address, home="", language="en")
    return f"https://www.openstreetmap.org/search?query={quote(place, safe='')}"


@cache
def _numbers() -> dict[str, str]:
    """The number of each province by what it is called, as `plain` writes it."""
    also = ((name, key) for key, names in _ALSO_CALLED.items() for name in names.split("|"))
    return {plain(name): key for name, key in (*also, *((n, k) for k, n in provinces().items()))}


def _filled(order: str, address: Address) -> list[str]:
    """One line of a label, without the signs that stood around what is missing."""
    text = order
    for part in ("street", "district", "postcode", "city", "province"):
        text = text.replace("{" + part + "}", getattr(address, part).strip() or "\0")
    text = re.sub(r"^(\0[ ,-]*)+|([ ,-]*\0)+$|( ?-|,)? ?\0", "", text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
