"""What Lighthouse says of the pages seen first, on its preset of a phone on a slow line."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.world import World

LIGHTHOUSE = "lighthouse@12.8.2"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ATTEMPTS = 5  # Chromium loses the start of a trace now and then (NO_NAVSTART)
TARGETS = {"performance": 95.0, "accessibility": 100.0}


def measure(world: World) -> list[Figure]:
    """Scores of three pages; none, with a note, where there is no npx or no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or shutil.which("npx") is None:
        world.notes.append("Lighthouse needs npx and Chromium or Chrome: not measured.")
        return []
    pages = {
        "login": ("/login", ""),
        "list of contacts": ("/contacts", world.cookie),
        "a contact": (f"/contacts/{world.contacts()[0]}", world.cookie),
    }
    return [
        Figure(
            "lighthouse", f"{name}: {score}", value, "of 100", TARGETS[score], more_is_better=True
        )
        for name, (path, cookie) in pages.items()
        for score, value in _scores(world, browser, path, cookie).items()
    ]


def _scores(world: World, browser: str, path: str, cookie: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            "npx", "--yes", LIGHTHOUSE, f"http://{world.product.host}{path}", "--quiet",
            "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(TARGETS)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        if cookie:
            command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
        environment = {**os.environ, "CHROME_PATH": browser}
        _run(command, environment)
        said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["categories"]
        return {name: said[name]["score"] * 100 for name in TARGETS}


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run it, and again where it failed; RuntimeError with what it said."""
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, timeout=180
        )
        if done.returncode == 0:
            return
    raise RuntimeError(f"Lighthouse failed: {done.stderr[-1000:]}")
