"""Figures, as a table for people and as one object for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Figure:
    """One measured value, beside what we promised and beside the limit for the same work."""

    bench: str
    name: str
    value: float
    unit: str
    target: float | None = None
    floor: float | None = None
    floor_is: str = ""
    more_is_better: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    @property
    def cells(self) -> list[str]:
        """How it stands in the table."""
        sign = "≥" if self.more_is_better else "≤"
        verdict = {None: "", True: "yes", False: "**no**"}[self.is_met]
        target = f"{sign} {_short(self.target)}" if self.target is not None else ""
        floor = f"{_short(self.floor)} ({self.floor_is})" if self.floor is not None else ""
        ratio = f"{self._ratio:.2f}" if self._ratio else ""
        return [
            self.bench, self.name, f"{_short(self.value)} {self.unit}", target, verdict, floor,
            ratio, self.note,
        ]  # fmt: skip

    @property
    def _ratio(self) -> float:
        """How near the limit: 1 is as fast as bare SQL."""
        if not self.floor or not self.value:
            return 0.0
        return self.value / self.floor if self.more_is_better else self.floor / self.value


HEAD = ["bench", "figure", "measured", "target", "met", "limit, same run", "of the limit", "note"]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [HEAD, ["---"] * len(HEAD), *(figure.cells for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_json(figures: Sequence[Figure], command: str, data: str) -> str:
    """The figures as one object."""
    listed = [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
    return json.dumps(
        {"command": command, "machine": machine(), "data": data, "figures": listed},
        ensure_ascii=False,
    )


def keep(figures: Sequence[Figure], command: str, data: str) -> None:
    """Put a run at the top of the kept results."""
    head, separator, older = (
        RESULTS.read_text(encoding="utf-8").partition("\n## ")
        if RESULTS.exists()
        else (
            "# What was measured\n\nThe newest run stands first; `bin/bench` writes this file.\n",
            "",
            "",
        )
    )
    run = f"{date.today():%Y-%m-%d}\n\n`{command}`, {machine()}. {data}\n\n{table(figures)}\n"
    RESULTS.write_text(f"{head}\n## {run}{separator}{older}", encoding="utf-8")


def machine() -> str:
    """The machine, without saying whose it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} CPUs ({_processor()}), {memory:.0f} GB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
