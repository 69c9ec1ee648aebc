"""Materials of an application, item by item."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.evidence import cite, store_evidence
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.applications.editing import MATERIALS, open_section
from jigai.funding.models import Application
from jigai.funding.rounds.window import require_open


def give_evidence(
    *, application: int, item: str, stream: BinaryIO, name: str, by: User, access: Access
) -> EvidenceFile:
    """Keep a file under one item of the evidence list.

    The window is looked at when the file has arrived, not when it set out. Raises
    :class:`JigaiError` for an unknown item, a file that is no good, or where the round has closed;
    then nothing of it stays.
    """
    with transaction.atomic():
        row = open_section(application=application, section=MATERIALS, access=access)
        label = _label(row, item)
        kept = store_evidence(
            stream=stream, name=name, owner=by, region_code=row.region_code,
            enterprise=row.enterprise, source=f"申报 {row.number}",
        )  # fmt: skip
        if row.state == Application.State.DRAFT:
            # The bytes may have taken longer than the round was open.
            require_open(row.round)
        row.evidence.setdefault(item, []).append(kept.pk)
        row.save(update_fields=["evidence"])
        cite(
            file=kept, kind="application", key=row.pk, label=f"申报 {row.number}", purpose=label,
            url=reverse("application-detail", args=[row.pk]), by=by,
        )  # fmt: skip
    return kept


def take_evidence_back(*, application: int, item: str, file: int, access: Access) -> None:
    """The file no longer belongs to the application; the store keeps what was once given."""
    with transaction.atomic():
        row = open_section(application=application, section=MATERIALS, access=access)
        held = row.evidence.get(item, [])
        if file not in held:
            raise JigaiError("no-such-file", "这个文件已经不在材料里", "刷新页面")
        held.remove(file)
        row.save(update_fields=["evidence"])


def _label(row: Application, item: str) -> str:
    for one in row.measure.evidence:
        if one["id"] == item:
            return str(one["name"])[:100]
    raise JigaiError("unknown-item", "材料清单里没有这一项", "刷新页面后重新上传")
