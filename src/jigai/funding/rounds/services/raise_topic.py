"""一事一议: a topic is written up and put before a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.evidence import cite
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.models import CaseTopic, Round
from jigai.funding.numbers import next_number
from jigai.funding.rounds.access import MANAGE, require_reach

WRITTEN = ("title", "clause", "reason")


def raise_topic(
    *, round_: Round, enterprise: Enterprise, values: Mapping[str, str], by: User, access: Access,
    project: Any = None, files: Sequence[EvidenceFile] = (),
) -> CaseTopic:  # fmt: skip
    """A topic in a round of 一事一议; there is no place for a formula or a computed amount.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a round of another kind, a
    project of another enterprise, or missing words.
    """
    require_reach(access, MANAGE, round_.region_code)
    if round_.mode != Round.Mode.CASE or round_.state == Round.State.CANCELLED:
        raise JigaiError("not-case", f"“{round_.name}”不是一事一议批次", "选一事一议的批次")
    if project is not None and project.enterprise_id != enterprise.pk:
        raise JigaiError("other-project", "所选项目不是这家企业的", "重新选项目")
    _require_words(values)
    with transaction.atomic():
        topic = CaseTopic.objects.create(
            round=round_, number=next_number("YS", round_.region_code, timezone.localdate().year),
            region_code=round_.region_code, enterprise=enterprise, project=project, created_by=by,
            files=[file.pk for file in files],
            **{name: values[name].strip() for name in WRITTEN},
        )  # fmt: skip
        for file in files:
            cite(file=file, kind="topic", key=topic.pk, label=topic.title, purpose="议题材料",
                 url=f"/topics/{topic.pk}/", by=by)  # fmt: skip
    return topic


def _require_words(values: Mapping[str, str]) -> None:
    words = {"title": "议题", "clause": "条款", "reason": "事由与诉求"}
    missing = [words[name] for name in WRITTEN if not (values.get(name) or "").strip()]
    if missing:
        raise JigaiError("no-words", f"没有写{'、'.join(missing)}", "补上后再提交")


def table_topic(*, topic: int, meeting: str, by: User, access: Access) -> CaseTopic:
    """Put a topic on the agenda of a meeting. Raises :class:`JigaiError` once it was decided."""
    if not meeting.strip():
        raise JigaiError("no-meeting", "没有写提交哪个会议", "写会议名称，如 2021年第3次专题会议")
    with transaction.atomic():
        row = held_topic(topic, access, MANAGE)
        if row.state not in (CaseTopic.State.PREPARED, CaseTopic.State.TABLED):
            raise JigaiError(
                "already-decided", f"这个议题{row.get_state_display()}", "刷新页面查看"
            )
        row.state, row.meeting = CaseTopic.State.TABLED, meeting.strip()
        row.version += 1
        row.save()
    return row


def held_topic(pk: int, access: Access, capability: str) -> CaseTopic:
    """The topic, held until the transaction ends. Raises :class:`Denied` out of reach."""
    row = CaseTopic.objects.select_for_update(of=("self",)).select_related("round").get(pk=pk)
    require_reach(access, capability, row.region_code)
    return row
