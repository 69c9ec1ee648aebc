"""``jigai reset``: back to before the first start."""

from __future__ import annotations

import shutil
from pathlib import Path

from jigai.config import environment
from jigai.config.data_files import KEPT, REBUILT
from jigai.config.embedded import Place, Server
from jigai.config.embedded.locks import Lock
from jigai.config.reach import already_running, running_lock
from jigai.errors import JigaiError


def what_is_there() -> Path:
    """The data directory. Raises :class:`JigaiError` when there is nothing the reset may delete."""
    root = environment.data_dir()
    if environment.text("DATABASE_URL"):
        raise JigaiError(
            "reset-outside",
            "设了 DATABASE_URL：数据在平台之外的数据库里，这里不替您删除。",
            "请在数据库里清空或换一个库。",
        )
    if not any((root / name).exists() for name in (*KEPT, *REBUILT)):
        raise JigaiError("nothing-there", f"{root} 里没有平台的数据。", "检查 JIGAI_DATA。")
    return root


def reset_data() -> None:
    """Delete what the platform made, by name: the folder may hold things of somebody else.

    Raises :class:`JigaiError` while the platform, or a command of it, is using the data.
    """
    root = what_is_there()
    lock = running_lock()
    if not lock.take():
        raise already_running(lock)
    try:
        place = Place.of_platform()
        if place.root.exists():
            _refuse_in_use(place)
            Server(place).stop()
            shutil.rmtree(place.run, ignore_errors=True)
        for name in (*KEPT, *REBUILT):
            path = root / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    finally:
        lock.release()


def _refuse_in_use(place: Place) -> None:
    users = Lock(place.root / "users.lock")
    free = users.take()
    users.release()
    if not free:
        raise JigaiError("data-in-use", "另一个 jigai 命令正在使用数据。", "等它结束后再试。")
