"""Reading the environment: one small function per type, each naming the variable it refuses."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# The order of the curve P-256: its private keys are the whole numbers below it.
P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class BadSetting(SystemExit):
    """The start is stopped, naming the variable and what it should hold."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


def text(name: str, default: str = "") -> str:
    """The variable NAME, or the content of the file that NAME_FILE names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE", f"cannot be read ({error.strerror})") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes or no: 1, true, yes, on, or 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(name, f"is {value!r}, but must be 1 or 0")


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise BadSetting(name, f"is {value!r}, but must be a whole number of at least {least}")
    return int(value)


def home() -> Path:
    """The data folder: CIRCULO_HOME, or var/ in the checkout."""
    return Path(text("CIRCULO_HOME") or CHECKOUT / "var").resolve()


def without_hurry() -> None:
    """For what runs beside the pages: Django's settings, with statements that may take long."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circulo.config.settings")
    os.environ.setdefault("CIRCULO_STATEMENT_SECONDS", "0")


def short(path: Path) -> str:
    """A path for a Unix socket, whose length is limited: where needed, through its folder."""
    if len(os.fsencode(path)) <= 107:
        return str(path)
    return f"/proc/self/fd/{os.open(path.parent, os.O_PATH)}/{path.name}"


def secret_key(folder: Path) -> str:
    """CIRCULO_SECRET_KEY, or the key kept in the data folder, made on the first start."""
    given = text("CIRCULO_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise BadSetting("CIRCULO_SECRET_KEY", "is too short: at least 32 characters")
        return given
    return _kept(folder / "secret_key", lambda: secrets.token_urlsafe(48))


def push_key(folder: Path) -> str:
    """CIRCULO_PUSH_KEY, or the key kept in the data folder: who we are to push services.

    It is the private number of a key on the curve P-256, in hexadecimal. Devices are subscribed to
    its public half, so another one would silence them all.
    """
    given = text("CIRCULO_PUSH_KEY").strip()
    found = given or _kept(folder / "push_key", lambda: f"{secrets.randbelow(P256 - 1) + 1:064x}")
    try:
        if 0 < int(found, 16) < P256:
            return found
    except ValueError:
        pass
    raise BadSetting("CIRCULO_PUSH_KEY", "must be a private key of P-256: 64 hexadecimal digits")


def _kept(kept: Path, make: Callable[[], str]) -> str:
    """The secret that a file of the data folder holds, made where there is none yet."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_text(make(), encoding="utf-8")
        new.chmod(0o600)
        try:
            os.link(new, kept)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return kept.read_text(encoding="utf-8")


def base_url(folder: Path) -> str:
    """The address people reach the product at, as CIRCULO_BASE_URL or the last `bin/run` says."""
    kept = folder / "address.txt"
    last = kept.read_text(encoding="utf-8") if kept.exists() else "http://127.0.0.1:8000"
    return text("CIRCULO_BASE_URL", last).strip().rstrip("/")


def keep_base_url(folder: Path) -> None:
    """Remember the address for commands given while the product runs."""
    (folder / "address.txt").write_text(text("CIRCULO_BASE_URL"), encoding="utf-8")
