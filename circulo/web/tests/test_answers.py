"""One act, two answers: the partial for htmx, a redirect or a page for a plain form."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from circulo.lib.errors import RuleBroken
from circulo.web import swap, toast
from circulo.web.middleware import toasts_over_redirects

PARTIAL = "web/_notice.html"


@pytest.fixture
def posted():
    def post(htmx: bool) -> Any:
        request: Any = RequestFactory().post("/x", headers={"HX-Request": "true"} if htmx else {})
        request.htmx = HtmxDetails(request)
        request.session = {}
        return request

    return post


def test_htmx_gets_the_partial(posted):
    answer = swap(posted(True), PARTIAL, otherwise="/list", text="Kept.")

    assert answer.status_code == 200
    assert b"Kept." in answer.content
    assert b"<html" not in answer.content


def test_a_plain_form_is_led_on(posted):
    answer = swap(posted(False), PARTIAL, otherwise="/list", text="Kept.")

    assert (answer.status_code, answer["Location"]) == (302, "/list")


def test_a_refusal_is_409_and_says_why(posted):
    refusal = RuleBroken("This deal is already closed.")

    answer = swap(posted(True), PARTIAL, otherwise="/list", text=refusal, refusal=refusal)

    assert answer.status_code == 409
    assert b"already closed" in answer.content


def test_a_toast_arrives_with_the_swap(posted):
    request = posted(True)
    toast(request, "Contact deleted.", undo="/x/restore")

    answer = swap(request, PARTIAL, otherwise="/list", text="")

    said = json.loads(answer["HX-Trigger"])["toast"]["toasts"]
    assert said == [{"text": "Contact deleted.", "undo": "/x/restore", "tone": ""}]


def test_a_toast_survives_a_redirect(posted):
    request = posted(False)
    toast(request, "Contact deleted.")

    swap(request, PARTIAL, otherwise="/list", text="")

    assert request.session["circulo.toasts"][0]["text"] == "Contact deleted."


def test_a_toast_survives_a_redirect_of_any_view(posted):
    def view(request: Any) -> HttpResponse:
        toast(request, "The rate was added.", undo="/changes/x/undo")
        return redirect("/settings")

    request = posted(False)
    toasts_over_redirects(view)(request)

    assert request.session["circulo.toasts"][0]["undo"] == "/changes/x/undo"
