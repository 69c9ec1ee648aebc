"""Files that arrive in pieces and are taken up again where they broke off."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jigai.core.evidence import disk
from jigai.core.evidence.store import check_size, clean_name, store_evidence
from jigai.core.models import EvidenceFile, Upload, User
from jigai.errors import JigaiError

# What nobody has come back for in this time is thrown away.
KEPT_FOR = timedelta(days=7)
# Refusals that another try with the same bytes cannot change.
_FINAL = frozenset(
    {
        "evidence-empty",
        "evidence-extension",
        "evidence-html",
        "evidence-damaged",
        "evidence-bomb",
        "evidence-type",
        "evidence-locked",
        "evidence-infected",
    }
)


class OutOfStep(JigaiError):
    """A piece does not start where the file ends; the upload says where that is."""


def begin_upload(*, owner: User, name: str, size: int, sha256: str) -> Upload:
    """Start an upload, or find the unfinished one of the same person and the same content.

    ``sha256`` is that of the whole file in hexadecimal. Raises :class:`JigaiError` for a size that
    will not be taken.
    """
    shown = clean_name(name)
    check_size(shown, size)
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise JigaiError("upload-hash", f"文件“{shown}”没有校验值", "请刷新页面后重新上传")
    drop_stale()
    known = {"created_by": owner, "name": shown, "size": size, "sha256": sha256}
    found = Upload.objects.filter(**known, file__isnull=True).first()
    if found is None:
        return Upload.objects.create(**known)
    if found.received and not _part(found.pk).exists():
        # The half-finished file was cleared away: from the beginning.
        Upload.objects.filter(pk=found.pk).update(received=0)
        found.received = 0
    return found


def take_piece(*, owner: User, upload_id: uuid.UUID, offset: int, content: bytes) -> Upload:
    """Append a piece that starts at ``offset`` bytes.

    A piece that is there already changes nothing. Raises :class:`OutOfStep` for one that leaves a
    gap, :class:`JigaiError` for more bytes than announced and for a full disk.
    """
    with transaction.atomic():
        upload = _locked(owner, upload_id)
        end = offset + len(content)
        if upload.file_id is not None or end <= upload.received:
            return upload
        if end > upload.size:
            raise JigaiError(
                "upload-too-long", f"文件“{upload.name}”比声明的长", "请重新选择文件后上传"
            )
        if offset > upload.received:
            raise OutOfStep("upload-gap", "分片的顺序不对", "请从平台已收到的位置续传")
        part = _part(upload.pk)
        with disk.disk_errors(upload.name):
            _append(part, upload.received, content[upload.received - offset :])
        upload.received = end
        upload.save(update_fields=["received"])
        return upload


def finish_upload(
    *, owner: User, upload_id: uuid.UUID, region_code: str, source: str = ""
) -> EvidenceFile:
    """Check the whole file and take it into the store; asking again gives the same file.

    Raises :class:`JigaiError` when bytes are missing, when the content is not what was announced
    (the upload then starts over), and for what :func:`store_evidence` refuses.
    """
    try:
        file = _finish(owner, upload_id, region_code, source)
    except JigaiError as refused:
        if refused.code in _FINAL:
            drop_upload(owner=owner, upload_id=upload_id)
        raise
    if file is None:
        raise JigaiError(
            "upload-changed", "文件在传输中发生了变化，校验不符", "请重新选择文件，从头上传"
        )
    return file


def _finish(
    owner: User, upload_id: uuid.UUID, region_code: str, source: str
) -> EvidenceFile | None:
    """The stored file; ``None`` when the content was wrong and the upload has been set back."""
    with transaction.atomic():
        upload = _locked(owner, upload_id)
        if upload.file is not None:
            return upload.file
        part = _part(upload.pk)
        if upload.received < upload.size or not part.exists():
            raise JigaiError(
                "upload-incomplete", f"文件“{upload.name}”还没有传完整", "请重新选择同一个文件续传"
            )
        if _sha256(part) != upload.sha256:
            _start_over(upload, part)
            return None
        with part.open("rb") as stream:
            upload.file = store_evidence(
                stream=stream,
                name=upload.name,
                owner=owner,
                region_code=region_code,
                source=source,
            )
        upload.save(update_fields=["file"])
        transaction.on_commit(lambda: part.unlink(missing_ok=True))
        return upload.file


def drop_upload(*, owner: User, upload_id: uuid.UUID) -> None:
    """Give up an unfinished upload and its bytes."""
    with transaction.atomic():
        upload = _locked(owner, upload_id)
        if upload.file_id is None:
            upload.delete()
            transaction.on_commit(lambda: _part(upload_id).unlink(missing_ok=True))


def drop_stale() -> int:
    """Throw away unfinished uploads nobody has come back for; how many."""
    before = timezone.now() - KEPT_FOR
    stale = list(
        Upload.objects.filter(file__isnull=True, created_at__lt=before)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for key in stale:
        Upload.objects.filter(pk=key, file__isnull=True).delete()
        _part(key).unlink(missing_ok=True)
    return len(stale)


def _locked(owner: User, upload_id: uuid.UUID) -> Upload:
    found = (
        # Nothing joined: after waiting for the lock a join would still show no file.
        Upload.objects.select_for_update().filter(pk=upload_id, created_by=owner).first()
    )
    if found is None:
        raise JigaiError("upload-unknown", "这次上传已过期", "请重新选择文件上传")
    return found


def _part(upload_id: uuid.UUID) -> Path:
    return disk.incoming() / f"{upload_id}.part"


def _append(part: Path, at: int, content: bytes) -> None:
    """Write at the place that is known to be good: what a crash left beyond it is cut off."""
    handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as target:
        target.truncate(at)
        target.seek(at)
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _start_over(upload: Upload, part: Path) -> None:
    upload.received = 0
    upload.save(update_fields=["received"])
    part.unlink(missing_ok=True)
