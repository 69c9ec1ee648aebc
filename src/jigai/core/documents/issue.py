"""Print a paper, keep its bytes, and put it on record."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.documents.codes import new_code
from jigai.core.documents.context import chinese_day, context_of, one_line, summary_of
from jigai.core.documents.qr import check_address, check_hint, qr_png
from jigai.core.documents.rendering import render_docx
from jigai.core.documents.templates import Template, template_for
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import Enterprise, IssuedDocument, User

SOURCE, PURPOSE = "平台出具", "出具的文书"


def issue_document(
    *,
    kind: str,
    title: str,
    number: str,
    context: Mapping[str, Any],
    object_kind: str,
    object_key: str | int,
    by: User,
    region_code: str,
    template: Template | None = None,
    enterprise: Enterprise | None = None,
    public_summary: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    dated: dt.date | None = None,
    url: str = "",
) -> IssuedDocument:
    """Issue one paper about one object, with its own code; each call issues another one.

    ``context`` holds what the template prints besides title, number, date and code (see
    :func:`letter`); ``public_summary`` is what everybody with the code may read, so names and
    numbers in it are masked by the caller. Without a ``template`` the one of the region is taken.
    ``dated`` is the date below the signature, today if not given; ``url`` is the object's page.

    The caller has locked the object and checked that the person may. Raises :class:`JigaiError`
    for a template that cannot be printed, texts that are too long, or a disk that is full; then
    nothing is issued.
    """
    code, day = new_code(), dated or timezone.localdate()
    chosen = template or template_for(kind, region_code)
    content = {
        **context_of(context),
        "title": one_line(title, "文书名称", 100, required=True),
        "number": one_line(number, "文号", 100),
        "date": chinese_day(day),
        "code": code,
        "check_address": check_address(code),
        "check_hint": check_hint(),
    }
    fields = {
        "organ": one_line(str(content.get("organ", "")), "出具单位", 100),
        "public_summary": summary_of(public_summary),
    }
    printed = render_docx(chosen.content, content, qr_png(content["check_address"]))
    with transaction.atomic():
        file = store_evidence(
            stream=io.BytesIO(printed), name=_file_name(content), owner=by,
            region_code=region_code, enterprise=enterprise, source=SOURCE,
        )  # fmt: skip
        cite(
            file=file, kind=object_kind, key=object_key, label=content["title"],
            purpose=PURPOSE, url=url, by=by,
        )  # fmt: skip
        return IssuedDocument.objects.create(
            code=code, kind=kind, title=content["title"], number=content["number"], dated=day,
            object_kind=object_kind, object_key=str(object_key), region_code=region_code,
            enterprise=enterprise, content=content, file=file, issued_by=by,
            sha256=hashlib.sha256(printed).hexdigest(), template_sha256=chosen.sha256, **fields,
        )  # fmt: skip


def _file_name(content: Mapping[str, Any]) -> str:
    """Title and number, without signs that separate folders."""
    name = " ".join(filter(None, (content["title"], content["number"])))
    return name.replace("/", "／").replace("\\", "＼") + ".docx"
