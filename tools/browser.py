"""Find a Chromium for the browser tests, or bring one; ``make test`` asks before the first test.

In this order: the one ``CHROME`` names or that is on the path; Debian's, with Chinese fonts, where
packages may be installed; Playwright's own download. The headless shell comes first: the same
engine without a window's worth of work. Prints the way to it, or loudly why there is none. The exit
code is 0 either way: without a browser its tests are skipped, not lost.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable", "chrome",
)  # fmt: skip
# Debian's, the better first; older releases have only the second.
PACKAGES = ("chromium-headless-shell", "chromium")
FONTS = "fonts-noto-cjk"
PLAYWRIGHT = (sys.executable, "-m", "playwright")
# Seconds a download may take, and the browser to tell its version.
DOWNLOAD_LIMIT, ANSWER_LIMIT = 900, 60


def find_browser() -> str:
    """The way to a Chromium that starts, or empty. Installs nothing."""
    return next((path for path in _candidates() if _answers(path)), "")


def bring_browser(tell: Callable[[str], None]) -> str:
    """The way to a Chromium, installed when there is none; empty when all ways failed.

    ``tell`` is given what is being done and why something did not work.
    """
    found = find_browser()
    if found:
        _bring_fonts(tell)
        return found
    for name, bring in (("Debian", _by_apt), ("Playwright", _by_playwright)):
        reason = bring(tell)
        if not reason and (found := find_browser()):
            return found
        tell(reason or f"{name} 的 chromium 装好了,却不能启动")
    return ""


def main() -> int:
    """Bring a browser and say where it is."""
    found = bring_browser(lambda text: print(text, file=sys.stderr))
    if found:
        print(f"浏览器:{found}", file=sys.stderr)
        return 0
    bar = "!" * 72
    print(bar, file=sys.stderr)
    print("没有可用的浏览器,浏览器测试将被跳过。请安装 chromium 或设 CHROME。", file=sys.stderr)
    print(bar, file=sys.stderr)
    return 0


def _candidates() -> Iterator[str]:
    if given := os.environ.get("CHROME", ""):
        yield given
    yield from filter(None, map(shutil.which, NAMES))
    yield from _of_playwright()


def _of_playwright() -> Iterator[str]:
    """Where Playwright would have put its own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    with sync_playwright() as play:
        path = play.chromium.executable_path
    if os.path.exists(path):
        yield path


def _answers(path: str) -> bool:
    """Whether it starts: a stand-in package or a missing library shows here."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=ANSWER_LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _by_apt(tell: Callable[[str], None]) -> str:
    """Debian's, with fonts; the reason when that failed."""
    if not _may_install():
        return "不能用 apt-get 安装(不是 root,或没有 apt-get)"
    tell("正在安装 chromium 与中文字体 …")
    reason = ""
    for package in PACKAGES:
        reason = _apt(package, FONTS)
        if not reason:
            break
    return reason


def _by_playwright(tell: Callable[[str], None]) -> str:
    """Playwright's own download; the reason when that failed."""
    tell("正在下载 Playwright 的 chromium …")
    return _run(*PLAYWRIGHT, "install", "--no-shell", "chromium")


def _bring_fonts(tell: Callable[[str], None]) -> None:
    """Without a Chinese font pages are rows of boxes: right to a test, wrong in a screenshot."""
    listing = shutil.which("fc-list")
    if listing is None:
        return
    known = subprocess.run([listing, ":lang=zh"], capture_output=True, text=True, check=False)
    if not known.stdout.strip():
        reason = _apt(FONTS) if _may_install() else "没有权限安装"
        tell(f"没有中文字体:{reason}" if reason else "已安装中文字体")


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(*packages: str) -> str:
    """Install packages; the reason when that failed."""
    reason = _run("apt-get", "update", "-qq")
    return reason or _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def _run(*command: str) -> str:
    """Empty when the command succeeded, else a line that says what went wrong."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    name = " ".join(command[-3:])
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name}:{type(error).__name__}"
    said = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else f"{name}:{said[-1] if said else done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
