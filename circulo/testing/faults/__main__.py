"""`python -m circulo.testing.faults`: the long storm, and its figures as a table."""

import argparse
import sys
import tempfile
from pathlib import Path

from circulo.config import postgres
from circulo.testing.faults.judge import Verdict
from circulo.testing.faults.product import Part
from circulo.testing.faults.storm import Storm, shuffled


def main(arguments: list[str]) -> int:
    """Let a storm rage; 0 where nothing was lost, doubled or wrong."""
    parser = argparse.ArgumentParser("faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="of web, worker and database each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=20_000, help="of each file that is brought in")
    parser.add_argument("--port", type=int, default=0)
    said = parser.parse_args(arguments)
    half = said.kills // 2
    counts = {
        Part.WEB_WORKER: said.kills - half, Part.WEB_MASTER: half,
        Part.WORKER: said.kills, Part.LIVE: half // 2,
        Part.BACKEND: said.kills - half, Part.POSTMASTER: half, Part.KEEPER: half // 2,
    }  # fmt: skip
    storm = Storm(shuffled(counts, said.seed), said.seed, said.rows)
    home = Path(tempfile.mkdtemp(prefix="circulo-faults-")).resolve()
    home.chmod(0o711)
    verdict = storm.run(home, said.port)
    print(told(verdict))
    if verdict.is_clean:
        postgres.remove(home)
    else:
        print(f"Kept for a look: {home}", file=sys.stderr)
    return 0 if verdict.is_clean else 1


def told(verdict: Verdict) -> str:
    """The figures, in lines of a table."""
    lines = ["| | |", "|---|---|"]
    lines += [f"| killed: {part} | {count} |" for part, count in sorted(verdict.kills.items())]
    lines += [f"| acknowledged: {k} | {count} |" for k, count in verdict.acknowledged.items()]
    lines += [
        f"| lost | {len(verdict.lost)} |",
        f"| doubled | {len(verdict.doubled)} |",
        f"| wrong | {len(verdict.wrong)} |",
        f"| answers by status (0: the connection broke) | {verdict.answers} |",
        f"| longest time without a row brought in | {verdict.standstill:.1f} s |",
    ]
    lines += [
        f"| longest time without a write acknowledged after a death of: {part} | {time:.1f} s |"
        for part, time in sorted(verdict.silence.items())
    ]
    found = [*verdict.lost, *verdict.doubled, *verdict.wrong]
    return "\n".join([*lines, *("- " + each for each in found[:40])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
