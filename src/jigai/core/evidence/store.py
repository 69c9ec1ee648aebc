"""Takes a file into the store."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from jigai.core.evidence import disk
from jigai.core.evidence.kinds import kind_of
from jigai.core.evidence.scan import scan
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.errors import JigaiError

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MEGABYTE = 1024 * 1024


def store_evidence(
    *,
    stream: BinaryIO,
    name: str,
    owner: User | None,
    region_code: str,
    enterprise: Enterprise | None = None,
    source: str = "",
    valid_to: date | None = None,
) -> EvidenceFile:
    """Check a file, keep its bytes under their hash and record it.

    Raises :class:`JigaiError` for a file that is empty, too large, of the wrong kind, infected, or
    that the disk has no room for; then nothing of it stays.
    """
    shown = clean_name(name)
    limit = settings.EVIDENCE_MAX_BYTES
    with disk.disk_errors(shown), disk.aside() as path:
        sha256, size = disk.write_hashed(stream, path, limit)
        check_size(shown, size)
        kind = kind_of(path, shown)
        result = scan(path, shown)
        disk.settle(path, sha256)
    return EvidenceFile.objects.create(
        sha256=sha256,
        size=size,
        media_type=kind.media_type,
        name=shown,
        scan=result,
        source=source[:100],
        valid_to=valid_to,
        region_code=region_code,
        enterprise=enterprise,
        created_by=owner,
    )


def path_of(file: EvidenceFile) -> Path:
    """Where the bytes lie. Raises :class:`JigaiError` when they are gone or of another size."""
    path = disk.place_of(file.sha256)
    if not path.is_file() or path.stat().st_size != file.size:
        raise JigaiError(
            "evidence-lost",
            f"文件“{file.name}”的内容不在存储目录里",
            "请联系平台管理员从备份恢复证据目录",
        )
    return path


def clean_name(name: str) -> str:
    """The last part of a path without invisible characters, at most 200 characters."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/")
    last = PurePosixPath(text).name.strip() or "未命名"
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix
    return last if len(last) <= 200 else stem[: 200 - len(suffix)] + suffix


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or above the limit; ``size`` in bytes."""
    if size == 0:
        raise JigaiError("evidence-empty", f"文件“{name}”是空的", "请重新导出后再上传")
    limit = settings.EVIDENCE_MAX_BYTES
    if size > limit:
        raise JigaiError(
            "evidence-too-large",
            f"文件“{name}”超过 {limit // _MEGABYTE} MB",
            "请删去图片和无关内容，或拆成几个文件",
        )
