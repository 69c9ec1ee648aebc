"""Result rows below the data directory: one JSON object a line, found by the hash of their text."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jigai.errors import JigaiError

Row = dict[str, Any]


def rows_text(rows: Iterable[Row]) -> bytes:
    """Equal rows give equal bytes."""
    lines = (
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows
    )
    return "".join(line + "\n" for line in lines).encode()


def keep_rows(rows: Iterable[Row]) -> str:
    """Write rows; the hash they are found under.

    Raises :class:`JigaiError` when the disk has no room.
    """
    text = rows_text(rows)
    digest = hashlib.sha256(text).hexdigest()
    path = rows_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(text, compresslevel=6, mtime=0))
            os.replace(temporary, path)
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise JigaiError(
                "rows-not-kept", f"结果没有写成：{error.strerror}", "请检查数据目录的剩余空间"
            ) from error
    return digest


def rows_path(digest: str) -> Path:
    """Where a file of rows lies."""
    return Path(settings.DATA_DIR) / "sandbox" / digest[:2] / f"{digest}.jsonl.gz"


@lru_cache(maxsize=12)
def read_rows(digest: str) -> tuple[Row, ...]:
    """The rows kept under a hash; the last few files stay in memory. Not to be changed.

    Raises :class:`JigaiError` when the file is gone or no longer gives the hash.
    """
    path = rows_path(digest)
    if not path.exists():
        raise JigaiError(
            "rows-gone", f"结果文件 {digest[:12]} 不在数据目录中", "请从备份恢复，或重新运行情景"
        )
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError):
        text = b""
    if hashlib.sha256(text).hexdigest() != digest:
        raise JigaiError(
            "rows-changed",
            f"结果文件 {digest[:12]} 的内容与散列不符",
            "文件被改动过，请重新运行情景",
        )
    return tuple(json.loads(line) for line in text.decode().splitlines())
