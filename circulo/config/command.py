"""bin/circulo: the commands that the apps bring, with their database up for as long as they run.

Each is a Django management command in an app of ours; its name is its word here.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management import CommandError

from circulo.config import database, env, postgres, prepare
from circulo.config.library import library_speaks
from circulo.config.released import HalfMigrated
from circulo.config.words import gettext as _
from circulo.config.words import language

HIDDEN = {"first_run"}
WITHOUT_DATABASE = {"match"}
# What Django gives to every command and nobody needs here; they stay, untold.
DJANGOS = {
    "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
    "--force-color",
}  # fmt: skip
DONE, FAILED, WRONG_CALL = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Run the command named first. 0: done; 1: the work failed; 2: the call was wrong."""
    name, *rest = arguments or ["--help"]
    load()
    known = _commands()
    if name in {"--help", "-h", "help"}:
        return _help(known)
    if name not in known:
        _help(known, to_errors=True)
        return _wrong(_("There is no command {name}.").format(name=name), arguments)
    command = _load(known[name], name)
    try:
        options = _options(command, name, rest)
    except CommandError as error:
        return _wrong(str(error).removeprefix("Error: "), rest)
    try:
        if name in WITHOUT_DATABASE:
            return _execute(command, options)
        with _database(required=name != "doctor"):
            return _execute(command, options)
    except (postgres.DatabaseWillNotStart, HalfMigrated) as error:
        return _failed("database", str(error), options)


def load() -> None:
    """Have the product at hand, in the language of the terminal."""
    import django
    from django.utils import translation

    env.without_hurry()
    django.setup()
    translation.activate(language())


def _options(command: Any, name: str, rest: list[str]) -> dict[str, Any]:
    """What the words after the command say; CommandError where the call is wrong."""
    command.suppressed_base_arguments = DJANGOS
    command.requires_system_checks = []
    with library_speaks():
        parser = command.create_parser("bin/circulo", name)
        try:
            return dict(vars(parser.parse_args(rest)))
        except CommandError:
            parser.print_usage(sys.stderr)
            raise


def _execute(command: Any, options: dict[str, Any]) -> int:
    from django.db import DatabaseError

    from circulo.lib.acting import acting
    from circulo.lib.errors import Invalid, RuleBroken

    try:
        with acting(None, "command"):
            command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        code = "wrong_call" if error.returncode == WRONG_CALL else "failed"
        return _failed(code, str(error), options, error.returncode)
    except RuleBroken as error:
        return _failed(error.code, str(error.message), options)
    except Invalid as error:
        return _failed("invalid", error.in_words(), options, WRONG_CALL)
    except (DatabaseError, OSError) as error:
        return _failed("failed", str(error).strip(), options)
    except KeyboardInterrupt:
        return _failed("stopped", _("Stopped."), options)
    return DONE


def _wrong(message: str, arguments: list[str]) -> int:
    return _failed("wrong_call", message, {"json": "--json" in arguments}, WRONG_CALL)


def _failed(code: str, message: str, options: dict[str, Any], status: int = FAILED) -> int:
    """One JSON object where JSON was asked for; a sentence on the terminal always."""
    if options.get("json"):
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return status


@contextlib.contextmanager
def _database(*, required: bool) -> Iterator[None]:
    """The server that runs, or one for the length of the command; its tables as they must be."""
    with contextlib.ExitStack() as stack:
        try:
            if not database.is_given():
                stack.enter_context(postgres.running(env.home()))
            _prepare()
        except (postgres.DatabaseWillNotStart, postgres.Unusable, HalfMigrated):
            if required:
                raise
        yield


def _prepare() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        if prepare.is_needed(database.server()):
            prepare.main([])


def _commands() -> dict[str, str]:
    """The commands of our own apps: name and app."""
    from django.core.management import get_commands

    return {
        name: str(app)
        for name, app in sorted(get_commands().items())
        if str(app).startswith("circulo.") and name not in HIDDEN
    }


def _load(app: str, name: str) -> Any:
    from django.core.management import load_command_class

    return load_command_class(app, name)


def _help(known: dict[str, str], *, to_errors: bool = False) -> int:
    out = sys.stderr if to_errors else sys.stdout
    print("bin/circulo " + _("COMMAND [options]"), end="\n\n", file=out)
    for name, app in known.items():
        print(f"  {name:<12} {_load(app, name).help}", file=out)
    print("\n" + _("bin/circulo COMMAND --help says more about one."), file=out)
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
