"""The processes that the supervisor keeps alive."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_LOG = 20 * 1024 * 1024
LONGEST_PAUSE = 5.0
_LIBC = ctypes.CDLL(None)


@dataclass
class Child:
    """One process, started again when it dies: at once the first time, later and later if it goes
    on.
    """

    name: str
    module: str
    arguments: Sequence[str] = ()
    pass_fds: Sequence[int] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0

    def keep_up(self, log: Path | None) -> None:
        """Start it where it is not running and its pause is over."""
        if self.process and self.process.poll() is None:
            if time.monotonic() - self.started_at > 2 * LONGEST_PAUSE:
                self.deaths = 0
            return
        if self.process:
            self.process = None
            self.deaths += 1
        pause = min(LONGEST_PAUSE, 0.1 * 2**self.deaths) if self.deaths else 0.0
        if time.monotonic() - self.started_at >= pause:
            self._start(log)

    def run(self) -> int:
        """Start it on this terminal and wait for its end."""
        self._start(None)
        assert self.process
        return self.process.wait()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for its end until the deadline, then end it and all it started."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _start(self, log: Path | None) -> None:
        self.started_at = time.monotonic()
        output = open(log, "ab") if log else None  # noqa: SIM115 (closed below)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", self.module, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.environment},
                pass_fds=self.pass_fds,
                start_new_session=True,
                preexec_fn=die_with_the_parent,
            )
        finally:
            if output:
                output.close()


def die_with_the_parent() -> None:
    """Linux ends this process when the one that started it is gone, however it went."""
    _LIBC.prctl(1, int(signal.SIGTERM))


def trim(log: Path) -> None:
    """Keep a log from growing for ever: its writers append, so that it may be cut under them."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        shutil.copy2(log, log.with_suffix(".1.log"))
        os.truncate(log, 0)
