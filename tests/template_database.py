"""The migrated, empty database that every worker copies.

Migrating takes ten seconds, copying a tenth of one. What the migrations make is kept as a dump in
``build/``, named by the content of all migrations, so that only a run after a change pays for them.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg

from jigai.config.backup import run_tool
from jigai.config.embedded import Place
from jigai.config.embedded.locks import alone

NAME = "jigai_template"
KEPT = Path(__file__).resolve().parent.parent / "build" / "test-template"
KEEP = 3


def ensure(place: Place) -> None:
    """Make the template on this run's server unless another worker has; the others wait."""
    with alone(place.root / "template.lock"):
        if _exists(place):
            return
        # Made under another name first, so that a run cut short leaves no half template.
        _execute(place, f"CREATE DATABASE {NAME}_draft")
        _fill(f"{NAME}_draft", place)
        _execute(place, f"ALTER DATABASE {NAME}_draft RENAME TO {NAME}")


def _fill(name: str, place: Place) -> None:
    dump = KEPT / f"{_key()}.dump"
    target = f"--dbname={place.address(name)}"
    if dump.exists():
        run_tool("恢复测试库失败", "pg_restore", "--exit-on-error", target, str(dump))
        os.utime(dump)
        return
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--verbosity=0"],
        env={
            **os.environ,
            "DATABASE_URL": place.address(name),
            "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        },
        check=True,
    )
    KEPT.mkdir(parents=True, exist_ok=True)
    draft = dump.with_suffix(f".{os.getpid()}")
    run_tool("保存测试库失败", "pg_dump", "--format=custom", f"--file={draft}", target)
    draft.replace(dump)
    for old in sorted(KEPT.glob("*.dump"), key=lambda file: file.stat().st_mtime)[:-KEEP]:
        with suppress(FileNotFoundError):
            old.unlink()


def _key() -> str:
    """Changes with the text of any migration, ours or a library's, and what ours take from code."""
    from django.db.migrations.loader import MigrationLoader

    from jigai.core.models.search import PAIRS_SQL

    digest = hashlib.sha256(PAIRS_SQL.encode())
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for label, migration in sorted(migrations.items()):
        file = sys.modules[type(migration).__module__].__file__
        digest.update(repr(label).encode() + Path(file or "").read_bytes())
    return digest.hexdigest()[:24]


def _exists(place: Place) -> bool:
    with psycopg.connect(place.address("postgres")) as session:
        found = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        return found.fetchone() is not None


def _execute(place: Place, statement: str) -> None:
    with psycopg.connect(place.address("postgres"), autocommit=True) as session:
        session.execute(statement)  # type: ignore[call-overload]
