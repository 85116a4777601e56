"""Which Chromium the tests look through: the light one, and the whole one where it takes more."""

import os
import shutil
import subprocess
import sys

# Without windows it does all that a page can see, for a good third less of the processor.
LIGHT = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def path(*, whole: bool = False) -> str:
    """Where a browser is, nothing if there is none: what CIRCULO_CHROMIUM names, or one found.

    The light one is taken where there is one; only the whole one shows notifications.
    """
    names = WHOLE if whole else (LIGHT, *WHOLE)
    found = os.environ.get("CIRCULO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return found or ""


def see_to_it() -> None:
    """See that there is a browser; root on Debian or Ubuntu gets one installed, and the light one
    beside it where the system has it.

    Raises SystemExit: There is none, and this is not the one to install it.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if not path(whole=True):
            _run("apt-get", "update", "-q")
            _install(WHOLE[0])
        if not shutil.which(LIGHT) and not os.environ.get("CIRCULO_CHROMIUM"):
            _install(LIGHT)  # refused at once where the system knows none
    if not path(whole=True):
        sys.exit(
            "The browser tests need Chromium or Chrome: install one (for example "
            "`sudo apt-get install chromium`) or name it in CIRCULO_CHROMIUM."
        )


def _install(name: str) -> None:
    print(f"Installing {name} for the browser tests …", file=sys.stderr, flush=True)
    _run("apt-get", "install", "-q", "-y", "--no-install-recommends", name)


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
