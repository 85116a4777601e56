"""Templates and letters over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.documents import actions
from circulo.documents.actions import Saying, Writing
from circulo.documents.drafting import merged
from circulo.documents.merging import recipients
from circulo.documents.models import LANGUAGES, Letter, Template
from circulo.documents.selectors.templates import template_for, templates_for
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale
from circulo.parties.models import Party
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import (
    Schema,
    choice,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.rest.versions import refuse_older

_LANGUAGES = dict(LANGUAGES)
_TEXT = record({"subject": text(300), "body": text(50_000)}, required=["body"])
_SAID: dict[str, Schema] = {
    "name": text(120),
    "kind": choice(Template.Kind.values),
    "layout": choice(Template.Layout.values),
    "sharing": choice(Template.Sharing.values),
    "is_active": flag(),
    "texts": record({language: _TEXT for language in _LANGUAGES}),
}
TEMPLATE = component(
    "Template",
    record(
        {"id": identifier("template")}
        | _SAID
        | {"version": whole(1), "owner": nullable(identifier("user")), "updated_at": moment()},
        required=["id", "name", "kind", "texts"],
    ),
)
TEMPLATE_IN = component("TemplateToSend", record(_SAID))
_LETTER: dict[str, Schema] = {
    "template": nullable(identifier("template")),
    "language": choice(_LANGUAGES),
    "layout": choice(Template.Layout.values),
    "subject": text(300),
    "body": text(100_000),
}
LETTER = component(
    "Letter",
    record(
        {"id": identifier("letter"), "party": identifier("contact or company")}
        | _LETTER
        | {
            "state": choice(Letter.State.values),
            "sent_at": nullable(moment()),
            "file": nullable(identifier("file")),
            "missing": list_of(text(description="A field that had no value")),
            "created_at": moment(),
        },
        required=["id", "party", "subject", "body", "state"],
    ),
)
LETTER_IN = component(
    "LetterToSend", record(_LETTER | {"posted": flag(description="It goes out by post now")})
)


def list_templates(call: Call) -> HttpResponse:
    """One page of the templates that this person may use."""
    rows = templates_for(call.user).order_by()
    return lists.page(call, "templates", lambda _user, found: list(map(_shown, found)), rows=rows)


def show_template(call: Call) -> HttpResponse:
    """One template with its texts."""
    found = _template(call, "view")
    return one(call.request, _shown(found), etag_of(found.version))


def add_template(call: Call) -> HttpResponse:
    """Add a template."""
    if not call.user.may("templates", "create"):
        raise forbidden(_("You may not add records of this kind."))
    made = actions.add_template(_saying(call, None), by=call.user)
    shown = _shown(made)
    return answer(
        shown, status=201, etag=etag_of(made.version), location=f"templates/{shown['id']}"
    )


def edit_template(call: Call) -> HttpResponse:
    """Change what is named of a template."""
    _template(call, "view")
    found = _template(call, "edit")
    refuse_older(call, found.version, lambda: _shown(found))
    expected = found.version if call.versions is not None else None
    saying = _saying(call, found)
    try:
        kept = actions.edit_template(found, saying, by=call.user, expected=expected)
    except Stale:
        found = _template(call, "edit")
        refuse_older(call, found.version, lambda: _shown(found))
        raise
    return answer(_shown(kept), etag=etag_of(kept.version))


def list_letters(call: Call) -> HttpResponse:
    """The letters to a party."""
    party = _party(call, "view")
    rows = Letter.objects.visible_to(call.user).filter(party=party).order_by("-pk")[:200]
    items = [_letter(row) for row in rows]
    return answer({"items": items, "next": None, "count": len(items), "count_is_exact": True})


def write_letter(call: Call) -> HttpResponse:
    """Write a letter to a party, from a template or from a text; it is printed and kept."""
    _party(call, "view")
    party = _party(call, "edit")
    if not call.user.may("interactions", "create"):
        raise forbidden(_("You may not add records of this kind."))
    said = reading.known(call.said, [*_LETTER, "posted"])
    with reading.collecting() as take:
        template = take("template", _template_said, said.get("template"), call.user)
        texts = {
            name: take(name, reading.word, said.get(name, ""))
            for name in ("language", "layout", "subject", "body")
        }
        posted = take("posted", reading.flag, said.get("posted", False))
    writing, missing = _writing(party, template, texts, call.user)
    made = actions.write_letter(party, writing, by=call.user, is_posted=posted)
    shown = _letter(made) | {"missing": missing}
    return answer(shown, status=201, location=f"letters/{shown['id']}")


def show_letter(call: Call) -> HttpResponse:
    """One letter."""
    found = _found(call, "view")
    return one(call.request, _letter(found), etag_of(found.state))


def post_letter(call: Call) -> HttpResponse:
    """Say that a letter went out by post."""
    _found(call, "view")
    return answer(_letter(actions.post_letter(_found(call, "edit"), by=call.user)))


def _writing(
    party: Party, template: Template | None, texts: dict[str, str], user: User
) -> tuple[Writing, list[str]]:
    """What is to be printed: the text that was sent, else that of the template."""
    language, layout = texts["language"], texts["layout"]
    if language and language not in _LANGUAGES:
        raise Invalid({"language": _("Choose one of: %s.") % ", ".join(_LANGUAGES)})
    if layout and layout not in Template.Layout.values:
        raise Invalid({"layout": _("Choose one of: %s.") % ", ".join(Template.Layout.values)})
    spoken = [one.language for one in template.texts.all()] if template else []
    to = recipients(user, [party.pk], spoken, language=language)[0]
    subject, body, missing = texts["subject"], texts["body"], list[str]()
    if template and not body:
        draft = merged(template, to, user)
        subject, body, missing = subject or draft.subject, draft.body, draft.missing
    layout = layout or (template.layout if template else Template.Layout.LETTER)
    return Writing(body, subject, to.language, layout, template), missing


def _saying(call: Call, old: Template | None) -> Saying:
    said = reading.known(call.said, _SAID)
    kept = _shown(old) if old else {}
    with reading.collecting() as take:
        words = {
            name: take(name, reading.word, said.get(name, kept.get(name, usual)))
            for name, usual in (("name", ""), ("kind", "letter"), ("layout", "letter"),
                                ("sharing", "all"))
        }  # fmt: skip
        active = take("is_active", reading.flag, said.get("is_active", kept.get("is_active", True)))
        texts = take("texts", _texts, said.get("texts", kept.get("texts", {})))
    return Saying(**words, is_active=active, texts=texts)


def _texts(value: Any) -> dict[str, tuple[str, str]]:
    if not isinstance(value, dict) or set(value) - set(_LANGUAGES):
        raise Invalid({"": _("There are texts in: %s.") % ", ".join(_LANGUAGES)})
    found = {}
    for language, said in value.items():
        if not isinstance(said, dict) or set(said) - {"subject", "body"}:
            raise Invalid({"": _("A text has a subject and a body.")})
        found[language] = (
            reading.word(said.get("subject", "")),
            reading.word(said.get("body", "")),
        )
    return found


def _template_said(value: Any, user: User) -> Template | None:
    if value is None:
        return None
    found = template_for(user, value) if isinstance(value, str) else None
    if found is None:
        raise Invalid({"": _("There is no such record.")})
    return found


def _template(call: Call, act: str) -> Template:
    found = template_for(call.user, call.ids[0], act)
    if found is None:
        raise _unknown(act)
    return found


def _party(call: Call, act: str) -> Party:
    key = ids.decode("party", call.ids[0]) or 0
    found: Party | None = Party.objects.visible_to(call.user, act).filter(pk=key).first()
    if found is None:
        raise _unknown(act)
    return found


def _found(call: Call, act: str) -> Letter:
    key = ids.decode("letter", call.ids[0]) or 0
    found: Letter | None = Letter.objects.visible_to(call.user, act).filter(pk=key).first()
    if found is None:
        raise _unknown(act)
    return found


def _unknown(act: str) -> Refused:
    if act != "view":
        return forbidden(_("You may see this record, but not change it."))
    return not_found(_("There is no such record."))


def _shown(row: Template) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "kind": row.kind,
        "layout": row.layout,
        "sharing": row.sharing,
        "is_active": row.is_active,
        "texts": {
            one.language: {"subject": one.subject, "body": one.body} for one in row.texts.all()
        },
        "version": row.version,
        "owner": ids.encode("user", row.owner_id) if row.owner_id else None,
        "updated_at": row.updated_at,
    }


def _letter(row: Letter) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "party": ids.encode("party", row.party_id),
        "template": ids.encode("template", row.template_id) if row.template_id else None,
        "language": row.language,
        "layout": row.layout,
        "subject": row.subject,
        "body": row.body,
        "state": row.state,
        "sent_at": row.sent_at,
        "file": ids.encode("file", row.file_id) if row.file_id else None,
        "created_at": row.created_at,
    }


offer(
    Operation("GET", "templates", list_templates, "List templates",
              gives=page_of(TEMPLATE), parameters=lists.PAGES),
    Operation("POST", "templates", add_template, "Add a template",
              takes=TEMPLATE_IN, gives=TEMPLATE, status=201),
    Operation("GET", "templates/{id}", show_template, "Get a template", gives=TEMPLATE),
    Operation("PATCH", "templates/{id}", edit_template, "Change a template",
              takes=TEMPLATE_IN, gives=TEMPLATE),
    Operation("GET", "letters/{id}", show_letter, "Get a letter", gives=LETTER),
    Operation("POST", "letters/{id}/post", post_letter, "Say that a letter was posted",
              gives=LETTER),
)  # fmt: skip
for _resource in ("contacts", "companies"):
    offer(
        Operation("GET", f"{_resource}/{{id}}/letters", list_letters, "List the letters",
                  gives=page_of(LETTER)),
        Operation("POST", f"{_resource}/{{id}}/letters", write_letter, "Write a letter",
                  takes=LETTER_IN, gives=LETTER, status=201,
                  more="Without a body the text of the template is merged."),
    )  # fmt: skip
