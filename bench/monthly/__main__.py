"""``python -m bench.monthly``: runs the month on a fresh database and writes the page."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from jigai.config.embedded import Place, Server

OUTPUT = Path("build/bench/monthly.md")


def main() -> None:
    """Measure once and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.monthly", description=__doc__)
    parser.add_argument("--projects", type=int, default=20_000)
    projects = parser.parse_args().projects
    with tempfile.TemporaryDirectory(prefix="jigai-bench-") as folder:
        place = Place(Path(folder) / "postgres")
        server = Server(place)
        server.start(lambda text: None)
        environment = {
            **os.environ,
            "JIGAI_DATA": folder,
            "DATABASE_URL": place.address(),
            "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        }
        try:
            _run(environment, "django", "migrate", "--verbosity=0")
            told = json.loads(_run(environment, "bench.monthly.work", str(projects), folder))
        finally:
            server.stop()
    text = _page(projects, told)
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


def _page(projects: int, told: dict[str, Any]) -> str:
    lines = [f"| {name} | {seconds:.2f} | {queries} | {note} |"
             for name, seconds, queries, note in told["steps"]]  # fmt: skip
    ours, bare = told["fill"], told["bare"]
    return "\n".join(
        (
            f"# 一个月的月报：{projects:,} 个项目，{told['people']:,} 个企业账号",
            "",
            "| 步骤 | 用时 s | 语句数 | 说明 |",
            "|---|---|---|---|",
            *lines,
            "",
            f"从 Excel 批量填报 {ours:.1f} s；同样的数裸读裸写（calamine + COPY）{bare:.1f} s，"
            f"是它的 {ours / bare:.1f} 倍。裸读裸写不对应项目、不与前月核对、"
            "没有变更记录、不能撤销。",
            f"内存峰值 {told['memory'] / 1024:,.0f} MB。",
            "",
        )
    )


if __name__ == "__main__":
    main()
