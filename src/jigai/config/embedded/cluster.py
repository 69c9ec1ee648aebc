"""Making a database cluster, and the settings it runs with."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from jigai.config.embedded import failures
from jigai.config.embedded.account import Account
from jigai.config.embedded.binaries import MAJOR, program
from jigai.config.embedded.place import DATABASE, ROLE, WINDOWS, Place
from jigai.errors import JigaiError

# Bytes: an empty cluster with its first write-ahead log, and room to begin work.
ROOM_NEEDED = 200 * 1024**2
# Parallel queries share memory through /dev/shm, of which a container often has 64 MB.
ROOMY_SHARED_MEMORY = 512 * 1024**2

SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "60",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "lc_messages": "C",
    "client_encoding": "UTF8",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %q%a ",
    "log_min_duration_statement": "2s",
    "log_checkpoints": "off",
    "idle_in_transaction_session_timeout": "10min",
}


def environment() -> dict[str, str]:
    """The caller's environment without what would steer PostgreSQL (``PGDATA``, ``PGPORT`` …)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def prepare_folders(place: Place, account: Account) -> None:
    """Make the folders of the place with tight modes. Folders above keep theirs.

    Raises :class:`JigaiError` when the socket folder is somebody else's.
    """
    place.root.mkdir(parents=True, exist_ok=True)
    # The database account passes through the root folder when it is not the caller.
    place.root.chmod(0o700 if account.user is None else 0o711)
    for folder in (place.log, place.run):
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_foreign(folder, account)
        account.own(folder)
        folder.chmod(0o700)


def _refuse_foreign(folder: Path, account: Account) -> None:
    found = folder.lstat()
    own = {account.user, os.geteuid()} if hasattr(os, "geteuid") else {found.st_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in own:
        raise JigaiError(
            "postgres-socket",
            f"数据库的目录 {folder} 已被另一个账户占用。",
            "删除该目录，或用 JIGAI_DATA 换一个路径较短的数据目录。",
        )


def ensure_cluster(place: Place, account: Account) -> bool:
    """Make the cluster if there is none; true when it was made now.

    It is made beside its final name and moved at the end, so an interrupted start leaves nothing
    half made. Raises :class:`JigaiError` for a full disk and for another version's cluster.
    """
    if place.cluster.exists():
        _check_version(place.cluster)
        return False
    if shutil.disk_usage(place.root).free < ROOM_NEEDED:
        raise failures.disk_full(place.root)
    draft = place.root / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    _initdb(place, account, draft)
    _make_role(place, account, draft)
    draft.rename(place.cluster)
    return True


def _check_version(cluster: Path) -> None:
    file = cluster / "PG_VERSION"
    found = file.read_text().strip() if file.exists() else "不明"
    if found != str(MAJOR):
        raise JigaiError(
            "postgres-version",
            f"数据目录 {cluster} 是 PostgreSQL {found} 的，本版平台内置的是 {MAJOR}。",
            "用原来的版本执行 jigai backup，再用本版执行 jigai restore。",
        )


def _initdb(place: Place, account: Account, draft: Path) -> None:
    """Nobody may sign in yet, the superuser never: it is reachable in single-user mode only.

    Order by code point as in C, but upper and lower case as Unicode knows them.
    """
    command = account.command(
        program("initdb"),
        *("-D", str(draft), "--username=postgres", "--auth=reject", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    _run(command, place, "initdb")


def _make_role(place: Place, account: Account, draft: Path) -> None:
    """Add the platform's role and database. The role is no superuser but may make databases."""
    _write_files(place, draft, {}, account)
    command = account.command(program("postgres"), "--single", "-D", str(draft), "postgres")
    # url-safe characters only, so the password needs no quoting
    statements = (
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{place.password}'",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    )
    output = _run(command, place, "postgres --single", "\n".join(statements) + "\n")
    if "ERROR:" in output or "FATAL:" in output:
        raise failures.failed("建立数据库失败", output)


def _run(command: list[str], place: Place, name: str, given: str = "") -> str:
    done = subprocess.run(
        command,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment(),
        cwd=place.root,
    )
    if done.returncode != 0:
        raise failures.explain(place, f"{name} 失败", done.stdout, done.returncode)
    return done.stdout


def write_settings(place: Place, account: Account, extra: Mapping[str, str]) -> None:
    """Write settings and sign-in rules anew for this start; ``extra`` wins over ours."""
    _write_files(place, place.cluster, extra, account)


def _write_files(place: Place, cluster: Path, extra: Mapping[str, str], account: Account) -> None:
    settings = {**SETTINGS, **_by_machine(place), **extra}
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    lines.append(f"include_if_exists = '{_quoted(str(place.extra_settings))}'")
    host = f"host all {ROLE} 127.0.0.1/32" if WINDOWS else f"local all {ROLE}"
    for name, content in {
        "postgresql.conf": ["# 每次启动重写；要改设置请写进上一级目录的 extra.conf", *lines],
        "pg_hba.conf": [f"{host} scram-sha-256"],
    }.items():
        path = cluster / name
        path.write_text("\n".join(content) + "\n", encoding="utf-8")
        path.chmod(0o600)
        account.own(path)


def _by_machine(place: Place) -> dict[str, str]:
    shared = Path("/dev/shm")
    small = shared.is_dir() and shutil.disk_usage(shared).total < ROOMY_SHARED_MEMORY
    return {
        "log_directory": str(place.log),
        "port": str(place.port),
        "listen_addresses": "127.0.0.1" if WINDOWS else "",
        "unix_socket_directories": "" if WINDOWS else str(place.run),
        "unix_socket_permissions": "0700",
        **({"dynamic_shared_memory_type": "mmap"} if small else {}),
    }


def _quoted(value: str) -> str:
    return value.replace("'", "''")
