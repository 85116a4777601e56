"""Calls of bin/circulo, each a fork of one process that has the product loaded.

`python -m circulo.config.tests.calls '[["verify", "--json"], …]'` says for each call its words, how
it ended, and what it said on either stream.
"""

import json
import os
import sys
import tempfile
from typing import IO

from circulo.config import command


def main(calls: list[list[str]]) -> None:
    """Make the calls one after the other, and tell of all of them."""
    command.load()
    print(json.dumps([_called(call) for call in calls]))


def _called(words: list[str]) -> tuple[list[str], int, str, str]:
    with _stream() as said, _stream() as wrong:
        number = os.fork()
        if not number:
            _answer(words, said.fileno(), wrong.fileno())
        status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        said.seek(0)
        wrong.seek(0)
        return words, status, said.read(), wrong.read()


def _stream() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def _answer(words: list[str], said: int, wrong: int) -> None:
    """What `bin/circulo` does, to its end."""
    os.dup2(said, 1)
    os.dup2(wrong, 2)
    code = 1
    try:
        code = command.main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
