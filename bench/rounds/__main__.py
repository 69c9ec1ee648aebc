"""``python -m bench.rounds``: 50,000 applications of one round, from the lists to the money.

One round with a budget of nine tenths of what is asked is decided in proportion, published,
requested, paid in one batch and answered by the bank, all with the services that people use. Times
and numbers of statements are told; every sum is checked to the fen before anything is printed.
Fifty people then approve at once on one fund; the control of that race, without the floor of the
book, is ``tests/funding/decisions/test_race.py``.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Start a database of its own, fill, go through the round, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.rounds", description=__doc__)
    parser.add_argument("--applications", type=int, default=50_000)
    options = parser.parse_args()
    console = Console()
    data = Path(tempfile.mkdtemp(prefix="jigai-bench-"))
    from jigai.config.embedded import Place, Server

    env = {
        **os.environ, "JIGAI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        # Everybody of the race has a connection.
        "JIGAI_POOL": "60",
    }  # fmt: skip
    server = Server(Place(data / "postgres"))
    try:
        server.start(lambda text: console.print(f"[dim]{text}[/]"))
        run = [sys.executable, "-m"]
        subprocess.run([*run, "django", "migrate", "-v0"], env=env, cwd=ROOT, check=True)
        static = ["django", "collectstatic", "--noinput", "-v0"]
        subprocess.run([*run, *static], env=env, cwd=ROOT, check=True)
        told = subprocess.run(
            [*run, "bench.rounds.run", str(options.applications)], env=env, cwd=ROOT, check=True,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)
    console.print(told.stdout, markup=False)
    out = ROOT / "build" / "bench" / "rounds.md"
    out.parent.mkdir(parents=True, exist_ok=True)
    head = f"一个批次 {options.applications:,} 件申报（{platform.machine()}，{os.cpu_count()} 核）"
    out.write_text(f"{head}\n\n{told.stdout}", encoding="utf-8")


if __name__ == "__main__":
    main()
