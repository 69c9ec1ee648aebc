"""Check the rules of the house that no other tool checks.

Run from anywhere: ``python tools/check_house.py``. Prints one line per finding and exits 1 if any.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE_LIMITS = {"src": 500, "tests": 800, "bench": 500, "tools": 500}
TEMPLATE_LIMIT = 300
# Mean length of the Python files of src/, migrations apart: small files are the rule, not the luck.
MEAN_LIMIT = 130
TEXT_SUFFIXES = {
    *(".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".json", ".sh", ".lock", ".cfg", ".txt", ""),
    *(".html", ".css", ".js"),
}
# Workbooks and tables as offices send them, in whatever encoding that was.
SAMPLES = Path("tests", "samples")
# Spelled in pieces so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b"
    "|" + "|".join(["敬请" + "期待", "待" + "实现", "待" + "开发", "功能" + "建设中"])
)
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|farm|root|home/[a-z]\w*|Users/\w+)/")
ADDRESS = re.compile("http" + "s?://")


def main() -> int:
    """Print every finding; return the exit code."""
    files = shipped_files()
    findings = [finding for path in files for finding in check_file(path)]
    findings += check_mean(files)
    print("\n".join(findings) if findings else "仓库规矩:没有问题")
    return 1 if findings else 0


def shipped_files() -> list[Path]:
    """Every file git tracks or would track, as an absolute path."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listing.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def check_file(path: Path) -> Iterator[str]:
    """Yield ``path:line: finding`` for one file; binary files and samples are passed over."""
    name = path.relative_to(ROOT)
    if path.suffix not in TEXT_SUFFIXES or name.is_relative_to(SAMPLES):
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        yield f"{name}:1: 不是 UTF-8 编码"
        return
    limit = line_limit(name)
    if limit is not None and len(lines) > limit:
        yield f"{name}:{len(lines)}: 文件有 {len(lines)} 行,上限 {limit} 行,请拆分"
    is_lock = name.parts[0] == "requirements" or "lock" in path.name
    for number, line in enumerate(lines, start=1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: 留有未完成标记"
        if MACHINE_PATH.search(line):
            yield f"{name}:{number}: 含本机绝对路径"
        if is_lock and ADDRESS.search(line):
            yield f"{name}:{number}: 锁文件里不应有地址,只留散列"


def line_limit(name: Path) -> int | None:
    """How many lines a file may have; migrations are written by Django and may have any number."""
    if name.suffix == ".html":
        return TEMPLATE_LIMIT
    if name.suffix != ".py" or "migrations" in name.parts:
        return None
    return LINE_LIMITS.get(name.parts[0])


def check_mean(files: list[Path]) -> Iterator[str]:
    """Yield a finding when the Python files of ``src`` are too long on average."""
    names = [(path, path.relative_to(ROOT)) for path in files]
    sizes = [
        len(path.read_text(encoding="utf-8").splitlines())
        for path, name in names
        if name.parts[0] == "src" and line_limit(name) == LINE_LIMITS["src"]
    ]
    if sizes and sum(sizes) > MEAN_LIMIT * len(sizes):
        mean = sum(sizes) / len(sizes)
        yield f"src:0: Python 文件平均 {mean:.0f} 行,上限 {MEAN_LIMIT} 行,请拆分"


if __name__ == "__main__":
    sys.exit(main())
