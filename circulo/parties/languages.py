"""The languages that a contact or a company may be written to in, as they are called."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import pgettext

LANGUAGES: dict[str, Callable[[], str]] = {
    "es": lambda: pgettext("language", "Spanish"),
    "en": lambda: pgettext("language", "English"),
    "ca": lambda: pgettext("language", "Catalan"),
    "gl": lambda: pgettext("language", "Galician"),
    "eu": lambda: pgettext("language", "Basque"),
    "pt": lambda: pgettext("language", "Portuguese"),
    "fr": lambda: pgettext("language", "French"),
    "de": lambda: pgettext("language", "German"),
    "it": lambda: pgettext("language", "Italian"),
}


def language_called(code: str) -> str:
    """What a language is called; its code where it is none of these."""
    name = LANGUAGES.get(code[:2])
    return name() if name else code
