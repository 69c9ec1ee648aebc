"""Finds issued papers."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.documents.codes import read_code
from jigai.core.models import IssuedDocument


def find_document(text: str) -> IssuedDocument | None:
    """The paper with the code somebody typed or scanned; its long content is left out."""
    code = read_code(text)
    if not code:
        return None
    return IssuedDocument.objects.defer("content").filter(code=code).first()


def documents_of(object_kind: str, *keys: str | int) -> QuerySet[IssuedDocument]:
    """Papers about these objects, newest first, with their files and who issued them."""
    rows = IssuedDocument.objects.filter(object_kind=object_kind, object_key__in=map(str, keys))
    return rows.defer("content").select_related("file", "issued_by")
