"""Where the embedded database keeps its files, and the address under which it answers."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jigai.config import environment

ROLE = "jigai"
DATABASE = "jigai"
SOCKET_PORT = 5432
# The kernel keeps a socket path in 108 bytes (104 on macOS), its end mark included.
SOCKET_PATH_LIMIT = 103
WINDOWS = os.name == "nt"


@dataclass(frozen=True)
class Place:
    """The files of one embedded database, all below ``root``."""

    root: Path

    @classmethod
    def of_platform(cls) -> Place:
        """The place inside the data directory of the platform (``JIGAI_DATA``)."""
        return cls(environment.data_dir() / "postgres")

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls the data directory."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """The server's own log, one file a weekday."""
        return self.root / "log"

    @property
    def extra_settings(self) -> Path:
        """Settings of the operator; they win over ours and survive every start."""
        return self.root / "extra.conf"

    @property
    def run(self) -> Path:
        """The folder of the socket: below ``root``, or in a short place when that is too long."""
        beside = self.root / "run"
        if len(os.fsencode(beside / f".s.PGSQL.{SOCKET_PORT}")) <= SOCKET_PATH_LIMIT:
            return beside
        short = Path("/tmp")  # not $TMPDIR, which differs between a service and a terminal
        base = short if short.is_dir() else Path(tempfile.gettempdir())
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return base / f"jigai-{name}"

    @property
    def port(self) -> int:
        """The port: the usual one on a socket; on Windows a free one, chosen once and kept."""
        if not WINDOWS:
            return SOCKET_PORT
        return int(environment.kept(self.root / "port", lambda: str(_free_port())))

    @property
    def password(self) -> str:
        """The password of the platform's role, made once and readable by the owner alone."""
        return environment.kept(self.root / "password", lambda: secrets.token_urlsafe(32))

    def address(self, database: str = DATABASE) -> str:
        """The ``postgresql://`` address of a database here. Starts nothing."""
        signed_in = f"postgresql://{ROLE}:{quote(self.password, safe='')}"
        if WINDOWS:
            return f"{signed_in}@127.0.0.1:{self.port}/{database}"
        return f"{signed_in}@:{self.port}/{database}?host={quote(str(self.run), safe='')}"


def address() -> str:
    """The address of the platform's embedded database. Starts nothing."""
    return Place.of_platform().address()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
