"""``python -m bench.sweep``: sweep, single decision and solver, checked and in one table."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from datetime import date

from rich.console import Console
from rich.table import Table

from bench.rules.__main__ import FOLDER, make_data
from bench.rules.data import ENTERPRISES, PROJECTS, VARIANTS, Data
from bench.sweep import scenarios, single

TARGET_SECONDS, TARGET_TIMES, TARGET_EVALUATIONS = 0.5, 20, 12
NAMES = {"complete": "数据齐全", "missing": "每列缺 2%"}
Line = tuple[str, str, str]


def main() -> None:
    """Measure, check that all costs agree, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.sweep", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    parser.add_argument("--cases", type=int, default=20_000)
    options = parser.parse_args()
    console = Console() if Console().is_terminal else Console(width=140)
    lines: list[Line] = []
    for variant in VARIANTS:
        folder = make_data(variant, options.projects, options.enterprises)
        data = Data.load(folder / f"{variant}.npz")
        console.print(f"[dim]{NAMES[variant]}：五十个情景 …[/]")
        lines += sweep_lines(data, variant, options.repeats)
    console.print("[dim]单例 …[/]")
    lines += case_lines(data, options.cases)
    show(console, lines)
    write(lines, options)


def sweep_lines(data: Data, variant: str, repeats: int) -> list[Line]:
    """The sweep beside separate runs and reforms; raises where our own costs differ."""
    ours = scenarios.load(data)
    ready, seconds, costs = scenarios.swept(ours, repeats)
    apart, wanted = scenarios.one_by_one(ours)
    if costs != wanted:
        raise SystemExit("sweep and separate runs differ")
    median, name = statistics.median(seconds), NAMES[variant]
    count = len(scenarios.RATES)
    met = "达到" if median <= TARGET_SECONDS else "没有达到"
    found = [
        (f"{name}：{count} 个情景一次扫过", f"{median:.3f} s", f"目标 {TARGET_SECONDS} s，{met}"),
        ("　准备一次", f"{ready:.3f} s", "读一遍事实，算好不随情景变的"),
        (f"　自己的计划跑 {count} 遍", f"{apart:.2f} s", f"{apart / median:.1f} 倍；成本逐分相同"),
    ]
    if variant == "complete":
        # It has no missing inputs: defaults would price other projects.
        found += reform_lines(data, median, wanted)
        found += solver_lines(ours, wanted)
    return found


def reform_lines(data: Data, median: float, wanted: list[int]) -> list[Line]:
    """OpenFisca reforms; its floats are off by so many fen."""
    from bench.sweep import reforms

    built, taken, costs = reforms.run(data, scenarios.RATES)
    times = taken / median
    off = max(abs(a - b) for a, b in zip(costs, wanted, strict=True))
    met = "达到" if times >= TARGET_TIMES else "没有达到"
    return [
        (f"　OpenFisca 改革 {len(costs)} 个", f"{taken:.2f} s",
         f"{times:.0f} 倍（目标 {TARGET_TIMES} 倍，{met}）；最多差 {off / 100:,.2f} 元"),
        ("　　建模", f"{built:.2f} s", "不计入倍数"),
    ]  # fmt: skip


def solver_lines(ours: scenarios.Ours, wanted: list[int]) -> list[Line]:
    """The rate that meets the cost of a scenario in the middle and a little more."""
    budget = wanted[len(wanted) // 2] + 7
    seconds, found = scenarios.solved(ours, budget)
    if found.state != "found" or not found.cost <= budget < found.cost_beyond:
        raise SystemExit("the solver's answer does not hold")
    met = "达到" if found.passes <= TARGET_EVALUATIONS else "没有达到"
    value = f"{float(found.value) * 100:.2f}%"
    return [
        ("按预算求比例（0.01 个百分点，0 至 100%）", f"测算 {found.passes} 遍",
         f"目标 {TARGET_EVALUATIONS} 遍，{met}；{len(found.looked)} 个取值，{seconds:.2f} s"),
        ("　求得", value, f"成本 {found.cost / 100:,.2f} 元 ≤ 预算 {budget / 100:,.2f} 元 < "
                      f"再多 0.01 点 {found.cost_beyond / 100:,.2f} 元"),
    ]  # fmt: skip


def case_lines(data: Data, repeats: int) -> list[Line]:
    """Single decisions in process."""
    rows = single.measure(data, repeats)
    first = rows[0][1]
    return [
        (f"单例：{name}", f"p50 {half:,.1f} µs",
         f"p99 {most:,.1f} µs；p50 是我们的 {half / first:.1f} 倍")
        for name, half, most in rows
    ]  # fmt: skip


def show(console: Console, lines: list[Line]) -> None:
    """Print the table."""
    table = Table("项目", "结果", "说明", title="情景、单例与求解")
    for line in lines:
        table.add_row(*line)
    console.print(table)


def write(lines: list[Line], options: argparse.Namespace) -> None:
    """Write the same as Markdown."""
    texts = [
        "# 情景、单例与求解",
        "",
        f"{date.today().isoformat()}，{os.cpu_count()} 核 {platform.machine()}，"
        f"Python {platform.python_version()}；{options.projects:,} 个项目，"
        f"{options.enterprises:,} 家企业；预热一次后 {options.repeats} 次取中位。",
        "",
        "| 项目 | 结果 | 说明 |",
        "|---|--:|---|",
        *(f"| {name} | {value} | {note} |" for name, value, note in lines),
        "",
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "sweep.md").write_text("\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
