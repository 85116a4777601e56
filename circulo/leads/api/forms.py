"""Public forms over the API: administrators and marketers decide them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads import actions, schemas
from circulo.leads.form_fields import FORM, read_form
from circulo.leads.models import WebForm
from circulo.leads.selectors.forms import form_called, may_decide_forms, url_of
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older


def list_forms(call: Call) -> HttpResponse:
    """One page of the public forms."""
    _refuse_others(call.user)
    return lists.page(call, "forms", lambda _user, rows: [shown(row) for row in rows])


def show_form(call: Call) -> HttpResponse:
    """One public form with its version."""
    form = _found(call)
    return one(call.request, shown(form), etag_of(form.version))


def add_form(call: Call) -> HttpResponse:
    """Add a public form."""
    _refuse_others(call.user)
    form = actions.add_form(read_form({"fields": [], **call.said}), by=call.user)
    where = f"forms/{form.public_id}"
    return answer(shown(form), status=201, etag=etag_of(form.version), location=where)


def change_form(call: Call) -> HttpResponse:
    """Change what the body names; what is put out of use takes no more entries."""
    form = _found(call)
    refuse_older(call, form.version, lambda: shown(form))
    before = {name: getattr(form, name) for name in FORM}
    form = actions.change_form(form, read_form(call.said, before), by=call.user)
    return answer(shown(form), etag=etag_of(form.version))


def shown(form: WebForm) -> dict[str, Any]:
    """A form as other programs are shown it."""
    names = (*FORM, "version", "created_at", "updated_at")
    return {"id": form.public_id, "url": url_of(form), **{n: getattr(form, n) for n in names}}


def _found(call: Call) -> WebForm:
    form = form_called(call.ids[0]) if may_decide_forms(call.user) else None
    if form is None:
        raise not_found(_("There is no such record."))
    return form


def _refuse_others(user: User) -> None:
    if not may_decide_forms(user):
        raise forbidden(_("Your role does not allow this."))


offer(
    Operation("GET", "forms", list_forms, "List public forms", gives=page_of(schemas.FORM),
              parameters=lists.PAGES),
    Operation("POST", "forms", add_form, "Add a public form", takes=schemas.FORM_IN,
              gives=schemas.FORM, status=201),
    Operation("GET", "forms/{id}", show_form, "Get a public form", gives=schemas.FORM),
    Operation("PATCH", "forms/{id}", change_form, "Change a public form",
              takes=schemas.FORM_CHANGE, gives=schemas.FORM),
)  # fmt: skip
