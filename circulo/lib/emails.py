"""E-mail addresses: one form, strictly checked, in time that grows with the length alone."""

import unicodedata
from functools import lru_cache

import idna
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid

_LONGEST = 254
_LONGEST_LOCAL = 64
_IN_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.")
_IN_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def normalise(text: str) -> str:
    """The stored form of an address: lower case, its domain in ASCII; Invalid where it is none.

    Only what every mail server takes: no quotes, no comments, no second address, no display name.
    """
    address = text.strip() if len(text) <= 2 * _LONGEST else text
    if not address or len(address) > _LONGEST:
        raise Invalid({"": _("An e-mail address has 3 to 254 characters.")})
    local, sign, domain = address.rpartition("@")
    if not sign or not _is_local(local.lower()):
        raise Invalid({"": _("“%s” is not an e-mail address.") % address[:60]})
    stored = f"{local.lower()}@{_domain(domain)}"
    if len(stored) > _LONGEST:
        raise Invalid({"": _("An e-mail address has 3 to 254 characters.")})
    return stored


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address."""
    try:
        return bool(normalise(text))
    except Invalid:
        return False


@lru_cache(maxsize=4096)
def shown(stored: str) -> str:
    """An address for people: the letters of its domain, unless these mix alphabets to deceive."""
    local, _sign, domain = stored.rpartition("@")
    if "xn--" not in domain:
        return stored
    try:
        letters = idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return stored
    return f"{local}@{letters}" if _is_one_alphabet(letters) else stored


def domain_of(stored: str) -> str:
    """The part behind the sign."""
    return stored.rpartition("@")[2]


def _is_local(local: str) -> bool:
    return (
        0 < len(local) <= _LONGEST_LOCAL
        and _IN_LOCAL.issuperset(local)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
    )


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    domain = text.lower() if text.isascii() else _to_ascii(text)
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_is_label, labels)) or labels[-1].isdecimal():
        raise Invalid({"": _("“%s” is not the domain of an e-mail address.") % text[:60]})
    return domain


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= 63
        and _IN_LABEL.issuperset(label)
        and label[0] != "-"
        and label[-1] != "-"
    )


def _to_ascii(text: str) -> str:
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _is_one_alphabet(letters: str) -> bool:
    alphabets = {unicodedata.name(sign, "?").split(" ")[0] for sign in letters if sign.isalpha()}
    return len(alphabets) == 1 and alphabets <= {"LATIN"}
