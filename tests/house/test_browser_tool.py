"""``tools/browser.py`` takes what is there, brings what is not, and says loudly when it cannot."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import browser

Fake = Callable[..., Path]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Makes a program on an otherwise empty path; nothing else of this machine is found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setattr(browser, "PLAYWRIGHT", (str(tmp_path / "playwright"),))
    monkeypatch.setattr(browser, "_of_playwright", lambda: iter(()))

    def make(name: str, code: str = "exit 0") -> Path:
        path = tmp_path / name
        path.write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/calls\n{code}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[str]]:
    """What was run, in order."""

    def read() -> list[str]:
        file = tmp_path / "calls"
        return file.read_text().splitlines() if file.exists() else []

    return read


def installer(name: str) -> str:
    """The code of a program that makes a Chromium appear."""
    make = f'printf "#!/bin/sh\\nexit 0\\n" > {name} && /bin/chmod +x {name}'
    return f'case "$*" in *install*) {make};; esac'


def test_the_named_one_comes_first(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    fake("chromium")
    named = fake("my-chrome")
    monkeypatch.setenv("CHROME", str(named))
    assert browser.find_browser() == str(named)


def test_one_that_does_not_start_is_passed_over(fake: Fake) -> None:
    fake("chromium", "exit 1")
    good = fake("google-chrome")
    assert browser.bring_browser(pytest.fail) == str(good)


def test_debian_brings_browser_and_fonts_for_root(
    fake: Fake, calls: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    fake("apt-get", installer(f"{tmp_path}/chromium"))
    assert browser.bring_browser(lambda text: None) == f"{tmp_path}/chromium"
    assert calls() == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk",
    ]


def test_an_older_debian_brings_the_whole_browser(
    fake: Fake, calls: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    code = installer(f"{tmp_path}/chromium")
    fake("apt-get", f'case "$*" in *headless-shell*) exit 100;; esac\n{code}')
    assert browser.bring_browser(lambda text: None) == f"{tmp_path}/chromium"
    assert "recommends chromium fonts-noto-cjk" in calls()[-1]


@pytest.mark.parametrize("user", [0, 1000])
def test_playwright_brings_one_where_debian_does_not(
    fake: Fake,
    calls: Callable[[], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    fake("apt-get", "echo no network >&2; exit 100")
    fake("playwright", installer(f"{tmp_path}/chromium"))
    told: list[str] = []
    assert browser.bring_browser(told.append) == f"{tmp_path}/chromium"
    assert any("no network" in line if user == 0 else "root" in line for line in told)
    assert calls()[-1] == "playwright install --no-shell chromium"


def test_without_any_it_says_so_and_does_not_fail(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    fake("playwright", "echo refused >&2; exit 1")
    assert browser.main() == 0
    said = capsys.readouterr().err
    assert "refused" in said
    assert "浏览器测试将被跳过" in said


def test_missing_fonts_are_brought_too(
    fake: Fake, calls: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    fake("chromium")
    fake("fc-list", "exit 0")
    fake("apt-get")
    assert browser.bring_browser(lambda text: None)
    assert calls()[-1] == "apt-get install -y -qq --no-install-recommends fonts-noto-cjk"
