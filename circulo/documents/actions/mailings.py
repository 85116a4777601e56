"""Letters and labels for many: merged in slices, printed as one PDF, told to every timeline.

Nothing is told before all is printed, so that a mailing that was stopped left no trace.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.documents import notices, paper
from circulo.documents.drafting import merged
from circulo.documents.merging import Recipient, recipients
from circulo.documents.models import Mailing, Template
from circulo.documents.press import SECONDS_OF_MANY, print_pdf
from circulo.lib.errors import RuleBroken
from circulo.lib.later import later
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind

MOST_AT_ONCE = 1_000
_SLICE = 50


def start_mailing(
    what: str, keys: Sequence[int], template: Template | None, *, by: User
) -> Mailing:
    """Begin to print for many; the rest is done by a job."""
    if len(keys) > MOST_AT_ONCE:
        raise RuleBroken(_("At most 1,000 at once: narrow the list and print it in parts."))
    if not keys:
        raise RuleBroken(_("No record was selected. Tick some rows of the list first."))
    if what == Mailing.What.LETTERS and template is None:
        raise RuleBroken(_("Choose the template of the letters."))
    with transaction.atomic():
        mailing = Mailing.objects.create(what=what, template=template, keys=list(keys), by=by)
        later("documents.run_mailing", mailing=mailing.pk)
    return mailing


def run_mailing(mailing: Mailing) -> Mailing:
    """Merge for everybody, then print and tell; stops where it was cancelled meanwhile."""
    sheets, skipped = list[dict[str, Any]](), list[dict[str, str]]()
    lacking = list[dict[str, Any]]()
    for start in range(0, mailing.total, _SLICE):
        if not Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.RUNNING).exists():
            return mailing
        for to in _people(mailing, mailing.keys[start : start + _SLICE]):
            sheet = _sheet(mailing, to)
            if isinstance(sheet, str):
                skipped.append({"name": to.name, "why": sheet})
            else:
                sheets.append(sheet)
                if sheet.get("missing"):
                    lacking.append({"name": to.name, "fields": sheet["missing"]})
        Mailing.objects.filter(pk=mailing.pk).update(
            done=min(start + _SLICE, mailing.total), skipped=skipped
        )
    if not sheets:
        raise RuleBroken(_("Nobody of these can be written to: no postal address is known."))
    if lacking and not mailing.is_sure:
        return _ask(mailing, lacking)
    return _finish(mailing, sheets, _print(mailing, sheets))


@transaction.atomic
def confirm_mailing(mailing: Mailing, *, by: User) -> Mailing:
    """Print all the same, though some values are missing."""
    asking = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.ASKING)
    if not asking.update(state=Mailing.State.RUNNING, is_sure=True, done=0):
        raise RuleBroken(_("This was answered already."))
    later("documents.run_mailing", mailing=mailing.pk)
    mailing.refresh_from_db()
    return mailing


def cancel_mailing(mailing: Mailing, *, by: User) -> Mailing:
    """Stop a mailing; nothing was told to anybody's timeline."""
    unfinished = (Mailing.State.RUNNING, Mailing.State.ASKING)
    stopped = Mailing.objects.filter(pk=mailing.pk, state__in=unfinished)
    if not stopped.update(state=Mailing.State.CANCELLED, finished_at=timezone.now()):
        raise RuleBroken(_("This has come to its end already."))
    mailing.refresh_from_db()
    return mailing


@transaction.atomic
def fail_mailing(mailing: Mailing, why: str) -> None:
    """Note why a mailing came to nothing, and tell whoever asked for it."""
    failed = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.RUNNING).update(
        state=Mailing.State.FAILED, error=why, finished_at=timezone.now()
    )
    if failed:
        _tell_of_end(Mailing.objects.get(pk=mailing.pk))


def place_of(mailing: Mailing) -> Path:
    """Where the PDF of a mailing lies."""
    return Path(settings.HOME) / "media" / mailing.path


def _people(mailing: Mailing, keys: Sequence[int]) -> list[Recipient]:
    template = mailing.template
    languages = [text.language for text in template.texts.all()] if template else []
    return recipients(mailing.by, keys, languages)


def _sheet(mailing: Mailing, to: Recipient) -> dict[str, Any] | str:
    """What is printed for one of them, or why nothing is."""
    template = mailing.template
    if not to.window and (template is None or template.kind == Template.Kind.LETTER):
        return _("no postal address is known")
    if mailing.what == Mailing.What.LABELS or template is None:
        return {"key": to.key} | _label(template, to, mailing.by)
    text = merged(template, to, mailing.by)
    sheet = paper.letter_of(to, text.subject, text.body)
    return sheet | {"key": to.key, "text": text.body, "missing": text.missing}


def _label(template: Template | None, to: Recipient, by: User) -> dict[str, Any]:
    """The lines of a label: the address, or what its template says, and what that lacks."""
    if template is None:
        return {"window": to.window}
    text = merged(template, to, by, is_marked=False)
    return {"window": text.body.splitlines(), "missing": text.missing}


def _is_document(template: Template | None) -> bool:
    return template is not None and template.kind == Template.Kind.DOCUMENT


def _ask(mailing: Mailing, lacking: list[dict[str, Any]]) -> Mailing:
    """Say whose letters have gaps, and wait for an answer before anything is printed."""
    Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.RUNNING).update(
        state=Mailing.State.ASKING, lacking=lacking
    )
    mailing.refresh_from_db()
    if mailing.state == Mailing.State.ASKING:
        _tell_of_end(mailing)
    return mailing


def _print(mailing: Mailing, sheets: list[dict[str, Any]]) -> bytes:
    language = mailing.by.language[:2]
    if mailing.what == Mailing.What.LABELS or mailing.template is None:
        data, _files = paper.frame(_("Labels"), language)
        labels = {"labels": [one["window"] for one in sheets], "skip": 0}
        return print_pdf("labels", data | labels, seconds=SECONDS_OF_MANY)
    said = paper.letters(sheets, mailing.template.name, language, mailing.template.layout)
    return print_pdf("letter", *said, seconds=SECONDS_OF_MANY)


def _finish(mailing: Mailing, sheets: list[dict[str, Any]], pdf: bytes) -> Mailing:
    mailing.path = f"files/{secrets.token_hex(1)}/{secrets.token_hex(20)}"
    place = place_of(mailing)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.write_bytes(pdf)
    with transaction.atomic():
        kept = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
        if not kept.is_running:
            place.unlink()
            return kept
        if kept.what == Mailing.What.LETTERS:
            _tell(mailing, sheets)
        kept.path, kept.state, kept.finished_at = mailing.path, Mailing.State.DONE, timezone.now()
        kept.save(update_fields=["path", "state", "finished_at"])
        _tell_of_end(kept)
    return kept


def _tell_of_end(mailing: Mailing) -> None:
    """Tell whoever asked for it that it goes no further by itself."""
    key = f"mailing:{mailing.pk}:{mailing.state}"
    notify(
        [Notice(notices.PRINTED, mailing.by_id, {"state": mailing.state}, None,
                mailing.get_absolute_url(), key)],
        by=None,
    )  # fmt: skip


def _tell(mailing: Mailing, sheets: list[dict[str, Any]]) -> None:
    parties = Party.objects.in_bulk([one["key"] for one in sheets])
    with translation.override(mailing.by.language):
        told = [
            (
                Kind.DOCUMENT if _is_document(mailing.template) else Kind.LETTER,
                parties[one["key"]],
                Telling(
                    subject=one["subject"],
                    body=one["text"],
                    direction="out",
                    data={"state": "sent", "mailing": mailing.public_id},
                    source_key=f"mailing:{mailing.pk}:{one['key']}",
                ),
            )
            for one in sheets
            if one["key"] in parties
        ]
    timeline.record_all(told, by=mailing.by)
