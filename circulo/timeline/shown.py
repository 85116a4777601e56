"""How interactions read on a timeline: what happened in words, day by day, as HTML.

A page shows dozens, so they are put together here and not by a template each: it costs a tenth.
Every text of a person goes through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from circulo.accounts.mentions import mark
from circulo.lib import format as fmt
from circulo.timeline.hearing import Mentioned, mentioned_in
from circulo.timeline.kinds import LOOKS, Kind
from circulo.web.components.marks import icon

Row = dict[str, Any]
SHORT = 420
TITLES = {
    (Kind.CALL, "in"): gettext_lazy("Call received"),
    (Kind.CALL, "out"): gettext_lazy("Call made"),
    (Kind.EMAIL, "in"): gettext_lazy("E-mail received"),
    (Kind.EMAIL, "out"): gettext_lazy("E-mail sent"),
    (Kind.LETTER, "in"): gettext_lazy("Letter received"),
    (Kind.LETTER, "out"): gettext_lazy("Letter sent"),
    (Kind.FAX, "in"): gettext_lazy("Fax received"),
    (Kind.FAX, "out"): gettext_lazy("Fax sent"),
    (Kind.SOCIAL, "in"): gettext_lazy("Social message received"),
    (Kind.SOCIAL, "out"): gettext_lazy("Social message sent"),
    (Kind.FORM, "in"): gettext_lazy("Form received"),
    (Kind.FORM, "out"): gettext_lazy("Form sent"),
}
ICONS = {(Kind.CALL, "in"): "phone-incoming", (Kind.CALL, "out"): "phone-outgoing"}
OUTCOMES = {
    "reached": gettext_lazy("spoken to"),
    "no_answer": gettext_lazy("no answer"),
    "message": gettext_lazy("left a message"),
    "call_back": gettext_lazy("will call back"),
    "wrong_number": gettext_lazy("wrong number"),
}
STATES = {"draft": gettext_lazy("draft"), "sent": gettext_lazy("by post")}
_PRINTED = re.compile(r"[0-9a-z]{10}")
_ITEM = (
    '<li{tone} id="i-{id}"><span class="what">{icon}</span><div class="said">'
    '<div><span class="who">{title}</span>{details}</div>{body}{files}</div>'
    '<time datetime="{iso}" title="{full}">{clock}</time></li>'
)
_LONG = (
    '<details class="long"><summary><p>{start}… <span class="link">{more}</span></p></summary>'
    "<p>{rest}</p></details>"
)


def days(rows: Sequence[Row], *, fresh: str = "") -> SafeString:
    """The rows, newest first, under a heading for each day; `fresh` is the id of a new arrival."""
    locale = fmt.current()
    for row in rows:
        if isinstance(row["occurred_at"], str):
            row["occurred_at"] = datetime.fromisoformat(row["occurred_at"])
    by_day = groupby(rows, key=lambda row: row["occurred_at"].astimezone(locale.zone).date())
    return mark_safe(
        "".join(
            f'<h3 class="day">{_capital(day_heading(day, locale))}</h3><ol class="timeline">'
            f"{''.join(_item(row, locale, fresh) for row in of_day)}</ol>"
            for day, of_day in by_day
        )
    )


def day_heading(day: date, locale: fmt.Locale) -> str:
    """Today and yesterday by name, the days of this year with their weekday, others whole."""
    today = locale.today()
    if abs((today - day).days) <= 1:
        return locale.near_day(day)
    shown = locale.day_month(day) if day.year == today.year else locale.day(day, "medium")
    return f"{locale.weekday(day)}, {shown}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def title(row: Row) -> str:
    """What happened, in two or three words."""
    kind = Kind(row["kind"])
    return str(TITLES.get((kind, row["direction"])) or LOOKS[kind].label)


def _item(row: Row, locale: fmt.Locale, fresh: str) -> str:
    kind, when = Kind(row["kind"]), row["occurred_at"]
    mark = ICONS.get((kind, row["direction"]), LOOKS[kind].icon)
    return _ITEM.format(
        tone=_tone(row, fresh),
        id=row["id"],
        icon=icon(mark, 15),
        title=title(row),
        details=_details(row),
        body=_body(row["body"], mentioned_in(row["data"])),
        files=_files(row.get("files", ())) + _printed(row),
        iso=when.isoformat(),
        full=locale.moment(when, "long"),
        clock=locale.time(when),
    )


def _tone(row: Row, fresh: str) -> str:
    names = ["in"] * (row["direction"] == "in")
    names += ["alarm"] * (row["kind"] == Kind.COMPLAINT)
    names += ["new"] * (row["id"] == fresh)
    return f' class="{" ".join(names)}"' if names else ""


def _details(row: Row) -> str:
    """What follows the title: subject, minutes, how it ended, who recorded it, for whom."""
    data = row["data"] if isinstance(row["data"], dict) else {}
    parts = [f"<strong>{escape(row['subject'])}</strong>"] if row["subject"] else []
    minutes = data.get("minutes")
    if isinstance(minutes, int):
        parts.append(escape(ngettext("%d minute", "%d minutes", minutes) % minutes))
    if outcome := OUTCOMES.get(str(data.get("outcome"))):
        parts.append(escape(outcome))
    if row["kind"] == Kind.LETTER and (state := STATES.get(str(data.get("state")))):
        parts.append(escape(state))
    if data.get("from") and data.get("to") and row["kind"] == Kind.DEAL_MOVED:
        parts.append(f"{escape(data['from'])} → {escape(data['to'])}")
    if row["by"]:
        parts.append(f'<span class="by">{escape(row["by"]["name"])}</span>')
    if row["is_private"]:
        parts.append(f'<span class="chip spark">{icon("lock", 12)}{escape(_("Only you"))}</span>')
    return "".join(f'<span class="dot-before"> · </span>{part}' for part in parts)


def _body(text: str, mentioned: Sequence[Mentioned] = ()) -> str:
    if not text:
        return ""
    written = [one["written"] for one in mentioned]
    if len(text) <= SHORT:
        return f"<p>{mark(text, written)}</p>"
    cut = text.rfind(" ", SHORT - 120, SHORT)
    cut = cut if cut > 0 else SHORT
    return _LONG.format(
        start=mark(text[:cut], written),
        rest=mark(text[cut:].lstrip(), written),
        more=escape(_("read on")),
    )


def _printed(row: Row) -> str:
    """The document that was printed for a letter; it is kept with the party."""
    file = row["data"].get("document") if isinstance(row["data"], dict) else None
    if not isinstance(file, dict) or not _PRINTED.fullmatch(str(file.get("id"))):
        return ""
    link = f'<a class="chip line" href="/files/{file["id"]}/about">{icon("file-text", 12)}'
    return f'<div class="chips">{link}PDF</a></div>'


def _files(files: Iterable[Any]) -> str:
    links = "".join(
        f'<a class="chip line" href="{file.url}">{icon(file.mark, 12)}{escape(file.name)}</a>'
        for file in files
    )
    return f'<div class="chips">{links}</div>' if links else ""
