"""Takes in the original text of a document."""

from __future__ import annotations

import unicodedata

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from jigai.core.access import Access
from jigai.core.evidence import path_of, store_evidence
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.policies.models import OriginalText, PackVersion
from jigai.policies.originals import match_text
from jigai.policies.stored_packs import model_of
from jigai.reading.docx_text import docx_text

_SHORTEST = 50


def store_original(
    *, version: PackVersion, text: str, upload: UploadedFile | None, by: User, access: Access
) -> OriginalText:
    """Keep a text (pasted, or read from a Word file) and cut it at the document's clauses.

    Raises :class:`JigaiError` for an empty text or one in which no clause can be found: that would
    be another document.
    """
    access.require("pack.original")
    with transaction.atomic():
        file = None
        if upload is not None:
            file = store_evidence(
                stream=upload, name=upload.name or "原文", owner=by,
                region_code=version.region_code, source=f"{version.title} 原文",
            )  # fmt: skip
            text = _read(file)
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if len(text) < _SHORTEST:
            raise JigaiError("text-too-short", "没有收到全文", "粘贴文件全文，或上传 .docx")
        matched = match_text(model_of(version).pack, text)
        if not matched.parts:
            raise JigaiError(
                "another-document",
                "这段文字里找不到这份文件的任何一条",
                "核对是不是同一份文件；条款按开头的几个字对上",
            )
        return OriginalText.objects.create(
            slug=version.slug, file=file, text=text, parts=matched.parts,
            missing=matched.missing, uploaded_by=by,
        )  # fmt: skip


def _read(file: EvidenceFile) -> str:
    if not file.name.lower().endswith(".docx"):
        raise JigaiError("not-a-document", "原文只收 .docx", "另存为 .docx，或直接粘贴全文")
    return docx_text(path_of(file))
