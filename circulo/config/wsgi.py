"""The entrance for the web server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circulo.config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django; but where a view has handed the connection over, gunicorn must not answer on it."""
    answer = _django(environ, start_response)
    if environ.get("circulo.handed_over"):
        answer.close()
        raise StopIteration
    return answer
