"""``jigai restore``: a backup becomes the platform's data, or nothing changes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jigai.config import environment
from jigai.config.archive import extract, verify
from jigai.config.backup import DUMP, FILES, connect, database_settings, run_tool
from jigai.config.data_files import KEPT
from jigai.config.embedded import serving
from jigai.config.reach import already_running, running_lock
from jigai.errors import JigaiError

Tell = Callable[[str], None]
OLD = "旧"


def restore_backup(file: Path, *, replace: bool, tell: Tell) -> None:
    """Check the backup, restore it beside the present data, swap both when that has worked.

    Raises :class:`JigaiError` when the backup is bad, the platform runs, or there is data and
    ``replace`` is false. Then, and after any failure before the swap, the data is as before.
    """
    lock = running_lock()
    if not lock.take():
        raise already_running(lock)
    try:
        tell("核对备份")
        manifest = verify(file)
        with serving(tell):
            _restore(file, replace, tell)
        tell(f"已恢复到 {manifest['made_at']} 的数据（版本 {manifest['version']}）")
    finally:
        lock.release()


def _restore(file: Path, replace: bool, tell: Tell) -> None:
    settings = database_settings()
    if not replace and has_data(settings):
        raise JigaiError(
            "data-present",
            "现在的数据不是空的，恢复会取代它。",
            "确认后加上 --yes；可先 jigai backup。",
        )
    root = environment.data_dir()
    fresh, old = f"{settings['NAME']}_restored", f"{settings['NAME']}_replaced"
    with (
        tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as name,
        _cleared(settings, fresh, old),
    ):
        folder = Path(name)
        tell("恢复数据库")
        extract(file, folder)
        _execute(settings, "CREATE DATABASE {}", fresh)
        run_tool(
            "恢复数据库失败",
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            connect(settings, fresh),
            str(folder / DUMP),
        )
        with ExitStack() as undo:
            _swap_databases(settings, fresh, old, undo)
            _swap_files(folder / FILES, root, folder / OLD, undo)
            undo.pop_all()


def has_data(settings: dict[str, Any]) -> bool:
    """True when the database holds tables."""
    with _session(settings, settings["NAME"]) as session:
        found = session.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    return bool(found and found[0])


def _swap_databases(settings: dict[str, Any], fresh: str, old: str, undo: ExitStack) -> None:
    name = settings["NAME"]
    rename = "ALTER DATABASE {} RENAME TO {}"
    _execute(settings, rename, name, old)
    undo.callback(_execute, settings, rename, old, name)
    _execute(settings, rename, fresh, name)
    undo.callback(_execute, settings, rename, name, fresh)


def _swap_files(restored: Path, root: Path, old: Path, undo: ExitStack) -> None:
    """By renaming within one file system: quick, and each step can be taken back."""
    old.mkdir()
    for name in KEPT:
        if (root / name).exists():
            (root / name).rename(old / name)
            undo.callback((old / name).rename, root / name)
        if (restored / name).exists():
            (restored / name).rename(root / name)
            undo.callback(_set_aside, root / name)


def _set_aside(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _cleared(settings: dict[str, Any], *names: str) -> Iterator[None]:
    """Databases of these names are scratch: gone before and after."""
    for name in names:
        _execute(settings, "DROP DATABASE IF EXISTS {}", name)
    try:
        yield
    finally:
        for name in names:
            _execute(settings, "DROP DATABASE IF EXISTS {}", name)


@contextmanager
def _session(settings: dict[str, Any], name: str) -> Iterator[psycopg.Connection[Any]]:
    conninfo = connect(settings, name).removeprefix("--dbname=")
    with psycopg.connect(conninfo, password=settings["PASSWORD"], autocommit=True) as session:
        yield session


def _execute(settings: dict[str, Any], statement: str, *names: str) -> None:
    """A statement about whole databases. Raises :class:`JigaiError` when the server refuses."""
    try:
        with _session(settings, "postgres") as session:
            session.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]
    except psycopg.errors.ObjectInUse:
        raise JigaiError(
            "database-in-use", "还有程序连着数据库，不能换下它。", "停止所有使用它的程序后再恢复。"
        ) from None
    except psycopg.errors.InsufficientPrivilege:
        raise JigaiError(
            "database-rights",
            "数据库账户无权建立或改名数据库。",
            "给它 CREATEDB 权限并让它拥有本库。",
        ) from None
