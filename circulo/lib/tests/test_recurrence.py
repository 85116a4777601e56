"""What is reckoned of a rule is what the library counts, whatever plain rule it is."""

from datetime import datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib.recurrence import Series

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)).map(
    lambda when: when.replace(microsecond=0)
)


@st.composite
def rules(draw):
    """Plain rules, and some that have more to them."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 15))}")
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=4))
    if days and frequency == "WEEKLY":
        parts.append(f"BYDAY={','.join(days)}")
    elif days and frequency == "MONTHLY" and draw(st.booleans()):
        parts.append(f"BYDAY=2{days[0]}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    if draw(st.booleans()):
        parts.append(f"UNTIL={draw(MOMENTS):%Y%m%dT%H%M%S}")
    return ";".join(parts)


@given(rules(), MOMENTS, MOMENTS, st.integers(1, 500))
def test_plain_rules_are_reckoned_as_they_are_counted(rule, start, first, days):
    last = first + timedelta(days=days)
    counted = rrulestr(rule, dtstart=start).between(first - timedelta(seconds=1), last)
    expected = {when for when in counted if first <= when < last}
    if first <= start < last:
        expected.add(start)
    assert list(Series(start, rule).between(first, last)) == sorted(expected)


@given(rules(), MOMENTS, MOMENTS)
def test_what_comes_next_is_what_the_library_says(rule, start, moment):
    following = (when for when in rrulestr(rule, dtstart=start) if when > moment)
    upcoming = [*islice(following, 1), *([start] if start > moment else [])]
    assert Series(start, rule).after(moment) == min(upcoming, default=None)
