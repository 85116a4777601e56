"""Writing templates: checked before they are kept, every version of them kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.documents.merging import known_fields
from circulo.documents.models import (
    LANGUAGES,
    Letterhead,
    Template,
    TemplateText,
    TemplateVersion,
)
from circulo.lib.errors import Invalid, RuleBroken, Text, refuse_stale
from circulo.lib.merge import MOST_LETTERS, MergeFault, check, parse
from circulo.lib.text import clean
from circulo.records.models import SAFE_IMAGES

MOST_SUBJECT, MOST_NAME = 300, 120
MOST_OF_A_LOGO = 300_000
_CHOICES = {
    "kind": Template.Kind.values,
    "layout": Template.Layout.values,
    "sharing": Template.Sharing.values,
}


@dataclass(frozen=True)
class Saying:
    """What a template is to say: `texts` holds subject and body by language."""

    name: str
    kind: str = Template.Kind.LETTER
    layout: str = Template.Layout.LETTER
    sharing: str = Template.Sharing.ALL
    is_active: bool = True
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)


def add_template(said: Saying, *, by: User, is_demo: bool = False) -> Template:
    """Add a template, once its texts can be merged by whoever wrote them."""
    said = _checked(said, by)
    with transaction.atomic():
        template = Template(owner=by, version=0, is_demo=is_demo)
        return _keep(template, said, by)


@transaction.atomic
def edit_template(
    template: Template, said: Saying, *, by: User, expected: int | None = None
) -> Template:
    """Change a template; Stale where somebody saved another version meanwhile."""
    said = _checked(said, by)
    kept = Template.objects.select_for_update().get(pk=template.pk)
    refuse_stale(kept, expected, ["version"])
    return _keep(kept, said, by)


def restore_template(template: Template, number: int, *, by: User) -> Template:
    """Make an older version the newest one again."""
    old = TemplateVersion.objects.filter(template=template, number=number).first()
    if old is None:
        raise RuleBroken(_("There is no such version: choose one of the list."))
    texts = {name: (one[0], one[1]) for name, one in old.said["texts"].items()}
    return edit_template(template, Saying(**(old.said | {"texts": texts})), by=by)


@transaction.atomic
def change_letterhead(
    said: dict[str, str], *, by: User | None, logo: bytes | None = None, logo_type: str = ""
) -> Letterhead:
    """Say what stands on the firm's paper; an empty logo takes the old one away."""
    head = Letterhead.objects.filter(pk=1).first() or Letterhead(pk=1)
    for name, value in said.items():
        setattr(head, name, value)
    if logo is not None:
        _refuse_logo(logo, logo_type)
        head.logo, head.logo_type = logo or None, logo_type if logo else ""
    head.save()
    return head


def _refuse_logo(logo: bytes, kind: str) -> None:
    if len(logo) > MOST_OF_A_LOGO:
        raise Invalid({"logo": _("This picture is larger than 300 KB: make it smaller.")})
    if logo and kind not in SAFE_IMAGES & {"image/png", "image/jpeg"}:
        raise Invalid({"logo": _("Choose a PNG or JPEG picture.")})


def _checked(said: Saying, by: User) -> Saying:
    """What was said in its stored form; Invalid with what is wrong, field by field."""
    refused: dict[str, Text] = {}
    for name, values in _CHOICES.items():
        if getattr(said, name) not in values:
            refused[name] = _("Choose one of: %s.") % ", ".join(values)
    title = _read(said.name, "name", refused, limit=MOST_NAME)
    if not title and "name" not in refused:
        refused["name"] = _("Give the template a name.")
    texts = _texts(said, by, refused)
    if refused:
        raise Invalid(refused)
    return Saying(title, said.kind, said.layout, said.sharing, said.is_active, texts)


def _texts(said: Saying, by: User, refused: dict[str, Text]) -> dict[str, tuple[str, str]]:
    known, found = known_fields(by), dict[str, tuple[str, str]]()
    for language, (subject, body) in said.texts.items():
        if language not in dict(LANGUAGES):
            refused["texts"] = _("There are texts in: %s.") % ", ".join(dict(LANGUAGES))
            continue
        subject = _read(subject, f"subject_{language}", refused, limit=MOST_SUBJECT)
        body = _read(body, f"body_{language}", refused, limit=MOST_LETTERS, lines=True)
        if subject and not body:
            refused.setdefault(f"body_{language}", _("Write the text, or take the subject away."))
        for place, text in ((f"subject_{language}", subject), (f"body_{language}", body)):
            try:
                check(parse(text), known)
            except MergeFault as fault:
                refused.setdefault(place, str(fault))
        if body:
            found[language] = (subject, body)
    if not found and not refused:
        refused[f"body_{by.language[:2]}"] = _("Write the text in at least one language.")
    return found


def _read(
    text: str, place: str, refused: dict[str, Text], *, limit: int, lines: bool = False
) -> str:
    try:
        return clean(text, limit=limit, lines=lines)
    except Invalid as invalid:
        refused[place] = invalid.fields[""]
        return ""


def _keep(template: Template, said: Saying, by: User) -> Template:
    for name in ("name", "kind", "layout", "sharing", "is_active"):
        setattr(template, name, getattr(said, name))
    template.version += 1
    template.save()
    TemplateText.objects.filter(template=template).delete()
    TemplateText.objects.bulk_create(
        TemplateText(template=template, language=language, subject=subject, body=body)
        for language, (subject, body) in said.texts.items()
    )
    kept: dict[str, Any] = asdict(said)
    TemplateVersion.objects.create(template=template, number=template.version, said=kept, by=by)
    return template
