"""Tax identifiers with their check digits, by country; foreign and unknown ones are kept too."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

# By country: the kinds to try in this order, each a name for people and a module of stdnum.
_KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "ES": (("NIF", "es.dni"), ("NIE", "es.nie"), ("NIF", "es.cif"), ("NIF", "es.nif")),
    "MX": (("RFC", "mx.rfc"), ("CURP", "mx.curp")),
    "CL": (("RUT", "cl.rut"),),
    "AR": (("CUIT", "ar.cuit"), ("DNI", "ar.dni")),
    "CO": (("NIT", "co.nit"),),
    "PE": (("RUC", "pe.ruc"), ("DNI", "pe.cui")),
    "UY": (("RUT", "uy.rut"),),
    "EC": (("RUC", "ec.ruc"), ("CI", "ec.ci")),
    "PT": (("NIF", "pt.nif"),),
    "CR": (("CPJ", "cr.cpj"), ("CPF", "cr.cpf")),
    "DO": (("RNC", "do.rnc"), ("Cédula", "do.cedula")),
    "GT": (("NIT", "gt.nit"),),
    "PY": (("RUC", "py.ruc"),),
    "SV": (("NIT", "sv.nit"),),
    "VE": (("RIF", "ve.rif"),),
    "BR": (("CNPJ", "br.cnpj"), ("CPF", "br.cpf")),
    "US": (("EIN", "us.ein"), ("SSN", "us.ssn")),
    "GB": (("VAT", "gb.vat"), ("UTR", "gb.utr")),
    "FR": (("TVA", "fr.tva"), ("SIRET", "fr.siret"), ("SIREN", "fr.siren")),
}
_USUAL = {"ES": "NIF", "MX": "RFC", "AR": "CUIT", "EC": "RUC", "PE": "RUC", "GB": "VAT"}
_LONGEST = 40
_FILLING = re.compile(r"[\s./·\u00a0\u2010-\u2015_-]+")


@dataclass(frozen=True, slots=True)
class TaxId:
    """An identifier as it is stored: compact, upper case; `kind` is empty where it is unknown."""

    value: str
    kind: str
    is_valid: bool
    country: str = ""

    @property
    def shown(self) -> str:
        """As people of its country write it."""
        return shown(self.country, self.value)


def check(country: str, text: str) -> TaxId:
    """What a text is among the tax identifiers of a country.

    One that is of no known kind, or has a wrong check digit, comes back with `is_valid` False, so
    that a screen can warn and keep it all the same.
    """
    bare_text = bare(text[: _LONGEST * 2])[:_LONGEST]
    for kind, module in _candidates(country):
        value = _valid(module, bare_text)
        if value is not None:
            return TaxId(value, kind, True, country)
    return _european(bare_text) or TaxId(bare_text, "", False, country)


def bare(text: str) -> str:
    """A text in capitals, without what people write between the figures of an identifier."""
    return _FILLING.sub("", text).upper()


def kind_of(country: str) -> str:
    """The name of the usual identifier of a country, for the label of a field: NIF, RFC, RUT."""
    kinds = _KINDS.get(country)
    return _USUAL.get(country) or (kinds[0][0] if kinds else "VAT")


def shown(country: str, value: str) -> str:
    """A stored identifier as people of its country write it: `12.345.678-5` in Chile."""
    for _kind, module in _candidates(country):
        write = getattr(module, "format", None)
        if write is not None and _valid(module, value) is not None:
            return str(write(value))
    return value


def _european(bare: str) -> TaxId | None:
    """A European VAT number with its prefix, whatever the country of the record."""
    prefix = "GR" if bare[:2] == "EL" else bare[:2]
    module = _vat(prefix) if prefix.isalpha() and len(prefix) == 2 else None
    if module is None or _valid(module, bare[2:]) is None:
        return None
    return TaxId(bare, "VAT", True, prefix)


def _valid(module: ModuleType, text: str) -> str | None:
    """The compact form where the check digits are right; None otherwise."""
    try:
        value = str(module.validate(text))
    except (ValidationError, ValueError, IndexError, KeyError):
        return None
    if module.__name__ == "stdnum.mx.rfc" and not _has_rfc_digit(module, value):
        return None
    return value


def _has_rfc_digit(module: ModuleType, value: str) -> bool:
    """An RFC of 12 or 13 characters has a check digit; the generic ones of the SAT have none."""
    if value in {"XAXX010101000", "XEXX010101000"} or len(value) < 12:
        return True
    return bool(module.is_valid(value, validate_check_digits=True))


@cache
def _candidates(country: str) -> tuple[tuple[str, ModuleType], ...]:
    kinds = _KINDS.get(country)
    if kinds is not None:
        return tuple((kind, import_module(f"stdnum.{name}")) for kind, name in kinds)
    module = _vat(country)
    return (("VAT", module),) if module else ()


@cache
def _vat(country: str) -> ModuleType | None:
    try:
        module = get_cc_module(country.lower(), "vat")
    except (ImportError, ValueError):
        return None
    return cast("ModuleType | None", module)
