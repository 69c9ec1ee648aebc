"""Bytes on disk: written aside, checked, then moved to their place in one step."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from jigai.errors import JigaiError

PIECE = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def root() -> Path:
    """The folder of the store."""
    return Path(settings.DATA_DIR) / "evidence"


def place_of(sha256: str) -> Path:
    """Where the bytes with this hash lie: ``ab/cd/<sha256>``."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def incoming() -> Path:
    """The folder for what is still arriving; on the same disk, so that a move is one step."""
    return private_folder(root() / "incoming")


def private_folder(folder: Path) -> Path:
    """Make a folder that only this account can look into, and those above it up to the store."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(made):
        path.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def disk_errors(name: str) -> Iterator[None]:
    """Operating-system errors in the words of a person."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise JigaiError(
                "evidence-disk-full",
                f"磁盘空间不足，文件“{name}”没有保存",
                "请通知平台管理员清理磁盘，然后重新上传",
            ) from error
        raise JigaiError(
            "evidence-write", f"文件“{name}”没有保存成功", "请稍后再试；一直如此请联系平台管理员"
        ) from error


@contextmanager
def aside() -> Iterator[Path]:
    """A fresh private file; gone afterwards unless it was moved to its place."""
    handle, name = tempfile.mkstemp(prefix="new-", dir=incoming())
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_hashed(stream: BinaryIO, path: Path, limit: int) -> tuple[str, int]:
    """Write a stream to disk for good; its SHA-256 and size. Stops one byte above ``limit``."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as target:
        while size <= limit and (piece := stream.read(PIECE)):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def settle(path: Path, sha256: str) -> Path:
    """Move a finished file to its place; bytes that lie there already stay as they are."""
    target = place_of(sha256)
    private_folder(target.parent)
    if target.exists() and target.stat().st_size == path.stat().st_size:
        return target
    path.chmod(0o600)
    path.replace(target)
    _remember(target.parent)
    return target


def _remember(folder: Path) -> None:
    """Make the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
