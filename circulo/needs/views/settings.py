"""What an administrator decides: which topics are asked, and in which interviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import actions
from circulo.needs.actions.interviews import questions_asked
from circulo.needs.actions.topics import CHANGED
from circulo.needs.forms import InterviewForm, TopicForm, lines_of, questions_read
from circulo.needs.models import Interview, Question, Topic
from circulo.needs.selectors import parties, sittings
from circulo.web import Request, toast

SPARE_LINES = 3


@require_http_methods(["GET", "POST"])
@admin_required
def topics(request: Request) -> HttpResponse:
    """The topics, and a new one."""
    form = TopicForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _went_well(
        form, lambda: actions.add_topic(form.cleaned_data, by=request.user)
    ):
        toast(request, _("The topic was added."))
        return go(request, "needs:topics")
    rows = parties.topics_in_order()
    return settings_page(
        request, "needs/topics.html", here="topics", status=422 if form.is_bound else 200,
        form=form, rows=rows,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def topic(request: Request, key: str) -> HttpResponse:
    """Change a topic."""
    one = _topic(key)
    initial = {name: getattr(one, name) for name in CHANGED} | {"choices": lines_of(one)}
    form = TopicForm(request.POST if request.method == "POST" else None, initial=initial, topic=one)
    if form.is_valid() and _went_well(
        form, lambda: actions.change_topic(one, form.cleaned_data, by=request.user)
    ):
        toast(request, _("The topic was saved."))
        return go(request, "needs:topics")
    return settings_page(
        request, "needs/topic.html", here="topics", status=422 if form.is_bound else 200,
        form=form, topic=one,
    )  # fmt: skip


@require_POST
@admin_required
def retire_topic(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a topic no more."""
    actions.retire_topic(_topic(key), by=None)
    return go(request, "needs:topics")


@require_POST
@admin_required
def restore_topic(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a topic again."""
    actions.restore_topic(_topic(key), by=None)
    return go(request, "needs:topics")


@require_http_methods(["GET", "POST"])
@admin_required
def interviews(request: Request) -> HttpResponse:
    """The interviews, and a new one."""
    return _interview_page(request, None)


@require_http_methods(["GET", "POST"])
@admin_required
def interview(request: Request, key: str) -> HttpResponse:
    """Change an interview and its questions."""
    return _interview_page(request, _interview(key))


@require_POST
@admin_required
def retire_interview(request: HttpRequest, key: str) -> HttpResponse:
    """Begin an interview no more."""
    actions.retire_interview(_interview(key), by=None)
    return go(request, "needs:interviews")


@require_POST
@admin_required
def restore_interview(request: HttpRequest, key: str) -> HttpResponse:
    """Offer an interview again."""
    actions.restore_interview(_interview(key), by=None)
    return go(request, "needs:interviews")


def _interview_page(request: Request, one: Interview | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    known = parties.topics_in_use()
    names = InterviewForm.base_fields
    initial = {name: getattr(one, name) for name in names} if one else None
    form = InterviewForm(posted, initial=initial)
    lines = questions_asked(one) if one else []
    if posted is not None:
        lines = questions_read(posted, known, actions.MOST_QUESTIONS)
        if form.is_valid() and _went_well(form, lambda: _saved(request, one, form, lines)):
            toast(request, _("The interview was saved."))
            return go(request, "needs:interviews")
    spare = SPARE_LINES if one else 2 * SPARE_LINES
    return settings_page(
        request, "needs/interview.html" if one else "needs/interviews.html", here="interviews",
        status=422 if form.is_bound else 200, form=form, interview=one, topics=known,
        lines=[*lines, *[None] * spare][: actions.MOST_QUESTIONS], tests=Question.Test.choices,
        rows=sittings.interviews_in_order(),
    )  # fmt: skip


def _saved(request: Request, one: Interview | None, form: Any, lines: list[Any]) -> None:
    if one is None:
        actions.add_interview(form.cleaned_data, lines, by=request.user)
    else:
        actions.change_interview(one, form.cleaned_data, lines, by=request.user)


def _topic(key: str) -> Topic:
    return get_object_or_404(parties.every_topic(), pk=ids.decode("topic", key) or 0)


def _interview(key: str) -> Interview:
    return get_object_or_404(sittings.every_interview(), pk=ids.decode("interview", key) or 0)


def _went_well(form: Any, act: Callable[[], object]) -> bool:
    """Do it; show on the form what a rule had against it."""
    try:
        act()
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
