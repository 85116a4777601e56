"""The web server of the tests: as ever, with a topic that everyone may follow."""

from typing import Any

from circulo.config.web import *  # noqa: F403 (gunicorn reads every setting by its name)
from circulo.web import live


def post_worker_init(worker: Any) -> None:
    """`echo:yes` may be followed, `echo:no` may not."""
    live.register("echo", lambda user, key: key == "yes")
