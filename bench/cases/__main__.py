"""``python -m bench.cases``: a department with 100,000 open cases beside one with 1,000.

The server is the one of the platform (granian, eight threads) on loopback with the embedded
PostgreSQL; everything stops by itself.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.cases.pages import COUNTIES, NAMES
from bench.lists.__main__ import ROOT, free_port, run, wait_for
from bench.registers.__main__ import told

OUT = ROOT / "build" / "bench" / "cases.md"
_MEGA = 1024  # ru_maxrss is in KB


def main() -> None:
    """Fill, count queries, serve, load, recompute, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--beside", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=90)
    options = parser.parse_args()
    console = Console()
    data = Path(tempfile.mkdtemp(prefix="jigai-bench-"))
    try:
        page = measure(console, data, options)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(page, encoding="utf-8")
    console.print(page, markup=False)
    console.print(f"已写入 {OUT.relative_to(ROOT)}")


def measure(console: Console, data: Path, options: argparse.Namespace) -> str:
    """Everything in one run on one database; the page."""
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
    try:
        filled = _filled(console, env, options, password)
        env["BENCH_PROCEDURE"] = filled["procedure"]
        queries = told(run(env, "-m", "bench.cases.queries"))
        console.print(f"[dim]{options.people} 人同时，{options.seconds} 秒 …[/]")
        load = os.getloadavg()[0]
        times = served(env, port, data, options)
        console.print("[dim]放假安排更正，重算时限 …[/]")
        clocks = told(run(env, "-m", "bench.cases.recompute"))
    finally:
        server.stop()
    return "\n".join(
        [*_head(options, filled, load), *_pages(filled, times, queries), *_clocks(clocks)]
    )


def _filled(
    console: Console, env: dict[str, str], options: argparse.Namespace, password: str
) -> Any:  # fmt: skip
    run(env, "-m", "django", "migrate", "-v0")
    run(env, "-m", "django", "collectstatic", "--noinput", "-v0")
    console.print(f"[dim]办件 {options.cases:,} 与 {options.beside:,} 件 …[/]")
    counts = (str(options.cases), str(options.beside), str(options.people))
    return told(run(env, "-m", "bench.cases.fill", *counts, password))


def served(
    env: dict[str, str], port: int, data: Path, options: argparse.Namespace
) -> dict[str, dict[str, str]]:
    """Locust without a window on the platform's own server; its rows by name."""
    web = subprocess.Popen(
        [sys.executable, "-m", "jigai.config.web", "127.0.0.1", str(port)],
        env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        subprocess.run(
            [
                sys.executable, "-m", "locust", "-f", "bench/cases/people.py", "--headless",
                "--host", f"http://127.0.0.1:{port}", "-u", str(options.people), "-r", "4",
                "-t", f"{options.seconds}s", "--csv", str(data / "told"), "--only-summary",
                "--reset-stats",
            ],
            env={**env, "PYTHONPATH": str(ROOT)}, cwd=ROOT, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=options.seconds + 120,
        )  # fmt: skip
    finally:
        web.terminate()
        web.wait(20)
    with (data / "told_stats.csv").open(newline="") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def _head(options: argparse.Namespace, filled: dict[str, Any], load: float) -> list[str]:
    sizes = " 与 ".join(f"{filled['counts'][county]:,}" for county in reversed(COUNTIES))
    return [
        f"# 在办 {sizes} 件，{options.people} 人同时，{options.seconds} 秒",
        "",
        f"{platform.machine()}，{os.cpu_count()} 核，测前负载 {load:.1f}。两个县的同一个部门，"
        "每件都有一项在本部门待办；写入用 "
        f"{filled['seconds']:.0f} 秒。",
        "",
    ]


def _pages(
    filled: dict[str, Any], times: dict[str, dict[str, str]], queries: dict[str, int]
) -> list[str]:
    lines = [
        "| 页面 | 在办 | 请求数 | 失败 | p50 ms | p95 ms | p99 ms | 查询数 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in NAMES:
        for county in COUNTIES:
            row = times.get(f"{county}|{name}", {})
            figures = [row.get(key, "—") for key in
                       ("Request Count", "Failure Count", "50%", "95%", "99%")]  # fmt: skip
            asked = queries.get(f"{county}|{name}", "—")
            size = filled["counts"][county]
            lines.append(f"| {name} | {size:,} | {' | '.join(figures)} | {asked} |")
    return [*lines, ""]


def _clocks(found: dict[str, Any]) -> list[str]:
    return [
        f"放假安排更正以后重算 {found['cases']:,} 件的时限用 {found['seconds']:.0f} 秒，"
        f"每秒 {found['cases'] / found['seconds']:,.0f} 件，{found['moved']:,} 件应办结日期有变化；"
        f"内存峰值 {found['memory'] / _MEGA:,.0f} MB（重算前 {found['before'] / _MEGA:,.0f} MB）。",
        "",
    ]


if __name__ == "__main__":
    main()
