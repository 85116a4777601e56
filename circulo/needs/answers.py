"""Answers: read from what a form, a file or a program says, and told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.lib.readers import values
from circulo.lib.text import clean
from circulo.needs.models import Answer, Topic

MOST_LETTERS = 300
SCALE = ("1", "2", "3", "4", "5")
_LARGEST = Decimal(10) ** 14
_BARE = (Answer.YES_NO, Answer.NUMBER, Answer.SCALE, Answer.DATE)
_YES, _NO = ("yes", "true", "si", "1", "y", "s"), ("no", "false", "0", "n")


@dataclass(frozen=True)
class Said:
    """One answer, in the column of its type; the others are empty."""

    text: str = ""
    picked: list[str] = field(default_factory=list)
    amount: Decimal | None = None
    is_so: bool | None = None
    day: date | None = None

    @classmethod
    def of(cls, row: Any) -> Said:
        """The answer that a preference holds."""
        return cls(row.text, list(row.picked), tidy(row.amount), row.is_so, row.day)


def tidy(amount: Decimal | None) -> Decimal | None:
    """A number without the zeros that its column adds."""
    if amount is None:
        return None
    is_whole = amount == amount.to_integral_value()
    return amount.quantize(Decimal(1)) if is_whole else amount.normalize()


def read(topic: Topic, value: Any, *, order: str = "DMY") -> Said:
    """The answer that a value means for this topic; Invalid says what would be one."""
    if value is None or value in ("", []):
        raise Invalid({"": _("Say what the answer is.")})
    return _READERS[Answer(topic.answer)](topic, value, order)


def _chosen(topic: Topic, value: Any, _order: str) -> Said:
    return Said(picked=[_key_of(topic, value)])


def _several(topic: Topic, value: Any, _order: str) -> Said:
    parts = value if isinstance(value, list) else values.words(_text(value))
    if len(parts) > len(topic.choices):
        raise Invalid({"": _not_offered(topic)})
    found = {_key_of(topic, part) for part in parts}
    if not found:
        raise Invalid({"": _("Say what the answer is.")})
    return Said(picked=[one["key"] for one in topic.choices if one["key"] in found])


def _key_of(topic: Topic, value: Any) -> str:
    """The choice that a key, or its words in either language, names."""
    wanted = plain(_text(value)).strip()
    for one in topic.choices:
        if wanted in (one["key"], plain(one["es"]), plain(one["en"])):
            return str(one["key"])
    raise Invalid({"": _not_offered(topic)})


def _not_offered(topic: Topic) -> str:
    return _("Choose one of: %s.") % ", ".join(label for _key, label in topic.offered)


def _scale(topic: Topic, value: Any, _order: str) -> Said:
    step = str(value).strip() if isinstance(value, int | str) else ""
    if step not in SCALE:
        raise Invalid({"": _("This is a number from 1 to 5.")})
    return Said(amount=Decimal(step))


def _number(topic: Topic, value: Any, _order: str) -> Said:
    amount = _decimal(value)
    if amount is None or not amount.is_finite() or abs(amount) >= _LARGEST:
        raise Invalid({"": _("This is not a number that can be kept.")})
    return Said(amount=tidy(amount.quantize(Decimal("0.0001"))))


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str):
        return fmt.parse_number(clean(value, limit=60))
    try:
        return Decimal(str(value)[:60])
    except InvalidOperation:
        return None


def _words(topic: Topic, value: Any, _order: str) -> Said:
    text = clean(_text(value), limit=MOST_LETTERS)
    if not text:
        raise Invalid({"": _("Say what the answer is.")})
    return Said(text=text)


def _yes_no(topic: Topic, value: Any, _order: str) -> Said:
    word = plain(str(value)).strip() if isinstance(value, bool | str) else ""
    if word not in (*_YES, *_NO):
        raise Invalid({"": _("Answer yes or no.")})
    return Said(is_so=word in _YES)


def _day(topic: Topic, value: Any, order: str) -> Said:
    if isinstance(value, date):
        return Said(day=value)
    try:
        read = values.day(clean(_text(value), limit=60), order)
    except values.Refused as refused:
        raise Invalid({"": str(refused)}) from refused
    if read is None or read.year < 1000:
        raise Invalid({"": _("This is not a date: write it as 1980-02-14.")})
    return Said(day=read)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    return value


_READERS: dict[Answer, Callable[[Topic, Any, str], Said]] = {
    Answer.CHOICE: _chosen,
    Answer.SEVERAL: _several,
    Answer.SCALE: _scale,
    Answer.NUMBER: _number,
    Answer.TEXT: _words,
    Answer.YES_NO: _yes_no,
    Answer.DATE: _day,
}


def told(topic: Topic | None, said: Said) -> str:
    """An answer in words, in the language and the region of who reads."""
    if said.picked and topic is not None:
        offered = dict(topic.offered)
        return ", ".join(offered.get(key, key) for key in said.picked)
    if said.amount is not None:
        shown = fmt.number(said.amount)
        is_scale = topic is not None and topic.answer == Answer.SCALE
        return _("%s of 5") % shown if is_scale else shown
    if said.is_so is not None:
        return _("Yes") if said.is_so else _("No")
    return fmt.day(said.day) if said.day else said.text


def headed(topic: Topic | None, words: str) -> str:
    """An answer as it can stand alone: one that says nothing by itself follows its topic."""
    return f"{topic.name}: {words}" if topic and topic.answer in _BARE else words


def valued(topic: Topic | None, said: Said) -> Any:
    """An answer as programs read it: a key, keys, a number, a text, a truth or a day."""
    if topic is None:
        return said.text
    answered = Answer(topic.answer)
    if answered == Answer.CHOICE:
        return said.picked[0] if said.picked else None
    if answered == Answer.SCALE and said.amount is not None:
        return int(said.amount)
    if answered == Answer.NUMBER and said.amount is not None:
        return str(said.amount)
    return {
        Answer.SEVERAL: said.picked,
        Answer.TEXT: said.text,
        Answer.YES_NO: said.is_so,
        Answer.DATE: said.day,
    }.get(answered)


def wording(topic: Topic | None, said: Said) -> str:
    """What search and filters find an answer by: its words in both languages."""
    if topic is None:
        return said.text
    found = []
    for language, name in (("es", topic.short_es), ("en", topic.short_en)):
        with override(language):
            found.append(f"{name}: {_neutral(topic, said)}")
    return " · ".join(dict.fromkeys(found))


def _neutral(topic: Topic, said: Said) -> str:
    """An answer in the language of now, but written alike in every region."""
    if said.amount is not None:
        return str(said.amount)
    return said.day.isoformat() if said.day else told(topic, said)


def marks(topic: Topic | None, said: Said) -> list[str]:
    """What a filter can ask for exactly: `wine=red`, `visits=yes`, `service=4`."""
    if topic is None:
        return []
    if said.is_so is not None:
        return [f"{topic.key}={'yes' if said.is_so else 'no'}"]
    if topic.answer == Answer.SCALE and said.amount is not None:
        return [f"{topic.key}={int(said.amount)}"]
    return [f"{topic.key}={key}" for key in said.picked]


def offered_marks(topic: Topic) -> list[tuple[str, str]]:
    """Every mark that an answer to this topic can have, with its words."""
    if topic.answer == Answer.YES_NO:
        said = [("yes", _("Yes")), ("no", _("No"))]
    elif topic.answer == Answer.SCALE:
        said = [(step, _("%s of 5") % step) for step in SCALE]
    else:
        said = topic.offered
    return [(f"{topic.key}={key}", f"{topic.name}: {label}") for key, label in said]
