"""Says where an upstream document can be found: a pack, a parameter, an original; or nowhere."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.models import PackParameter, UpstreamDocument
from jigai.policies.standing import current_version

CAPABILITY = "pack.original"
State = UpstreamDocument.State


def attach_upstream(
    *,
    upstream: int,
    kind: str,
    pack_slug: str,
    parameter: str,
    upload: UploadedFile | None,
    note: str,
    seen: int,
    by: User,
    access: Access,
) -> UpstreamDocument:
    """``kind`` is ``pack``, ``parameter``, ``file``, ``none`` or ``pending`` (take it back).

    Raises :class:`Denied` outside one's region, :class:`JigaiError` when nothing fitting was given
    or somebody else changed the row since version ``seen``.
    """
    access.require(CAPABILITY)
    with transaction.atomic():
        row = UpstreamDocument.objects.select_for_update(of=("self",)).get(pk=upstream)
        version = current_version(row.slug)
        if not reaches(access, CAPABILITY, version.region_code, slug=row.slug):
            raise Denied("out-of-reach", "这份文件不由您所在的地区执行，不能挂接")
        if row.version != seen:
            raise JigaiError("changed", "刚有人改过这一条，您的修改还没有保存", "刷新后再改")
        row.pack_slug, row.parameter, row.file, row.note = "", "", None, note.strip()[:400]
        row.state = State.ATTACHED
        if kind == "pack":
            row.pack_slug = _pack(row, pack_slug)
        elif kind == "parameter":
            row.parameter = _parameter(parameter)
        elif kind == "file":
            if upload is None:
                raise JigaiError("no-file", "没有选文件", "选一份原文，或换一种挂接方式")
            row.file = store_evidence(
                stream=upload, name=upload.name or "原文", owner=by,
                region_code=version.region_code, source=f"上位依据：{row}"[:100],
            )  # fmt: skip
        else:
            row.state = State.NONE if kind == "none" else State.PENDING
            if kind == "none" and not row.note:
                raise JigaiError("no-reason", "说明为什么没有可挂的", "例如：会议要求，没有文件")
        row.attached_by, row.attached_at = by, timezone.now()
        row.version += 1
        row.save()
        if row.file is not None:
            cite(
                file=row.file, kind="upstream", key=row.pk, label=str(row), purpose="上位依据原文",
                url=reverse("pack-lineage", args=[row.slug]), by=by,
            )  # fmt: skip
    return row


def _pack(row: UpstreamDocument, slug: str) -> str:
    if slug == row.slug:
        raise JigaiError("itself", "不能挂接到自己", "选上位文件的数据包")
    return current_version(slug).slug


def _parameter(text: str) -> str:
    slug, _, code = text.partition(":")
    known = PackParameter.objects.filter(pack__slug=slug, pack__is_current=True, code=code)
    if not code or not known.exists():
        raise JigaiError("unknown-parameter", "没有选通用参数", "从列表里选一项")
    return text
