"""One real PostgreSQL for a whole test run, under the platform's own supervisor.

``claim_environment`` names the server before Django reads its settings; ``start`` and ``stop`` run
it in the one process that claimed it. Workers of pytest-xdist inherit the names and start nothing.
Set ``JIGAI_TEST_DATABASE_URL`` to test against a server of your own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from jigai.config.embedded import Place, Server

# Nothing here has to survive a power cut, and several workers keep connections at a time.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "max_connections": "200",
    "log_min_duration_statement": "-1",
}
ROOMY = 4 * 1024**3
CLAIMED = "JIGAI_TEST_RUN"
_data: Path | None = None
_server: Server | None = None


def scratch(prefix: str) -> Path:
    """A new folder for a database, in memory where there is plenty: it is copied a lot."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOMY
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


def claim_environment() -> None:
    """Point ``JIGAI_DATA`` and ``DATABASE_URL`` at a folder of this run; starts nothing."""
    global _data
    if os.environ.get(CLAIMED):
        return
    _data = scratch("jigai-test-")
    atexit.register(stop)  # also when the run ends before it began
    os.environ[CLAIMED] = "1"
    os.environ["JIGAI_DATA"] = str(_data)
    given = os.environ.get("JIGAI_TEST_DATABASE_URL", "")
    os.environ["DATABASE_URL"] = given or Place(_data / "postgres").address()


def start() -> None:
    """Start the server if this process claimed the environment and no server was given."""
    global _server
    if _data is not None and not os.environ.get("JIGAI_TEST_DATABASE_URL"):
        _server = Server(Place(_data / "postgres"), SETTINGS)
        _server.start(bound=True)


def stop() -> None:
    """Stop the server and delete the folder of this run."""
    global _data, _server
    if _server is not None:
        _server.stop(hurry=True)
        _server = None
    if _data is not None:
        shutil.rmtree(_data, ignore_errors=True)
        _data = None
