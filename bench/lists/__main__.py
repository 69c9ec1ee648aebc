"""``python -m bench.lists``: 200,000 decisions, 20 people, and how long a page takes.

The server is the one of the platform (granian, eight threads) on loopback with the embedded
PostgreSQL; everything stops by itself.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "bench" / "lists.md"
COLUMNS = ("页面", "请求数", "失败", "p50 ms", "p95 ms", "p99 ms")


def main() -> None:
    """Fill, serve, load, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    parser.add_argument("--decisions", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    console = Console()
    data = Path(tempfile.mkdtemp(prefix="jigai-bench-"))
    try:
        rows = measure(console, data, options)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    show(console, rows, options)


def measure(console: Console, data: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """One server, one load; rows of the table."""
    from jigai.config.embedded import Place, Server

    port, password = free_port(), secrets.token_urlsafe(12)
    env = {
        **os.environ,
        "JIGAI_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        "BENCH_PASSWORD": password,
    }
    server = Server(Place(data / "postgres"))
    server.start(lambda text: console.print(f"[dim]{text}[/]"))
    web = None
    try:
        run(env, "-m", "django", "migrate", "-v0")
        run(env, "-m", "django", "collectstatic", "--noinput", "-v0")
        console.print(f"[dim]写入 {options.decisions:,} 条决定 …[/]")
        counts = (str(options.decisions), str(options.people))
        told = run(env, "-m", "bench.lists.fill", *counts, password)
        env["BENCH_RUN"] = str(json.loads(told.splitlines()[-1])["run"])
        web = subprocess.Popen(
            [sys.executable, "-m", "jigai.config.web", "127.0.0.1", str(port)],
            env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(port)
        console.print(f"[dim]{options.people} 人同时，{options.seconds} 秒 …[/]")
        return load(env, port, data, options)
    finally:
        if web is not None:
            web.terminate()
            web.wait(20)
        server.stop()


def run(env: dict[str, str], *arguments: str) -> str:
    """A Python process; its output."""
    done = subprocess.run(
        [sys.executable, *arguments], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


def load(
    env: dict[str, str], port: int, data: Path, options: argparse.Namespace
) -> list[tuple[str, ...]]:
    """Locust without a window, on loopback, for a bounded time."""
    subprocess.run(
        [
            sys.executable, "-m", "locust", "-f", "bench/lists/people.py", "--headless",
            "--host", f"http://127.0.0.1:{port}", "-u", str(options.people), "-r", "4",
            "-t", f"{options.seconds}s", "--csv", str(data / "told"), "--only-summary",
            "--reset-stats",
        ],
        env=env, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=options.seconds + 120,
    )  # fmt: skip
    with (data / "told_stats.csv").open(newline="") as file:
        found = [
            row for row in csv.DictReader(file) if row["Name"] not in ("", "sign in", "Aggregated")
        ]
    return [
        (
            row["Name"],
            row["Request Count"],
            row["Failure Count"],
            row["50%"],
            row["95%"],
            row["99%"],
        )
        for row in found
    ]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers, at most half a minute."""
    until = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def show(console: Console, rows: list[tuple[str, ...]], options: argparse.Namespace) -> None:
    """Print the table and write it down."""
    title = f"{options.decisions:,} 条决定，{options.people} 人同时，{options.seconds} 秒"
    table = Table(title=title)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == COLUMNS[0] else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# {title}", "", f"{platform.machine()}，{os.cpu_count()} 核", ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    console.print(f"已写入 {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
