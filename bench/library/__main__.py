"""``python -m bench.library``: a library of 20,000 projects closes a year.

Every project goes into the library of one city: a quarter finished, a quarter to begin, the rest
under way; 2,000 more wait and fit the rule. Times and numbers of statements are told; every count
is checked against invariant 9 before anything is printed.
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
    """Start a database of its own, fill, close, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.library", description=__doc__)
    parser.add_argument("--projects", type=int, default=20_000)
    parser.add_argument("--waiting", type=int, default=2_000)
    options = parser.parse_args()
    console = Console()
    data = Path(tempfile.mkdtemp(prefix="jigai-bench-"))
    from jigai.config.embedded import Place, Server

    env = {
        **os.environ, "JIGAI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
    }  # fmt: skip
    server = Server(Place(data / "postgres"))
    try:
        server.start(lambda text: console.print(f"[dim]{text}[/]"))
        run = [sys.executable, "-m"]
        subprocess.run([*run, "django", "migrate", "-v0"], env=env, cwd=ROOT, check=True)
        given = [str(options.projects), str(options.waiting)]
        told = subprocess.run(
            [*run, "bench.library.close", *given], env=env, cwd=ROOT, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)
    console.print(told.stdout)
    out = ROOT / "build" / "bench" / "library.md"
    out.parent.mkdir(parents=True, exist_ok=True)
    head = f"年末结转（{platform.machine()}，{os.cpu_count()} 核）\n\n"
    out.write_text(head + told.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
