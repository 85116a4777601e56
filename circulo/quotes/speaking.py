"""Speaking to a customer: in the language of the quote, with the signs of the firm's region."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from circulo.accounts.selectors import firm
from circulo.lib import format as fmt
from circulo.lib.format import Locale


def locale_for(language: str) -> Locale:
    """How figures and days are written to whoever reads this language."""
    house = firm()
    return fmt.get(house.region, language, house.time_zone)


@contextmanager
def speaking(language: str) -> Iterator[Locale]:
    """Within the block texts, figures and days are those of a customer of this language."""
    locale = locale_for(language)
    with translation.override(language), fmt.use(locale):
        yield locale


def speak(language: str) -> None:
    """Use this language for the rest of a request of somebody who is not logged in."""
    locale = locale_for(language)
    translation.activate(language)
    timezone.activate(locale.zone)
    fmt.activate(locale)
