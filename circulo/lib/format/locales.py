"""One user's way of writing: a region, a language and a time zone together."""

import re
import zoneinfo
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from datetime import time as day_time
from functools import lru_cache

import babel
from babel.dates import get_timezone_location

from circulo.lib.format import dates
from circulo.lib.format.dates import Dates, Style
from circulo.lib.format.numbers import Numbers, Numeric

DEFAULT_REGION = "es-ES"
REGIONS = (
    "es-ES", "es-MX", "es-AR", "es-CL", "es-CO", "es-PE", "es-UY", "es-EC", "es-BO", "es-CR",
    "es-DO", "es-GT", "es-HN", "es-NI", "es-PA", "es-PY", "es-SV", "es-VE", "es-US", "en-US",
    "en-GB", "en-IE", "en-CA", "en-AU", "pt-PT", "pt-BR", "ca-ES", "gl-ES", "eu-ES", "fr-FR",
    "de-DE", "it-IT",
)  # fmt: skip
_MONDAY = 0
_SOUNDS_LIKE_I = re.compile(r"h?[iíì](?![aeo])", re.IGNORECASE)


class Locale:
    """How one user reads and writes numbers, money, days and moments. Made by `get`, never anew."""

    def __init__(self, tag: str, language: str, zone: tzinfo) -> None:
        self.tag = tag
        self.language = language
        self.zone = zone
        region = _parse(tag)
        words = region if region.language == language else _parse(_WORDS.get(language, language))
        self.country = region.territory or "ES"
        self.first_weekday = _MONDAY if region.language == "es" else region.first_week_day
        self.numbers = Numbers(region)
        self.dates = Dates(region, words, zone)
        self._words = words
        self._lists = words.list_patterns["standard"]

    def number(self, value: Numeric | None, decimals: int | None = None) -> str:
        """A number, thousands grouped; nothing for None."""
        return "" if value is None else self.numbers.number(value, decimals)

    def typed_number(self, value: Numeric | None) -> str:
        """A number for a field of a form: `1234,5`. `parse_number` always reads it back."""
        return "" if value is None else self.numbers.typed(value)

    def percent(self, ratio: Numeric | None, decimals: int | None = None) -> str:
        """A ratio as a percentage: `12,5 %` for 0.125; nothing for None."""
        return "" if ratio is None else self.numbers.percent(ratio, decimals)

    def money(self, amount: Numeric | None, currency: str, decimals: int | None = None) -> str:
        """An amount in its currency: `1.234,50 €`; nothing for None."""
        return "" if amount is None else self.numbers.money(amount, currency, decimals)

    def day(self, value: date | None, style: Style = "short") -> str:
        """A day; of a moment the day that it is in the zone of the user; nothing for None."""
        if isinstance(value, datetime):
            value = value.astimezone(self.zone)
        return "" if value is None else self.dates.day(value, style)

    def days(self, first: date, last: date) -> str:
        """From one day to another: `23–29 nov 2026`."""
        return self.dates.days(first, last)

    def day_month(self, value: date | None) -> str:
        """A day without its year: `5 mar`; nothing for None."""
        return "" if value is None else self.dates.day_month(value)

    def month(self, value: date | None) -> str:
        """A month with its year: `marzo de 2026`; nothing for None."""
        return "" if value is None else self.dates.month(value)

    def weekday(self, value: date | None) -> str:
        """The name of the day of the week; nothing for None."""
        return "" if value is None else self.dates.weekday(value)

    def city_of(self, zone: str) -> str:
        """The city that a time zone is told by; `UTC` for the clock of the world."""
        return get_timezone_location(zone, locale=self._words, return_city=True)

    def near_day(self, value: date | None) -> str:
        """Yesterday, today and tomorrow by name, else `5 mar 2026`; nothing for None."""
        return "" if value is None else self.dates.near_day(value, self.today())

    def time(self, value: datetime | None) -> str:
        """The time of day of a moment: `18:05`; nothing for None."""
        return "" if value is None else self.dates.time(value)

    def clock(self, value: day_time | None) -> str:
        """A time of day that belongs to no day: `18:05`; nothing for None."""
        return "" if value is None else self.dates.clock(value)

    def moment(self, value: datetime | None, style: Style = "short") -> str:
        """Day and time of a moment in the zone of the user; nothing for None."""
        return "" if value is None else self.dates.moment(value, style)

    def ago(self, value: datetime | None, now: datetime | None = None) -> str:
        """`hace 5 minutos`, `ayer, 18:05`, `dentro de 3 días`, `5 mar 2026`; nothing for None."""
        return "" if value is None else self.dates.ago(value, now or datetime.now(self.zone))

    def today(self) -> date:
        """The day it is where the user is."""
        return dates.today(self.zone)

    def week_of(self, value: date) -> tuple[date, date]:
        """The first and the last day of the week around a day, as the region counts weeks."""
        return dates.week_of(value, self.first_weekday)

    def joined(self, texts: Iterable[str]) -> str:
        """A list in words: `Ana, Blas y Carla`; `Ana e Inés`."""
        *first, last = list(texts) or [""]
        if not first:
            return last
        glue = self._lists["2" if len(first) == 1 else "end"][3:-3]
        if self.language == "es" and _SOUNDS_LIKE_I.match(last):
            glue = " e "
        return f"{', '.join(first)}{glue}{last}"


_WORDS = {"en": "en-001", "es": "es-ES"}


@lru_cache(maxsize=512)
def get(region: str = DEFAULT_REGION, language: str = "", zone: str = "Europe/Madrid") -> Locale:
    """The locale of a region such as `es-CL`, with words of a language, in a time zone."""
    known = _parse(region)
    return Locale(region, language or known.language, _zone(zone))


def _zone(name: str) -> tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")


@lru_cache(maxsize=128)
def _parse(tag: str) -> babel.Locale:
    """The data of a region, of its language where the region is unknown, of Spain at last."""
    for attempt in (tag, tag.split("-")[0]):
        try:
            return babel.Locale.parse(attempt, sep="-")
        except (ValueError, babel.UnknownLocaleError):
            continue
    return babel.Locale.parse(DEFAULT_REGION, sep="-")
