"""``python -m bench.rules``: run every contender, check every row, print and write one table."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.rules import oracle, prorata
from bench.rules.data import ENTERPRISES, PROJECTS, VARIANTS, Data, build
from bench.rules.worker import CONTENDERS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "bench"
SPLIT = "split"
TASKS = {"complete": "补助,数据齐全", "missing": "补助,每列缺 2%", SPLIT: "按比例分摊"}
HEADINGS = ("任务", "参赛者", "中位耗时 s", "对 NumPy", "峰值内存 MiB", "错行", "分段与说明")


def main() -> None:
    """Prepare the data once, then measure one process after another."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    parser.add_argument("--only", nargs="*", choices=list(CONTENDERS), default=list(CONTENDERS))
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=150)
    names = ["numpy", *(name for name in options.only if name != "numpy")]
    rows: list[tuple[str, ...]] = []
    for variant in (*VARIANTS, SPLIT):
        console.print(f"[dim]准备数据:{TASKS[variant]} …[/]")
        folder = make_data(variant, options.projects, options.enterprises)
        yardstick = 0.0
        for name in names if variant != SPLIT else [n for n in names if n in ("numpy", "ours")]:
            console.print(f"[dim]  {name} …[/]")
            found = measure(name, variant, folder, options.repeats)
            if name == "numpy":
                yardstick = statistics.median(found["seconds"])
            rows.append(row_of(TASKS[variant], found, yardstick))
    show(console, rows)
    extra = []
    if "ours" in options.only:
        extra = extras(console, make_data("missing", options.projects, options.enterprises))
    write(rows, extra, options)


def extras(console: Console, folder: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """Single cases, and one hash over executors, threads and row orders."""
    from bench.rules import agreement, single

    blocks = [("单例", single.measure())]
    console.print("[dim]一致性:每种组合一百万行,约需两三分钟 …[/]")
    blocks.append(("一致性", agreement.measure(Data.load(folder / "missing.npz"))))
    for title, lines in blocks:
        table = Table("项目", "结果", title=title)
        for line in lines:
            table.add_row(*line)
        console.print(table)
    return blocks


def make_data(variant: str, projects: int, enterprises: int) -> Path:
    """Write the data and the exact answers, unless they lie there already."""
    folder = FOLDER / f"{projects}x{enterprises}-{_recipe()}"
    if variant == SPLIT:
        if not (folder / f"{SPLIT}.npz").exists():
            prorata.build(projects, max(1, projects // 20)).save(folder / f"{SPLIT}.npz")
        return folder
    if not (folder / f"{variant}-truth.npz").exists():
        data: Data = build(variant, projects, enterprises)
        data.save(folder / f"{variant}.npz")
        truth = oracle.answer(data)
        np.savez(
            folder / f"{variant}-truth.npz",
            verdict=truth.verdict,
            measure=truth.measure,
            amount=truth.amount,
            selected=truth.selected,
        )
    return folder


def _recipe() -> str:
    """A name for how data and answers are made, so that a changed recipe makes them anew."""
    digest = hashlib.sha256()
    for module in ("data", "oracle", "prorata"):
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    return digest.hexdigest()[:8]


def measure(name: str, variant: str, folder: Path, repeats: int) -> dict[str, Any]:
    """One contender in a fresh process; its failure ends the run with its own message."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.rules.worker", name, variant, str(folder), str(repeats)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def row_of(task: str, found: dict[str, Any], yardstick: float) -> tuple[str, ...]:
    """One line of the table as text."""
    if found.get("absent"):
        return (task, found["title"], "未接入", "—", "—", "—", "")
    median = statistics.median(found["seconds"])
    parts = [f"{name} {seconds:.3f} s" for name, seconds in found["phases"].items()]
    if found["loading"] > 0.01:
        parts.append(f"装载 {found['loading']:.2f} s(不计)")
    return (
        task,
        found["title"],
        f"{median:.4f}",
        f"{median / yardstick:.2f}×",
        f"{found['peak']:,}",
        f"{found['wrong']:,} / {found['rows']:,}",
        ";".join([*parts, *([found["note"]] if found["note"] else [])]),
    )


def show(console: Console, rows: list[tuple[str, ...]]) -> None:
    """Print the table to the terminal."""
    table = Table(title="同一道题,逐行对照精确答案")
    for index, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if 2 <= index <= 5 else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def write(
    rows: list[tuple[str, ...]],
    extra: list[tuple[str, list[tuple[str, str]]]],
    options: argparse.Namespace,
) -> None:
    """Write the same table as Markdown."""
    lines = [
        "# 规则引擎对比",
        "",
        f"{date.today().isoformat()},{os.cpu_count()} 核 {platform.machine()},"
        f"Python {platform.python_version()};{options.projects:,} 个项目,"
        f"{options.enterprises:,} 家企业,三个年度;预热一次后 {options.repeats} 次取中位。",
        "耗时从数据已在内存(DuckDB:已在表中)起算;内存是其上的峰值。",
        "",
        "| " + " | ".join(HEADINGS) + " |",
        "|---|---|--:|--:|--:|--:|---|",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]
    for title, found in extra:
        lines += [f"## {title}", "", "| 项目 | 结果 |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in found] + [""]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "rules.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
