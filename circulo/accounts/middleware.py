"""What every request of a person needs: language, region and time zone; a fresh session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib import origin
from circulo.lib.acting import acting
from circulo.lib.addresses import parted

Handler = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = timedelta(minutes=10)
UNAUTHORISED = 401
FORWARDED = "HTTP_X_FORWARDED_FOR"


def origin_of_the_request(get_response: Handler) -> Handler:
    """Remember for the audit log and the limits from which address the request comes.

    A request for a host that is not ours is refused before anything else is done.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        request.get_host()
        remote, forwarded = request.META.get("REMOTE_ADDR", ""), request.META.get(FORWARDED, "")
        origin.come_from(origin.peer_of(remote, forwarded, settings.TRUSTED_PROXIES))
        try:
            return get_response(request)
        finally:
            origin.come_from(None)

    return answer


def person_of_the_session(get_response: Handler) -> Handler:
    """Who is logged in: the person read with the session, where its marks of them still hold."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            request.user = _read_with_the_session(request) or auth.get_user(request)
        else:
            request.user = AnonymousUser()
        return get_response(request)

    return answer


def _read_with_the_session(request: HttpRequest) -> User | None:
    """The person of this session; None where anything is doubtful, which Django then judges."""
    session: Any = request.session
    named, way = session.get(auth.SESSION_KEY), session.get(auth.BACKEND_SESSION_KEY)
    user: User | None = session.person
    if user is None or not user.is_active or str(user.pk) != named:
        return None
    if way not in settings.AUTHENTICATION_BACKENDS:
        return None
    proof = session.get(auth.HASH_SESSION_KEY, "")
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None


def locale_of_the_user(get_response: Handler) -> Handler:
    """Speak the user's language, write their numbers, tell their time; else what the browser asks.

    A fragment asked for after the session ended is refused with the way to the login, for a login
    page would otherwise be swapped into the middle of another one. What was sent then leads back
    to the page it was sent from: the address it was sent to may have nothing to show.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is not None and user.is_authenticated:
            speak_as(user)
            _note_presence(request)
        else:
            _speak_as_the_browser(request)
        try:
            with acting(user.pk if user else None, "screen"):
                return _to_login(request, get_response(request))
        finally:
            translation.deactivate()
            timezone.deactivate()
            fmt.activate(None)

    return answer


def speak_as(user: User) -> None:
    """Use a user's language, region and time zone for the rest of this request or job."""
    locale = fmt.get(user.region, user.language, user.time_zone)
    translation.activate(user.language)
    timezone.activate(locale.zone)
    fmt.activate(locale)


def _speak_as_the_browser(request: HttpRequest) -> None:
    language = translation.get_language_from_request(request)
    translation.activate(language)
    fmt.activate(fmt.get(fmt.DEFAULT_REGION, language, settings.TIME_ZONE))


def _note_presence(request: HttpRequest) -> None:
    """Keep a used session alive, writing to it now and then only."""
    seen = getattr(request.session, "last_seen_at", None)
    if seen is not None and timezone.now() - seen > SEEN_EVERY:
        request.session.modified = True


def _to_login(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    login = resolve_url(settings.LOGIN_URL)
    target = response.headers.get("Location", "")
    if urlsplit(target).path != login or not urlsplit(target).query:
        return response
    if "HX-Request" in request.headers:
        headers = {"HX-Redirect": _and_back(login, request.headers.get("HX-Current-URL", ""))}
        return HttpResponse(status=UNAUTHORISED, headers=headers)
    if request.method == "POST":
        referer = parted(request.headers.get("Referer", ""))
        is_ours = referer.netloc == request.get_host()
        response.headers["Location"] = _and_back(login, referer.geturl() if is_ours else "")
    return response


def _and_back(login: str, address: str) -> str:
    """The way to the login, and from there to a page of ours; the login takes no other."""
    page = parted(address)
    back = page.path + (f"?{page.query}" if page.query else "") if page.path else "/"
    return f"{login}?{urlencode({'next': back})}"
