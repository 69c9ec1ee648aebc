"""Runs both and writes the comparison."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.imports.book import make_book
from jigai.config.embedded import Place, Server

OUTPUT = Path("build/bench/imports.md")


def main() -> None:
    """Measure once and write the page."""
    parser = argparse.ArgumentParser(prog="bench.imports")
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="jigai-bench-") as folder:
        data = Path(folder)
        path = data / "企业名录.xlsx"
        make_book(path, rows)
        size = path.stat().st_size
        place = Place(data / "postgres")
        server = Server(place)
        server.start(lambda text: None)
        environment = {
            **os.environ,
            "JIGAI_DATA": str(data),
            "DATABASE_URL": place.address(),
            "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        }
        try:
            _run(environment, "django", "migrate", "--verbosity=0")
            bare = json.loads(_run(environment, "bench.imports.bare", str(path)))
            ours = json.loads(_run(environment, "bench.imports.ours", str(path)))
        finally:
            server.stop()
    text = _page(rows, size, ours, bare)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(text, encoding="utf-8")
    print(text)


def _run(environment: dict[str, str], module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _page(rows: int, size: int, ours: dict[str, Any], bare: dict[str, Any]) -> str:
    total, least = ours["read"] + ours["commit"], bare["read"] + bare["commit"]
    mega = 1024  # ru_maxrss is in KB

    def line(name: str, found: dict[str, Any], seconds: float, memory: int) -> str:
        return (
            f"| {name} | {found['read']:.2f} | {found['commit']:.2f} | {seconds:.2f} "
            f"| {rows / seconds:,.0f} | {memory / mega:,.0f} |"
        )

    memory = max(ours["memory"], ours["child"])
    return "\n".join(
        (
            f"# 导入 {rows:,} 家企业（{size / 1e6:.1f} MB 的 .xlsx）",
            "",
            "| | 读取 s | 入库 s | 合计 s | 行/s | 内存峰值 MB |",
            "|---|---|---|---|---|---|",
            line("技改通", ours, total, memory),
            line("calamine + COPY", bare, least, bare["memory"]),
            "",
            f"用时是裸读裸写的 {total / least:.1f} 倍，内存峰值 {memory / bare['memory']:.1f} 倍。",
            f"技改通写入 {ours['rows']:,} 家企业及其变更记录、{ours['figures']:,} 条年度数据；"
            "读取包含全部单元格的规范化、逐格核对、问题清单和与库内数据的比对，"
            f"读文件的子进程峰值 {ours['child'] / mega:,.0f} MB。",
            "裸读裸写只把原文放进一张宽表：不识别表头，不核对，不去重，没有变更记录，不能撤销。",
            "",
        )
    )


if __name__ == "__main__":
    main()
