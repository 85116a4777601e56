"""bin/check: everything the machine checks instead of a person, then the tests.

`bin/check --static` leaves the tests out.
"""

import ast
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from circulo.config.env import CHECKOUT

PYTHON = [sys.executable, "-P", "-m"]
STEPS = {
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "lint": [*PYTHON, "ruff", "check", "--quiet", "."],
    "types": [*PYTHON, "mypy"],
    "imports": [str(Path(sys.executable).with_name("lint-imports"))],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main(arguments: list[str]) -> int:
    """Run every step, say which failed, and then the tests; 1 when anything did."""
    failed = [name for name, command in STEPS.items() if not _passes(name, command)]
    _tell_budgets()
    if "--static" not in arguments:
        rest = [argument for argument in arguments if argument != "--static"]
        if subprocess.run([*PYTHON, "circulo.testing.run", *rest], check=False).returncode:
            failed.append("tests")
    if failed:
        print("Failed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    took = time.monotonic() - started
    print(f"{name:<12} {'ok' if done.returncode == 0 else 'FAILED'}  {took:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _tell_budgets() -> None:
    """How long functions and files are: median and ninth decile, beside what they may be."""
    files = [path for path in (CHECKOUT / "circulo").rglob("*.py") if _is_counted(path)]
    functions = [length for path in files for length in _functions(path)]
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in files]
    print(f"functions    {_spread(functions)}  (budget: median 10, nine in ten 25)")
    print(f"files        {_spread(lengths)}  (budget: median 80, nine in ten 250)", flush=True)


def _is_counted(path: Path) -> bool:
    return "migrations" not in path.parts and path.stat().st_size > 0


def _functions(path: Path) -> Iterable[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def _spread(numbers: list[int]) -> str:
    ninth = statistics.quantiles(numbers, n=10)[8]
    return f"median {statistics.median(numbers):.0f}, nine in ten {ninth:.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
