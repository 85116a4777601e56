"""How pages write what leads say."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from circulo.leads.form_fields import ASKABLE
from circulo.leads.models import Lead, WebForm
from circulo.leads.roster import TONES
from circulo.lib import format as fmt
from circulo.parties.languages import language_called
from circulo.web.components.marks import chip

register = template.Library()
_STATUSES = dict(Lead.Status.choices)


@register.simple_tag
def status_chip(status: str) -> SafeString:
    """The status of a lead."""
    return chip(_STATUSES[status], TONES[status])


@register.simple_tag
def answer_chip(lead: Lead) -> SafeString:
    """Whether a lead still waits for an answer, and whether it has waited too long."""
    if not lead.is_open or lead.answered_at is not None:
        return SafeString("")
    tone = "bad" if lead.is_overdue else "spark"
    return chip(due_in_words(lead), tone, "clock")


register.simple_tag(language_called, name="language_name")


@register.simple_tag
def due_in_words(lead: Lead) -> str:
    """Until when a lead is to be answered."""
    if lead.answer_due_at is None:
        return _("waits for an answer")
    if lead.answer_due_at < timezone.now():
        return _("should have been answered %s") % fmt.moment(lead.answer_due_at)
    return _("to be answered until %s") % fmt.moment(lead.answer_due_at)


@register.simple_tag
def frame(form: WebForm, url: str) -> SafeString:
    """The HTML that shows a form in a frame of another site, as text to be taken along."""
    said = '<iframe src="{}" title="{}" width="100%" height="700"></iframe>'
    return escape(format_html(said, url, form.title) + "")


@register.simple_tag
def snippet(form: WebForm, url: str) -> SafeString:
    """The fields of a form as plain HTML that posts to it, as text to be taken along."""
    with override(form.language):
        rows = [
            (one["label"] or ASKABLE[one["name"]], one["name"], " required" * one["is_required"])
            for one in form.fields
        ]
        fields = format_html_join("\n", '  <label>{} <input name="{}"{}></label>', rows)
        button = form.button or _("Send")
    form_tag = '<form method="post" action="{}">\n{}\n  <button>{}</button>\n</form>'
    return escape(format_html(form_tag, url, fields, button) + "")
