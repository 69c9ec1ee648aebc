"""What ``postmaster.pid`` says, and whether the process it names is still that server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

# Seconds between the start of a process and the start it writes down, rounding included.
START_TOLERANCE = 5.0
# Above the largest process id of any kernel, so never in use.
NEVER_A_PROCESS = 4194305


@dataclass(frozen=True)
class Postmaster:
    """One server as its pid file describes it: process, start (Unix seconds), state."""

    pid: int
    started: int
    status: str

    @property
    def ready(self) -> bool:
        return self.status == "ready"


def read(cluster: Path) -> Postmaster | None:
    """The content of the pid file; ``None`` when there is none or it is not complete yet."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), int(lines[2]), lines[7].strip() if lines[7:] else "")
    except (FileNotFoundError, ValueError, IndexError):
        return None


def process_of(found: Postmaster, cluster: Path) -> psutil.Process | None:
    """The running server, or ``None`` when it ended, even if its number went to another process.

    A process that is PostgreSQL and names this cluster is the server whatever the clock says (the
    clock may have been set since); else name and start time have to fit.
    """
    try:
        process = psutil.Process(found.pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return None
        if str(cluster) in process.cmdline():
            return process
        same_start = abs(process.create_time() - found.started) <= START_TOLERANCE
        return process if same_start else None
    except psutil.NoSuchProcess:
        return None


def running(cluster: Path) -> psutil.Process | None:
    """The server of this cluster if it runs, whoever started it."""
    found = read(cluster)
    return process_of(found, cluster) if found else None


def forget_reused(cluster: Path) -> None:
    """Let a server start although the number in the old pid file now belongs to somebody else.

    PostgreSQL refuses to start while that number is alive. The file is not deleted: the shared
    memory it names is how PostgreSQL notices back ends that survived their server.
    """
    path = cluster / "postmaster.pid"
    found = read(cluster)
    if found is None or not psutil.pid_exists(found.pid) or process_of(found, cluster):
        return
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([f"{NEVER_A_PROCESS}\n", *lines[1:]]))
