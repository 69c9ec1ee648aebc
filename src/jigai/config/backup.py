"""``jigai backup``: database and files in one tar that proves itself.

Layout: ``database.dump`` (pg_dump, custom format), ``files/…`` as in the data directory, and last
``manifest.json`` with version and SHA-256 of every member. A cut file therefore has no manifest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jigai.config import environment
from jigai.config.data_files import content_files
from jigai.config.embedded import address
from jigai.config.embedded.binaries import program
from jigai.errors import JigaiError

FORMAT = 1
DUMP, FILES, MANIFEST = "database.dump", "files/", "manifest.json"
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written: number of content files, size of the archive in bytes."""

    files: int
    size: int


def write_backup(target: Path) -> Backup:
    """Write the archive; it appears complete under its name or not at all.

    The database must answer. The dump is taken first: files are only ever added, so every file
    that the dump knows is there afterwards. Raises :class:`JigaiError` when the dump fails.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    root = environment.data_dir()
    with _draft(target, ".part") as part, _draft(target, ".dump") as dump:
        dump_database(dump)
        members: dict[str, Any] = {}
        with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
            members[DUMP] = _add(archive, dump, DUMP)
            for file in content_files(root):
                name = FILES + file.relative_to(root).as_posix()
                members[name] = _add(archive, file, name)
            _add_manifest(archive, members)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    return Backup(len(members) - 1, target.stat().st_size)


@contextmanager
def _draft(target: Path, suffix: str) -> Iterator[Path]:
    """A file beside the target, readable by the owner alone, gone at the end."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=suffix)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


class _Hashed:
    """A file that is hashed while the archive reads it, so that both see the same bytes."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


def _add(archive: tarfile.TarFile, path: Path, name: str) -> dict[str, Any]:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        found = os.fstat(file.fileno())
        entry.size, entry.mtime, entry.mode = found.st_size, int(found.st_mtime), 0o600
        hashed = _Hashed(file)
        archive.addfile(entry, hashed)  # type: ignore[arg-type]
    return {"size": entry.size, "sha256": hashed.digest.hexdigest()}


def _add_manifest(archive: tarfile.TarFile, members: dict[str, Any]) -> None:
    manifest = {
        "format": FORMAT,
        "version": version("jigai"),
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "members": members,
    }
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def dump_database(target: Path) -> None:
    """Write the database with pg_dump. Raises :class:`JigaiError` with its reason."""
    settings = database_settings()
    run_tool(
        "备份数据库失败",
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--file={target}",
        connect(settings, settings["NAME"]),
    )


def database_settings() -> dict[str, Any]:
    """The database of the platform, as Django's settings have it."""
    return environment.database(environment.text("DATABASE_URL") or address())


def connect(settings: dict[str, Any], name: str) -> str:
    """The ``--dbname`` argument for a database beside the platform's own; without the password."""
    from psycopg.conninfo import make_conninfo

    given = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        **settings["OPTIONS"],
    }
    return f"--dbname={make_conninfo(dbname=name, **{k: v for k, v in given.items() if v})}"


def run_tool(what: str, tool: str, *arguments: str) -> None:
    """Run a PostgreSQL program. Raises :class:`JigaiError` with the last line it wrote."""
    password = {"PGPASSWORD": database_settings()["PASSWORD"]}
    done = subprocess.run(
        [str(program(tool)), *arguments],
        env={**os.environ, **password, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        reason = (lines or done.stderr.splitlines() or ["没有输出"])[0]
        raise JigaiError(f"{tool}-failed", f"{what}：{reason}", "现有数据没有改动。")
