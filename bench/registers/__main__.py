"""``python -m bench.registers``: 200,000 entries beside 2,000, people who read, and exports.

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
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.lists.__main__ import ROOT, free_port, run, wait_for
from bench.registers.export import COLUMNS
from bench.registers.pages import LARGE, NEXT, PAGES, PUBLIC, SMALL

OUT = ROOT / "build" / "bench" / "registers.md"
FORMS = ("xlsx", "csv")
PEERS = {"xlsx": "XlsxWriter", "csv": "csv 模块"}
_MEGA = 1024  # ru_maxrss is in KB


def main() -> None:
    """Fill, count queries, serve, load, export, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.registers", description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--beside", type=int, default=2_000)
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
    place = Place(data / "postgres")
    env["BENCH_DSN"] = place.address()
    server = Server(place)
    server.start(lambda text: console.print(f"[dim]{text}[/]"))
    try:
        run(env, "-m", "django", "migrate", "-v0")
        run(env, "-m", "django", "collectstatic", "--noinput", "-v0")
        console.print(f"[dim]登记 {options.entries:,} 与 {options.beside:,} 条 …[/]")
        counts = (str(options.entries), str(options.beside), str(options.people))
        filled = told(run(env, "-m", "bench.registers.fill", *counts, password))
        queries = told(run(env, "-m", "bench.registers.queries"))
        console.print(f"[dim]{options.people} 人同时，{options.seconds} 秒 …[/]")
        times = served(env, port, data, options)
        console.print("[dim]导出 …[/]")
        exports = {
            (way, form): told(run(env, "-m", "bench.registers.export", way, form))
            for form in FORMS for way in ("ours", "bare")
        }  # fmt: skip
    finally:
        server.stop()
    return "\n".join(
        [*_head(options, filled), *_pages(options, times, queries), *_exports(options, exports)]
    )


def told(output: str) -> Any:
    """The JSON on the last line."""
    return json.loads(output.strip().splitlines()[-1])


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
                sys.executable, "-m", "locust", "-f", "bench/registers/people.py", "--headless",
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


def _head(options: argparse.Namespace, filled: dict[str, float]) -> list[str]:
    total = options.entries + options.beside
    return [
        f"# 名录 {options.entries:,} 条与 {options.beside:,} 条，{options.people} 人同时，"
        f"{options.seconds} 秒",
        "",
        f"{platform.machine()}，{os.cpu_count()} 核。登记 {total:,} 条（核对、事项、在册期间、"
        f"变更历史）用 {filled['seconds']:.0f} 秒，每秒 {total / filled['seconds']:,.0f} 条。",
        "",
    ]


def _pages(
    options: argparse.Namespace, times: dict[str, dict[str, str]], queries: dict[str, int]
) -> list[str]:
    lines = [
        "| 页面 | 条目 | 请求数 | 失败 | p50 ms | p95 ms | p99 ms | 查询数 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in (*PAGES, NEXT, PUBLIC):
        for slug, size in ((SMALL, options.beside), (LARGE, options.entries)):
            row = times.get(f"{slug}|{name}", {})
            figures = [row.get(key, "—") for key in
                       ("Request Count", "Failure Count", "50%", "95%", "99%")]  # fmt: skip
            asked = queries.get(f"{slug}|{name}", "—")
            lines.append(f"| {name} | {size:,} | {' | '.join(figures)} | {asked} |")
    return [*lines, ""]


def _exports(options: argparse.Namespace, found: dict[tuple[str, str], Any]) -> list[str]:
    lines = [
        f"导出 {options.entries:,} 行，{len(COLUMNS)} 列：",
        "",
        "| | 用时 s | 行/s | 内存峰值 MB | 文件 MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for form in FORMS:
        for way, name in (("ours", f"技改通 {form}"), ("bare", f"裸 {PEERS[form]} + 游标")):
            one = found[way, form]
            lines.append(
                f"| {name} | {one['seconds']:.1f} | {one['rows'] / one['seconds']:,.0f} "
                f"| {one['memory'] / _MEGA:,.0f} | {one['size'] / 1e6:.1f} |"
            )
    ratios = "；".join(
        f"{form} 用时是裸写的 {found['ours', form]['seconds'] / found['bare', form]['seconds']:.1f}"
        f" 倍，内存 {found['ours', form]['memory'] / found['bare', form]['memory']:.1f} 倍"
        for form in FORMS
    )
    return [
        *lines, "", f"{ratios}。",
        "技改通的导出按本人权限取数，算出今天的状态、地区与选项的文字、要处理的问题，逐格防公式，"
        "报进度，留散列和记录；裸写只从一条语句取出原值写进文件。", "",
    ]  # fmt: skip


if __name__ == "__main__":
    main()
