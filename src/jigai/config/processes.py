"""The child processes of a running platform: start, follow, restart, stop."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from jigai.config import lifeline

LOG_BYTES, LOG_FILES = 10 * 1024**2, 5
TAIL_LINES = 8
# Seconds until a restart: doubled after every early end, forgotten after a calm minute.
FIRST_PAUSE, LONGEST_PAUSE, CALM = 1.0, 30.0, 60.0


class Child:
    """A Python module running as a child, with its output in a log that rotates.

    ``title`` is its name in messages, ``name`` that of its log file.
    """

    def __init__(self, name: str, title: str, arguments: list[str], log_folder: Path) -> None:
        self.name, self.title, self.arguments = name, title, arguments
        self.log_path = log_folder / f"{name}.log"
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._started = 0.0
        self._ends = 0

    def start(self, on_line: Callable[[str], bool] | None = None) -> None:
        """Start the process. ``on_line`` sees each line first; true keeps it out of the log.

        The session is its own, so that Ctrl-C in the terminal reaches the platform alone.
        """
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", *self.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, lifeline.VARIABLE: "1", "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._copy, args=(self._process, on_line))
        self._reader.daemon = True
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """``None`` while it runs or before it was started."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        """Wait for the end and for the last line; the exit code."""
        assert self._process is not None and self._reader is not None
        code = self._process.wait()
        self._reader.join(timeout=1)
        return code

    def next_pause(self) -> float:
        """Seconds to wait before the next start, longer after every early end."""
        self._ends = self._ends + 1 if time.monotonic() - self._started < CALM else 1
        return min(FIRST_PAUSE * 2 ** (self._ends - 1), LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing and end."""
        if self._process and self.running:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def kill(self) -> None:
        """End the process and everything it started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def release(self) -> None:
        """Close the pipes of an ended process."""
        if self._process is None:
            return
        if self._reader is not None:
            self._reader.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _copy(
        self, process: subprocess.Popen[bytes], on_line: Callable[[str], bool] | None
    ) -> None:
        assert process.stdout is not None
        log = _rotating(self.log_path)
        with suppress(ValueError):  # closed while reading
            for line in _lines(process.stdout):
                if on_line is not None and on_line(line):
                    continue
                self.tail.append(line)
                log.emit(logging.makeLogRecord({"msg": line}))
        log.close()


def _lines(pipe: IO[bytes]) -> Iterator[str]:
    for raw in pipe:
        yield raw.decode("utf-8", errors="replace").rstrip("\n")


def _rotating(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    with suppress(OSError):
        path.chmod(0o600)
    return handler


def stop_all(children: list[Child], limit: float, hurry: Callable[[], bool]) -> list[Child]:
    """Ask all to stop, in this order; kill what is left after ``limit`` seconds or in a hurry.

    Returns the children that had to be killed.
    """
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + limit
    while any(child.running for child in children):
        if hurry() or time.monotonic() > until:
            break
        time.sleep(0.02)
    late = [child for child in children if child.running]
    for child in children:
        child.kill()  # also what a child that ended itself left behind in its group
        child.release()
    return late
