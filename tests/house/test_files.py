"""What the repository promises about its own files."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from jigai import paths

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
MODULES = sorted(
    path for path in (ROOT / "src" / "jigai").rglob("*.py") if "migrations" not in path.parts
)
READMES = [ROOT / "README.md", ROOT / "README.en.md"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_every_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert "://" not in text
    assert "index-url" not in text
    assert all("==" in item and "--hash=sha256:" in item for item in requirements)


def test_the_runtime_lock_covers_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=~!\[]", item)[0].replace(".", "-") for item in project["dependencies"]}
    runtime = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", runtime, flags=re.MULTILINE))
    assert wanted <= locked


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_make_command_in_the_readme_exists(readme: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", readme.read_text(encoding="utf-8")))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named, "the readme shows how to start"
    assert named <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


@pytest.fixture
def house(tmp_path: Path) -> Callable[[dict[str, str]], list[str]]:
    """Runs the check of the house on a repository with these files; the files with findings."""

    def check(files: dict[str, str]) -> list[str]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        script = tmp_path / "tools" / "check_house.py"
        script.parent.mkdir(exist_ok=True)
        script.write_bytes((ROOT / "tools" / "check_house.py").read_bytes())
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, env=clean)
        done = subprocess.run(
            [sys.executable, str(script)], capture_output=True, text=True, check=False, env=clean
        )
        found = [line.split(":")[0] for line in done.stdout.splitlines() if ": " in line]
        assert done.returncode == (1 if found else 0), done.stderr
        return found

    return check


def test_the_check_of_the_house_finds_what_it_should(
    house: Callable[[dict[str, str]], list[str]],
) -> None:
    bad = {
        "requirements/a.lock": "-i https" + "://x\n",
        "src/left.py": "# TO" + "DO later\n",
        "src/long.html": "<br>\n" * 301,
        "src/long.py": "x = 1\n" * 501,
        "src/soon.html": "<p>敬请" + "期待</p>\n",
        "src/where.py": "A = '/ro" + "ot/data'\n",
    }
    right = {
        **{f"src/short{number}.py": "x = 1\n" for number in range(4)},
        "src/migrations/0001_initial.py": "x = 1\n" * 2000,
        "src/full.html": "<br>\n" * 300,
    }
    assert house({**bad, **right}) == list(bad)


def test_the_check_of_the_house_finds_files_that_are_long_on_average(
    house: Callable[[dict[str, str]], list[str]],
) -> None:
    assert house({"src/a.py": "x = 1\n" * 260, "src/b.py": ""}) == []
    assert house({"src/a.py": "x = 1\n" * 261}) == ["src"]


def test_shipped_folders_are_found_from_the_checkout() -> None:
    assert paths.packs_dir() == ROOT / "packs"
    assert (paths.data_dir() / "SOURCES.md").is_file()


def test_shipped_folders_are_found_from_a_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "site-packages" / "jigai")
    monkeypatch.setattr(paths, "_CHECKOUT", tmp_path)
    assert paths.packs_dir() == tmp_path / "site-packages" / "jigai" / "_packs"
    with pytest.raises(FileNotFoundError, match="源码目录"):
        paths.samples_dir()
