"""How a letter begins: by language and form of address, and never by a guessed gender."""

from __future__ import annotations

from typing import Any

from circulo.lib.names import plain

_HE = frozenset({"d", "don", "sr", "lic", "ing", "arq", "dr", "prof"})
_SHE = frozenset({"da", "dna", "dona", "sra", "srta", "licda", "inga", "arqa", "dra", "profa"})
_ENGLISH = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev"})


def salutation(party: dict[str, Any], language: str) -> str:
    """“Estimada Dra. Gil”, “Estimado/a Ana Gil”, “Hola, Ana”, “Dear Ana Gil”, without its colon."""
    return _english(party) if language == "en" else _spanish(party)


def _spanish(party: dict[str, Any]) -> str:
    if party["kind"] != "person":
        return f"Estimado equipo de {party['name']}"
    if party.get("form_of_address") == "familiar":
        return f"Hola, {_called(party)}"
    title = party.get("title") or ""
    word = _word(title)
    surname = party.get("first_surname") or ""
    if word not in _HE | _SHE or not surname:
        return f"Estimado/a {_whole(party)}"
    begin = "Estimado" if word in _HE else "Estimada"
    name = party["given_name"] if word in ("d", "don", "da", "dna", "dona") else surname
    return f"{begin} {title} {name or surname}"


def _english(party: dict[str, Any]) -> str:
    if party["kind"] != "person":
        return f"Dear team at {party['name']}"
    if party.get("form_of_address") == "familiar":
        return f"Hello {_called(party)}"
    title, surname = party.get("title") or "", party.get("first_surname") or ""
    if _word(title) in _ENGLISH and surname:
        return f"Dear {title} {surname}"
    return f"Dear {_whole(party)}"


def _word(title: str) -> str:
    """The title as it is compared: `Dña.` is `dna`, `D.ª` is `da`."""
    return plain(title.replace("ª", "a")).replace(".", "").strip()


def _called(party: dict[str, Any]) -> str:
    return str(party.get("preferred_name") or party.get("given_name") or party["name"])


def _whole(party: dict[str, Any]) -> str:
    names = (party.get("given_name"), party.get("first_surname"))
    return " ".join(filter(None, names)) or party["name"]
