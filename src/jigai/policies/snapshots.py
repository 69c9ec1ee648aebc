"""Snapshots: the facts a run saw, written once under their own hash and read back exactly."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from jigai.errors import JigaiError
from jigai.policies.fact_run import FactRows
from jigai.rules.facts import UNREADABLE

_UNREADABLE, _DAY, _DECIMAL = "!unreadable", "!day", "!decimal"


def _plain(value: Any) -> Any:
    if value is UNREADABLE:
        return {_UNREADABLE: True}
    if isinstance(value, dt.date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(f"no place in a snapshot for {type(value).__name__}")


def _rich(value: dict[str, Any]) -> Any:
    if _UNREADABLE in value:
        return UNREADABLE
    if _DAY in value:
        return dt.date.fromisoformat(value[_DAY])
    if _DECIMAL in value:
        return Decimal(value[_DECIMAL])
    return value


def snapshot_text(facts: FactRows) -> bytes:
    """Equal facts give equal bytes, on every machine and day."""
    return json.dumps(
        facts, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def parse_snapshot(text: bytes) -> FactRows:
    """The facts again, unreadable cells and dates as they were."""
    found: FactRows = json.loads(text, object_hook=_rich)
    return found


def keep_snapshot(facts: FactRows) -> str:
    """Write the facts below the data directory; the hash they are found under."""
    text = snapshot_text(facts)
    # The hash is of the text: compressed bytes differ between versions of zlib.
    digest = hashlib.sha256(text).hexdigest()
    path = snapshot_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(text, compresslevel=6, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise JigaiError(
                "snapshot-not-kept", f"快照没有写成：{error.strerror}", "请检查数据目录的剩余空间"
            ) from error
    return digest


def snapshot_path(digest: str) -> Path:
    """Where a snapshot lies."""
    return Path(settings.DATA_DIR) / "snapshots" / digest[:2] / f"{digest}.json.gz"


def read_snapshot(digest: str) -> FactRows:
    """The facts kept under a hash.

    Raises :class:`JigaiError` when the file is gone or its content no longer gives the hash.
    """
    path = snapshot_path(digest)
    if not path.exists():
        raise JigaiError("snapshot-gone", f"快照 {digest[:12]} 不在数据目录中", "请从备份恢复")
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        text = b""
    if hashlib.sha256(text).hexdigest() != digest:
        raise JigaiError(
            "snapshot-changed", f"快照 {digest[:12]} 的内容与散列不符", "文件被改动过，请从备份恢复"
        )
    return parse_snapshot(text)
