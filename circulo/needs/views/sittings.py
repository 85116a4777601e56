"""An interview at the desk: one question at a time, by mouse or keyboard, script or none."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import actions
from circulo.needs.answers import SCALE
from circulo.needs.models import Answer, Interview, Sitting
from circulo.needs.selectors import sittings as selectors
from circulo.needs.selectors.sittings import Stand
from circulo.parties.models import Party
from circulo.parties.views.finding import find
from circulo.web import Request, page, toast


@require_http_methods(["GET", "POST"])
@login_required
def begin(request: Request, identifier: str) -> HttpResponse:
    """Choose an interview to hold with a party, and begin it or go on with it."""
    party = _party(request, identifier)
    if request.method == "GET":
        return page(
            request, "needs/begin.html", party=party,
            interviews=selectors.interviews_for(party),
            left_open=selectors.left_open(request.user, party),
        )  # fmt: skip
    chosen = request.POST.get("interview", "")
    interview = _interview(chosen) if chosen else None
    try:
        sitting = actions.begin_interview(party, interview, by=request.user)
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
        return redirect("needs:begin", party.public_id)
    return redirect("needs:question", sitting.public_id)


@require_http_methods(["GET", "POST"])
@login_required
def question(request: Request, identifier: str) -> HttpResponse:
    """The question that comes now; an answer is kept as soon as it is given."""
    sitting = _sitting(request, identifier)
    again = request.POST.get("again", request.GET.get("again", ""))[:40]
    stand = selectors.stand(sitting, again=again)
    wrong = ""
    if request.method == "POST":
        wrong = _answered(request, stand)
        if not wrong:
            return redirect("needs:question", identifier)
    if stand.topic is None and not sitting.ended_at:
        sitting = actions.end_interview(sitting, by=request.user)
    return page(
        request, "needs/question.html", status=422 if wrong else 200, sitting=sitting,
        party=sitting.party, stand=stand, again=again, wrong=wrong,
        options=_options(request, stand, wrong), typed=_typed(request, stand, wrong),
    )  # fmt: skip


@require_POST
@login_required
def end(request: Request, identifier: str) -> HttpResponse:
    """End an interview before its last question."""
    sitting = actions.end_interview(_sitting(request, identifier), by=request.user)
    toast(request, _("The interview is over."))
    return redirect(sitting.party.get_absolute_url())


def _answered(request: Request, stand: Stand) -> str:
    """Keep or skip what was asked; what was wrong with the answer, if anything."""
    topic, said = stand.topic, request.POST
    if topic is None or said.get("topic") != topic.key:
        return ""  # the form of a question that was answered meanwhile
    try:
        if "skip" in said:
            actions.skip_question(stand.sitting, topic, by=request.user)
        else:
            several = topic.answer == Answer.SEVERAL
            value = said.getlist("value") if several else said.get("value", "")
            actions.answer_question(stand.sitting, topic, value, by=request.user)
    except Invalid as invalid:
        return str(next(iter(invalid.fields.values())))
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return ""


def _options(request: Request, stand: Stand, wrong: str) -> list[tuple[str, str, str, bool]]:
    """What can be chosen: digit, value, words, whether it is chosen."""
    topic = stand.topic
    if topic is None or topic.answer in (Answer.TEXT, Answer.NUMBER, Answer.DATE):
        return []
    offered = topic.offered
    if topic.answer == Answer.SCALE:
        ends = {"1": _("1, not at all"), "5": _("5, very much")}
        offered = [(step, ends.get(step, step)) for step in SCALE]
    elif topic.answer == Answer.YES_NO:
        offered = [("yes", _("Yes")), ("no", _("No"))]
    value = {True: "yes", False: "no"}.get(stand.value, stand.value) if (
        isinstance(stand.value, bool)) else stand.value  # fmt: skip
    chosen = request.POST.getlist("value") if wrong else _as_list(value)
    digits = [str(n) if n < 10 else "" for n in range(1, len(offered) + 1)]
    return [
        (digit, key, words, key in chosen)
        for digit, (key, words) in zip(digits, offered, strict=True)
    ]


def _as_list(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return [] if value is None else [str(value)]


def _typed(request: Request, stand: Stand, wrong: str) -> str:
    """What a field of words, a number or a day begins with."""
    if wrong:
        return request.POST.get("value", "")[:300]
    return "" if stand.value is None else str(stand.value)


def _party(request: Request, identifier: str) -> Party:
    if not request.user.may("preferences", "view"):
        raise Http404
    if not request.user.may("preferences", "create"):
        raise PermissionDenied
    return find(request, identifier)


def _sitting(request: Request, identifier: str) -> Sitting:
    found = selectors.sitting_of(request.user, identifier)
    if found is None:
        raise Http404
    return found


def _interview(identifier: str) -> Interview:
    return get_object_or_404(
        selectors.interviews_in_use(), pk=ids.decode("interview", identifier) or 0
    )
