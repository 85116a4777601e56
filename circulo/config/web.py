"""How gunicorn serves the pages: `gunicorn -c python:circulo.config.web
circulo.config.wsgi:application`.
"""

import contextlib
import io
import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from circulo.config import env, logs
from circulo.config.children import die_with_the_parent


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's own, which does not put a line together for each request that nobody reads."""

    def access(self, *_request: Any) -> None:
        """Nothing: what goes wrong is said by whoever answers."""


logger_class = QuietLogger
bind = env.text("CIRCULO_BIND", "127.0.0.1:8000")
workers = env.whole("CIRCULO_WEB_WORKERS", max(2, min(8, 2 * (os.cpu_count() or 1))), least=1)
worker_class = "circulo.config.connection.Worker"
http_parser = "python"  # which asks connection.py how long an address may be
preload_app = True
timeout = 60
graceful_timeout = 8
backlog = 1024
max_requests = 20000
max_requests_jitter = 2000
control_socket_disable = True
logconfig_dict = logs.lines()
proc_name = "circulo-web"


def when_ready(server: Any) -> None:
    """Before the workers are born: say how to log in, and leave them memory that stays shared."""
    from django.core.management import call_command, get_commands
    from django.db import connections

    from circulo.config import warm

    if "first_run" in get_commands():
        said = io.StringIO()
        with contextlib.suppress(Exception):
            call_command("first_run", stdout=said)
            file = Path(env.home()) / "login.txt"
            file.touch(mode=0o600)
            file.write_text(said.getvalue(), encoding="utf-8")
    connections.close_all()
    warm.up()


def post_fork(server: Any, worker: Any) -> None:
    """A worker does not outlive its master."""
    die_with_the_parent()
