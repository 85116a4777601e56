"""One condition of the criteria language on its way to SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.clock import time_of
from circulo.lib.errors import Invalid
from circulo.lib.names import plain, sort_key
from circulo.lib.text import clean
from circulo.records.changed import has_changed
from circulo.records.periods import PERIODS, days_of, moments_of
from circulo.records.resources import Field, Type
from circulo.records.slotted import AnyRow

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_VALUES = 1000
MOST_LETTERS = 1000
MOST_TOLD = 20


class BadCriteria(ValueError):
    """A criterion that cannot be understood; `place` is a path such as `all[1].not.op`."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place or '$'}: {why}")
        self.place = place or "$"
        self.why = why


RELATIVE = ("within_days", "before_days", "next_days", "during")
CHANGED, BETWEEN = "changed", "between"
OPERATORS: dict[Type, tuple[str, ...]] = {
    Type.TEXT: ("is", "in", "contains", "starts", "empty"),
    Type.NUMBER: ("is", "in", "gt", "gte", "lt", "lte", "between", "empty"),
    Type.DATE: ("is", "gt", "gte", "lt", "lte", "between", "empty", *RELATIVE),
    Type.MOMENT: ("gt", "gte", "lt", "lte", "between", "empty", *RELATIVE),
    Type.TIME: ("is", "in", "gt", "gte", "lt", "lte", "between", "empty"),
    Type.YES_NO: ("is", "empty"),
    Type.CHOICE: ("is", "in", "empty"),
    Type.LIST: ("is", "in", "contains", "empty"),
    Type.LINK: ("is", "in", "empty"),
}


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators that a field knows: one that leads into a tree is asked `within` too, a code
    whether it lies `between` two, and one of which changes are kept whether it `changed`.
    """
    more = (("within", field.below), (BETWEEN, field.is_code), (CHANGED, field.kept))
    return (*OPERATORS[field.type], *(op for op, is_known in more if is_known))


@dataclass
class Condition:
    """One condition on its way to SQL."""

    field: Field
    op: str
    value: Any
    days: Any
    place: str
    user: User

    def compile(self) -> Q:
        if self.field.related is not None:
            return self.of_rows(self.field.related)
        if self.op == CHANGED:
            return self.change()
        if self.days is not None:
            raise self.fault("within_days", _("This field has no dated rows."))
        return self.emptiness() if self.op == "empty" else self.comparison(self.field.column)

    def of_rows(self, related: Callable[[User], QuerySet[Any]]) -> Q:
        """That any of these related rows fulfils it."""

        def any_row(inner: Q) -> Q:
            return Q(AnyRow(f"{self.field.name} {self.op}", rows, inner))

        def rows() -> QuerySet[Any]:
            mine = {self.field.back: OuterRef(self.field.outer)}
            return related(self.user).filter(**mine)

        if self.op == CHANGED:
            return any_row(self.change())
        recent = Q() if self.days is None else self.within_the_days()
        if self.op == "empty" and self.field.outer != "pk":
            return any_row(recent & self.emptiness())
        if self.op == "empty":
            return ~any_row(recent) if self.yes() else any_row(recent)
        return self.narrowed() & any_row(recent & self.comparison(self.field.column))

    def fault(self, key: str, why: str) -> BadCriteria:
        return BadCriteria(step(self.place, key), why)

    def within_the_days(self) -> Q:
        if not self.field.when:
            raise self.fault("within_days", _("This field has no dated rows."))
        days = self.whole(self.days, "within_days")
        return Q(**{f"{self.field.when}__gte": timezone.now() - timedelta(days=days)})

    def change(self) -> Q:
        """That it changed, ever or in the last days."""
        if self.value is not None:
            raise self.fault("value", _("“changed” takes no value; within_days says since when."))
        assert self.field.kept, "the criteria language offers it to no other field"
        if self.days is None:
            return has_changed(self.field.kept, None)
        days = timedelta(days=self.whole(self.days, "within_days"))
        return has_changed(self.field.kept, timezone.now() - days)

    def yes(self) -> bool:
        if self.value not in (None, True, False):
            raise self.fault("value", _("This must be true or false."))
        return self.value is not False

    def emptiness(self) -> Q:
        column = self.field.column
        empty = Q(**{f"{column}__isnull": True})
        if self.field.type in (Type.TEXT, Type.CHOICE):
            empty = Q(**{column: ""}) | empty
        elif self.field.type is Type.LIST:
            empty = Q(**{column: []})
        return empty if self.yes() else ~empty

    def test(self, column: str, lookup: str, value: Any) -> Q:
        """A lookup of the column."""
        exact = [*map(_exact, value)] if isinstance(value, list) else _exact(value)
        return Q(**{f"{column}__{lookup}": exact})

    def comparison(self, column: str) -> Q:
        comparisons: dict[str, Callable[[str], Q]] = {
            "in": self.among,
            "within": self.in_or_below,
            BETWEEN: self.between,
            "contains": self.contains,
            "starts": self.starts,
            "within_days": self.within,
            "before_days": self.before,
            "next_days": self.coming,
            "during": self.during,
        }
        if self.op in comparisons:
            return comparisons[self.op](column)
        value = self.one(self.value)
        if self.op != "is":
            return self.test(column, self.op, value)
        if self.field.type is Type.TEXT:
            return self.equality(column, value)
        if self.is_list:
            return self.test(column, "contains", [value])
        return self.test(column, "exact", value)

    @property
    def is_list(self) -> bool:
        return self.field.type is Type.LIST

    def among(self, column: str) -> Q:
        if not isinstance(self.value, list) or len(self.value) > MOST_VALUES:
            raise self.fault("value", _("This must be a list of at most %d values.") % MOST_VALUES)
        values = [self.one(value) for value in self.value]
        if self.field.type is Type.TEXT:
            return self.same_as_one(column, values)
        return self.test(column, "overlap" if self.is_list else "in", values)

    def same_as_one(self, column: str, values: list[str]) -> Q:
        """A text that is one of these, as `is` compares it."""
        if self.field.normal:
            return Q(**{f"{column}__in": [self.field.normal(value) for value in values]})
        hints = Q(*map(self.by_index, values), _connector=Q.OR)
        return hints & Q(In(Upper(F(column)), [Upper(Value(value)) for value in values]))

    def in_or_below(self, column: str) -> Q:
        """One of these records of a tree, or one that lies within one of them."""
        values = self.value if isinstance(self.value, list) else [self.value]
        if len(values) > MOST_VALUES:
            raise self.fault("value", _("This must be a list of at most %d values.") % MOST_VALUES)
        keys = [self.one(value) for value in values]
        return self.test(column, "in", self.field.below(keys) if self.field.below else keys)

    def between(self, column: str) -> Q:
        if not isinstance(self.value, list) or len(self.value) != 2:
            raise self.fault("value", _("This must be a list of two values: from and to."))
        least, most = (self.one(value) for value in self.value)
        return self.test(column, "gte", least) & self.test(column, "lte", most)

    def contains(self, column: str) -> Q:
        value = self.one(self.value)
        if self.is_list:
            return self.test(column, "contains", [value])
        if self.field.part:
            return self.test(column, "contains", self.field.part(value))
        return self.by_index(value) & self.test(column, "unaccent__icontains", value)

    def starts(self, column: str) -> Q:
        value = self.one(self.value)
        if self.field.normal:
            return Q(**{f"{column}__startswith": self.field.normal(value)})
        return self.by_index(value) & self.test(column, "unaccent__istartswith", value)

    def equality(self, column: str, value: str) -> Q:
        if self.field.normal:
            return Q(**{column: self.field.normal(value)})
        same = Q(**{f"{column}__iexact": value})
        if self.field.leads:
            return Q(**{f"{self.field.leads}__startswith": sort_key(value)}) & same
        return self.by_index(value) & same

    def narrowed(self) -> Q:
        """What the record itself must hold for a related row to fulfil a text condition."""
        if not self.field.indexed_by or self.op not in ("is", "contains", "starts"):
            return Q()
        text = self.one(self.value)
        if self.field.part:
            text = self.field.part(text).removeprefix("+")
        return Q(**{f"{self.field.indexed_by}__contains": plain(text)})

    def by_index(self, value: str) -> Q:
        if not self.field.indexed_by or self.field.related:
            return Q()
        return Q(**{f"{self.field.indexed_by}__contains": plain(value)})

    def within(self, column: str) -> Q:
        since = self.days_ago()
        until = timezone.localdate() if self.field.type is Type.DATE else timezone.now()
        return self.test(column, "gte", since) & self.test(column, "lte", until)

    def before(self, column: str) -> Q:
        return self.test(column, "lt", self.days_ago())

    def coming(self, column: str) -> Q:
        """From now to so many days from now."""
        days = timedelta(days=self.whole(self.value, "value"))
        since = timezone.localdate() if self.field.type is Type.DATE else timezone.now()
        return self.test(column, "gte", since) & self.test(column, "lte", since + days)

    def during(self, column: str) -> Q:
        """Within a period of the calendar, such as this month."""
        if not isinstance(self.value, str) or self.value not in PERIODS:
            raise self.fault("value", _("Use one of: %s.") % ", ".join(PERIODS))
        first, last = days_of(self.value)
        since, until = (first, last) if self.field.type is Type.DATE else moments_of(first, last)
        return self.test(column, "gte", since) & self.test(column, "lte", until)

    def days_ago(self) -> date | datetime:
        days = timedelta(days=self.whole(self.value, "value"))
        return (
            timezone.localdate() - days if self.field.type is Type.DATE else timezone.now() - days
        )

    def whole(self, value: Any, key: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 36500:
            raise self.fault(key, _("This must be a whole number of days, at most 36500."))
        return value

    def one(self, value: Any) -> Any:
        """A single value of the field's type."""
        readers: dict[Type, Callable[[Any], Any]] = {
            Type.NUMBER: _number,
            Type.DATE: _day,
            Type.MOMENT: _moment,
            Type.TIME: _time,
            Type.YES_NO: _yes_no,
            Type.LINK: self.link,
            Type.CHOICE: self.choice,
        }
        reader: Callable[[Any], Any] = readers.get(self.field.type, _text)
        read = reader(value)
        if read is None:
            raise self.fault("value", self.wanted())
        return read

    def wanted(self) -> str:
        """What a value of the field's type looks like."""
        if self.field.type is Type.CHOICE:
            known = [*map(str, self.field.choices())] if self.field.choices else []
            told = ", ".join(filter(None, known[:MOST_TOLD]))
            return _("Use one of: %s.") % (f"{told} …" if len(known) > MOST_TOLD else told)
        wanted = {
            Type.NUMBER: _("This must be a number."),
            Type.DATE: _("This is not a date: write it as 1980-02-14."),
            Type.MOMENT: _("This is not a moment: write it as 2026-02-14T09:30:00+01:00."),
            Type.TIME: _("This is not a time of day: write it as 09:30."),
            Type.YES_NO: _("This must be true or false."),
            Type.LINK: _("This must be the id of a record."),
        }
        text = _("This must be a line of text, of at most %d characters.") % MOST_LETTERS
        return wanted.get(self.field.type, text)

    def choice(self, value: Any) -> str | None:
        known = self.field.choices() if self.field.choices else {}
        return value if isinstance(value, str) and value in known else None

    def link(self, value: Any) -> int | None:
        return ids.decode(self.field.link, value) if isinstance(value, str) else None


def _exact(value: Any) -> Any:
    """A number as it is: Django would cut a fraction off to compare it with a whole column."""
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return Value(value, output_field=DecimalField())
    return value


def step(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _text(value: Any) -> str | None:
    """A line of text as it is stored, so that it finds what was entered so."""
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        return None
    if value.isprintable():
        return value
    try:
        return clean(value, limit=MOST_LETTERS)
    except Invalid:
        return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value)[:60])
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def _day(value: Any) -> date | None:
    try:
        return parse_date(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = parse_datetime(value)
        if moment is None and (day := parse_date(value)):
            moment = datetime(day.year, day.month, day.day)
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return moment.astimezone(timezone.get_default_timezone()) if moment else None
    except (ValueError, OverflowError):
        return None


def _time(value: Any) -> str | None:
    """A time of day as it is stored, so that texts compare as times do."""
    clock = time_of(value) if isinstance(value, str) else None
    return f"{clock:%H:%M}" if clock else None


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
