"""Browser tests share one platform: marked, on one worker; and skipping them is never silent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "tests" / "browser").glob("test_*.py"))

OPTIONS = ("-p", "tests.browser.plugin", "-p", "no:django", "-p", "no:cacheprovider")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_module_is_marked(module: Path) -> None:
    assert "pytestmark = pytest.mark.browser" in module.read_text("utf-8").splitlines()


def run(folder: Path, *arguments: str) -> str:
    """The output of a small run with nothing but the plugin."""
    clean = {key: value for key, value in os.environ.items() if "XDIST" not in key}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--rootdir={folder}", *arguments, *OPTIONS],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_one_worker_runs_them_all_while_others_are_spread(tmp_path: Path) -> None:
    for folder, count in (("browser", 4), ("core", 20)):
        path = tmp_path / "tests" / folder / f"test_{folder}.py"
        path.parent.mkdir(parents=True)
        path.write_text(
            "import os, pathlib, pytest, time\n"
            f"@pytest.mark.parametrize('n', range({count}))\n"
            "def test_it(n):\n"
            f"    name = '{folder}-' + os.environ['PYTEST_XDIST_WORKER']\n"
            f"    (pathlib.Path('{tmp_path}') / name).touch()\n"
            "    time.sleep(0.05)\n",
            encoding="utf-8",
        )
    assert "24 passed" in run(tmp_path, "-n", "2")
    assert len(list(tmp_path.glob("browser-gw*"))) == 1
    assert len(list(tmp_path.glob("core-gw*"))) == 2


def test_skipping_them_is_said_in_red(tmp_path: Path) -> None:
    path = tmp_path / "tests" / "browser" / "test_it.py"
    path.parent.mkdir(parents=True)
    path.write_text("import pytest\ndef test_it():\n    pytest.skip('none')\n", encoding="utf-8")
    said = run(tmp_path)
    assert "1 skipped" in said
    assert "1 项浏览器测试没有运行" in said
