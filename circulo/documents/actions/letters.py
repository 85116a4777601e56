"""Writing letters: printed, kept as a file of the party, told to the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.documents import paper
from circulo.documents.merging import recipients
from circulo.documents.models import Letter, Template
from circulo.documents.press import print_pdf
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.lib.text import clean, slug
from circulo.parties.models import Party
from circulo.records.actions import add_version, attach
from circulo.records.models import Attachment
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind

MOST_SUBJECT, MOST_BODY = 300, 100_000


@dataclass(frozen=True)
class Writing:
    """What a letter says, merged already and perhaps edited since."""

    body: str
    subject: str = ""
    language: str = "es"
    layout: str = Template.Layout.LETTER
    template: Template | None = None


def write_letter(party: Party, said: Writing, *, by: User, is_posted: bool = False) -> Letter:
    """Write a letter: its PDF is kept with the party, and the timeline knows of it."""
    said = _checked(said)
    sheet = _print(party, said, by)
    with transaction.atomic():
        letter = Letter(party=party, template=said.template, by=by)
        return _keep(letter, said, sheet, by, is_posted)


def rewrite_letter(letter: Letter, said: Writing, *, by: User, is_posted: bool = False) -> Letter:
    """Change the text of a draft; its PDF gets another version."""
    said = _checked(said)
    sheet = _print(letter.party, said, by)
    with transaction.atomic():
        return _keep(_draft(letter), said, sheet, by, is_posted)


@transaction.atomic
def post_letter(letter: Letter, *, by: User, at: datetime | None = None) -> Letter:
    """Say that a letter went out by post; what was never printed, or is gone, did not."""
    kept = _draft(letter)
    if kept.file is None or not kept.file.file.is_file():
        raise RuleBroken(_("The PDF of this letter is not there any more: print it first."))
    kept.state, kept.sent_at = Letter.State.SENT, at or timezone.now()
    kept.save(update_fields=["state", "sent_at"])
    _tell(kept, by)
    return kept


def _checked(said: Writing) -> Writing:
    refused: dict[str, Text] = {}
    texts = {}
    for name, limit in (("subject", MOST_SUBJECT), ("body", MOST_BODY)):
        try:
            texts[name] = clean(getattr(said, name), limit=limit, lines=name == "body")
        except Invalid as invalid:
            refused[name] = invalid.fields[""]
    if not texts.get("body") and "body" not in refused:
        refused["body"] = _("Write the letter first.")
    if refused:
        raise Invalid(refused)
    return Writing(texts["body"], texts["subject"], said.language, said.layout, said.template)


def _print(party: Party, said: Writing, by: User) -> bytes:
    """The PDF, outside of any transaction: it takes its time."""
    found = recipients(by, [party.pk], [], language=said.language)
    if not found:
        raise RuleBroken(_("You may not see this record any more."))
    sheet = paper.letter_of(found[0], said.subject, said.body)
    return print_pdf("letter", *paper.letters([sheet], said.subject, said.language, said.layout))


def _draft(letter: Letter) -> Letter:
    kept = Letter.objects.select_for_update(of=("self",)).select_related("party", "file")
    found = kept.get(pk=letter.pk)
    if found.is_sent:
        raise RuleBroken(_("This letter was posted already: write another one."))
    return found


def _keep(letter: Letter, said: Writing, sheet: bytes, by: User, is_posted: bool) -> Letter:
    letter.subject, letter.body = said.subject, said.body
    letter.language, letter.layout = said.language, said.layout
    letter.written_on = timezone.localdate()
    letter.file = _kept_file(letter, sheet, by)
    if is_posted:
        letter.state, letter.sent_at = Letter.State.SENT, timezone.now()
    letter.save()
    _tell(letter, by)
    return letter


def _kept_file(letter: Letter, sheet: bytes, by: User) -> Attachment:
    """A draft that is written anew makes another version of the file it has."""
    name = (
        slug(letter.subject, 40) or "carta" if letter.language == "es" else slug(letter.subject, 40)
    )
    upload = ContentFile(sheet, name=f"{letter.written_on:%Y-%m-%d}-{name or 'letter'}.pdf")
    if letter.file is not None:
        return add_version(letter.file, upload, by=by)  # type: ignore[arg-type]  # it has chunks, a name and a size
    return attach("party", letter.party.pk, [upload], by=by)[0]  # type: ignore[list-item]


def _tell(letter: Letter, by: User) -> None:
    file = letter.file
    told = Telling(
        subject=letter.subject,
        body=letter.body[: timeline.MOST_BODY],
        direction="out" if letter.is_sent else "",
        about=letter,
        data={
            "state": letter.state,
            "letter": letter.public_id,
            "document": {"id": file.public_id, "name": file.name} if file else None,
        },
        source_key=f"letter:{letter.pk}:{letter.state}",
    )
    timeline.record(_kind_of(letter), party=letter.party, by=by, telling=told)


def _kind_of(letter: Letter) -> Kind:
    """A letter, or what was made from the template of a document."""
    made_of = letter.template.kind if letter.template else ""
    return Kind.DOCUMENT if made_of == Template.Kind.DOCUMENT else Kind.LETTER
