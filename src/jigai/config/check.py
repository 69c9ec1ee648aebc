"""``jigai check``: is everything there that a running platform needs?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jigai.config import environment
from jigai.config.embedded import Place, serving
from jigai.errors import JigaiError

Tell = Callable[[str], None]

ROOM_NEEDED = 1024**3
OLDEST_POSTGRES = 14
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``hint`` says what to do and is empty when nothing is."""

    title: str
    passed: bool
    state: str
    hint: str = ""


def run_checks(tell: Tell) -> list[Finding]:
    """All findings. An embedded database that does not run is started for the duration."""
    findings = [*_files()]
    if not environment.text("DATABASE_URL") and not Place.of_platform().cluster.exists():
        findings.append(Finding("数据库", False, "还没有建立", "先运行一次 jigai up"))
        return findings
    try:
        with serving(tell):
            findings.extend(_with_django())
    except JigaiError as error:
        findings.append(Finding("数据库", False, error.message, error.hint))
    return findings


def _files() -> Iterator[Finding]:
    root = environment.data_dir()
    if not root.is_dir():
        yield Finding("数据目录", False, f"{root} 不存在", "先运行一次 jigai up，或检查 JIGAI_DATA")
        return
    writable = os.access(root, os.W_OK)
    yield Finding("数据目录", writable, str(root), "" if writable else "让平台的账户可以写入")
    yield _modes(root)
    free = shutil.disk_usage(root).free
    room = free >= ROOM_NEEDED
    yield Finding("磁盘", room, f"剩余 {free / 1e9:.1f} GB", "" if room else "清理到 1 GB 以上")
    yield _secret()


def _modes(root: Path) -> Finding:
    """Secrets and data are for the owner alone."""
    place = Place.of_platform()
    private = (root / "secret.key", place.root / "password", place.cluster, place.run, place.log)
    wide = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    if root.stat().st_mode & 0o002:
        wide.append(root)
    names = "、".join(str(path.relative_to(root.parent)) for path in wide)
    if os.name == "nt" or not wide:
        return Finding("权限", True, "只有所有者可读")
    return Finding("权限", False, f"{names} 对别的账户开放", "chmod go-rwx 这些文件")


def _secret() -> Finding:
    long_enough = len(environment.secret_key()) >= SHORTEST_KEY
    hint = "" if long_enough else f"换成 {SHORTEST_KEY} 个以上的随机字符（JIGAI_SECRET_KEY）"
    return Finding("密钥", long_enough, "长度合格" if long_enough else "太短", hint)


def _with_django() -> Iterator[Finding]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
    try:
        import django

        django.setup()
        yield _configuration()
    except JigaiError:
        raise
    except Exception as error:
        yield Finding("配置", False, f"{type(error).__name__}：{error}", "按提示改正环境变量")
        return
    yield from _database()
    yield _static()


def _configuration() -> Finding:
    from django.conf import settings
    from django.core.checks import ERROR
    from django.core.checks import run_checks as django_checks

    errors = [found for found in django_checks() if found.level >= ERROR]
    if errors:
        return Finding("配置", False, str(errors[0].msg), str(errors[0].hint or ""))
    if settings.DEBUG:
        return Finding("配置", False, "调试模式开着", "正式使用时去掉 JIGAI_DEBUG")
    return Finding("配置", True, f"允许的主机名：{'、'.join(settings.ALLOWED_HOSTS)}")


def _database() -> Iterator[Finding]:
    import psycopg
    from django.db import DatabaseError, connection

    from jigai.config import probe
    from jigai.config.prepare import pending_migrations

    try:
        [(version, encoding)] = probe.ask(
            "SELECT current_setting('server_version'), pg_encoding_to_char(encoding) "
            "FROM pg_database WHERE datname = current_database()"
        )
        pending = pending_migrations()
        connection.close()
    except (psycopg.Error, DatabaseError) as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding("数据库", False, f"连接不上：{reason}", "检查 DATABASE_URL 与网络")
        return
    fits = int(version.split(".")[0]) >= OLDEST_POSTGRES and encoding == "UTF8"
    hint = "" if fits else f"需要 PostgreSQL {OLDEST_POSTGRES} 以上、UTF8 编码"
    yield Finding("数据库", fits, f"PostgreSQL {version}，{encoding}", hint)
    state = f"还差 {len(pending)} 步" if pending else "与本版一致"
    yield Finding("数据表", not pending, state, "jigai manage migrate" if pending else "")


def _static() -> Finding:
    from django.conf import settings

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return Finding("页面资源", False, "还没有整理", "先运行一次 jigai up")
    files = sum(1 for path in manifest.parent.rglob("*") if path.is_file())
    return Finding("页面资源", True, f"{files} 个文件")
