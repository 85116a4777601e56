"""From a request to a call: what may be said, and in which form."""

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.records.rest.operations import MULTIPART, Call, Operation
from circulo.records.rest.refusals import Refused, bad_parameter


def read(request: HttpRequest, operation: Operation, ids: tuple[str, ...], user: User) -> Call:
    """What is asked of an operation; Refused where it cannot be read."""
    parameters = _parameters(request, operation)
    body = None if operation.is_reading else _body(request, operation)
    return Call(request, user, ids, parameters, body)


def _parameters(request: HttpRequest, operation: Operation) -> dict[str, str]:
    if not request.META.get("QUERY_STRING"):
        return {}
    try:
        said: QueryDict = request.GET
    except SuspiciousOperation as error:
        raise Refused(400, "bad_parameter", _("Too many parameters.")) from error
    for name, values in said.lists():
        shown = name.encode("utf-8", "replace").decode()[:60]
        if name not in operation.names:
            raise bad_parameter(shown, _("There is no such parameter here."))
        if len(values) > 1:
            raise bad_parameter(shown, _("Give this parameter once."))
        if "\0" in values[0]:
            raise bad_parameter(shown, _("This text holds characters that cannot be stored."))
    return {name: value for name, value in said.items() if value and isinstance(value, str)}


def _body(request: HttpRequest, operation: Operation) -> Any:
    said = body_of(request)
    if not said and (operation.takes is None or _may_say_nothing(request, operation)):
        return {}
    if request.content_type != operation.takes_type:
        raise Refused(415, "unsupported_type", _("Send this as %s.") % operation.takes_type)
    if operation.takes_type == MULTIPART:
        return None
    try:
        return orjson.loads(said)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "not_json", _("The body is not JSON: %s") % error) from error


def _may_say_nothing(request: HttpRequest, operation: Operation) -> bool:
    """Whether no body at all is as good as an empty object."""
    return not request.content_type and not operation.needs_body


def body_of(request: HttpRequest) -> bytes:
    """The body of a request, of files their hash; Refused where it is too large or breaks off."""
    try:
        return _files(request) if request.content_type == MULTIPART else request.body
    except (RequestDataTooBig, TooManyFilesSent) as error:
        raise _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused(400, "not_multipart", _("The files cannot be read.")) from error
    except (UnreadablePostError, RawPostDataException, OSError) as error:
        raise Refused(400, "broken_off", _("The body broke off.")) from error


def _files(request: HttpRequest) -> bytes:
    """Files go to the disk as they come; what they and the fields say is told by its hash."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = 2 * settings.FILE_LIMIT
    if not length.isdecimal() or int(length[:18]) > most:
        raise _too_large(most)
    fields = sorted(request.POST.lists())
    said = hashlib.sha256(repr(fields).encode("utf-8", "replace"))
    for name, files in request.FILES.lists():
        for file in files:
            said.update(f"{name}\n{file.name}\n{file.size}\n".encode("utf-8", "replace"))
            for chunk in file.chunks():
                said.update(chunk)
            file.seek(0)
    return said.digest()


def _too_large(most: int) -> Refused:
    return Refused(413, "too_large", _("Send at most %d megabytes.") % (most // 1024**2))
