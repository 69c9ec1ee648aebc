"""``jigai up`` as people run it: a process of its own, watched from outside."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import psutil

# Seconds after which a test gives up; nothing is asserted about speed.
LIMIT = 90


def jigai(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with these environment variables."""
    return subprocess.run(
        command(*arguments),
        env={**environment(data), **variables},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-c", "from jigai.cli import app; app()", *arguments]


def environment(data: Path) -> dict[str, str]:
    """That of a person who set nothing but the data directory."""
    names = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "JIGAI_TEST_RUN", "PYTHONWARNINGS"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "JIGAI_DATA": str(data), "COLUMNS": "200"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.2)


def copy_tree(source: Path, target: Path) -> None:
    """With owners and modes, which ``shutil`` leaves behind."""
    subprocess.run(["cp", "-a", source, target], check=True)


def remove_tree(folder: Path) -> None:
    """Delete a database's folder, though its last helpers may still be writing their good-bye."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"cannot delete {folder}")


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every living process that has to do with a data directory: by argument or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            named = any(str(folder) in part for part in process.cmdline())
            inherits = process.environ().get("JIGAI_DATA") == str(folder)
            if (named or inherits) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


class Running:
    """A platform without samples; ``lines`` is what it said so far."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.lines: list[str] = []
        self._said: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            command("up", "--no-samples", "--port", str(self.port)),
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.rstrip("\n"))
        self._said.put(None)  # the end

    def wait_for(self, words: str) -> str:
        """Wait until it says something with these words; the line."""
        while True:
            line = self._said.get(timeout=LIMIT)
            assert line is not None, f"ended without {words!r}:\n" + "\n".join(self.lines)
            self.lines.append(line)
            if words in line:
                return line

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        assert not self._reader.is_alive(), "a process that is left holds the output open"
        while not self._said.empty():
            line = self._said.get()
            self.lines.extend([] if line is None else [line])
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def record(self, file: Path) -> None:
        """Keep what happened for the other workers of the test run."""
        file.write_text(json.dumps([self.port, self.lines, self.process.returncode]))

    @classmethod
    def recorded(cls, data: Path, file: Path) -> Running:
        """What another worker kept."""
        past = cls.__new__(cls)
        past.data = data
        past.port, past.lines, code = json.loads(file.read_text())
        past.process = SimpleNamespace(returncode=code)  # type: ignore[assignment]
        return past


@contextmanager
def running(data: Path) -> Iterator[Running]:
    """A platform that answers; ended hard if the test has not ended it itself."""
    platform = Running(data)
    try:
        platform.wait_for("按 Ctrl-C 停止")
        yield platform
    finally:
        if platform.process.returncode is None:
            platform.end(signal.SIGKILL)
            until(lambda: not processes_of(data), "children of a killed platform end")


@contextmanager
def worker(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the database at an address; it never outlives the test."""
    from django.conf import settings

    env = {
        **os.environ,
        "DATABASE_URL": address,
        "JIGAI_DATA": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
    }
    process = subprocess.Popen([sys.executable, "-m", "jigai.config.worker"], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
