"""One answer to the comments that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach import rounds
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.outreach.services.classify_comment import still_open
from jigai.outreach.services.open_consultation import locked

Verdict: Any = ConsultationAnswer.Verdict
Kind: Any = ConsultationComment.Kind
# What asks for a change is adopted or not; the rest is explained.
_ASKS_FOR_CHANGE = frozenset({Kind.SUGGEST, Kind.OPPOSE})


def answer_comments(
    *,
    consultation: int,
    comments: Sequence[int],
    summary: str,
    verdict: str,
    reason: str,
    by: User,
    access: Access,
    answer: int | None = None,
    seen: int = 0,
) -> ConsultationAnswer:
    """Put comments on one clause under one answer; with ``answer`` change that one.

    Comments left out of a changed answer wait again. Raises :class:`JigaiError` after publication,
    for comments of several clauses, hidden, unclassified or answered elsewhere ones, a verdict that
    does not fit their kind, a missing reason or summary, or when somebody else was faster.
    """
    with transaction.atomic():
        item = locked(consultation, access)
        still_open(item)
        row = _answer_row(item, answer, seen)
        chosen = _chosen(item, comments, row)
        _check(chosen, summary, verdict, reason)
        row.clause = chosen[0].clause
        row.summary, row.verdict, row.reason = summary.strip(), verdict, reason.strip()
        row.answered_by = by
        row.save()
        kept = [comment.pk for comment in chosen]
        row.comments.exclude(pk__in=kept).update(answer=None)
        ConsultationComment.objects.filter(pk__in=kept).update(answer=row)
        rounds.moved(item, "answered", by)
    return row


def _answer_row(item: Consultation, answer: int | None, seen: int) -> ConsultationAnswer:
    if answer is None:
        return ConsultationAnswer(consultation=item)
    row = ConsultationAnswer.objects.select_for_update().get(pk=answer, consultation=item)
    if row.version != seen:
        raise JigaiError("changed-meanwhile", f"{row.answered_by}刚改过这条答复", "刷新后再改")
    row.version += 1
    return row


def _chosen(
    item: Consultation, comments: Sequence[int], row: ConsultationAnswer
) -> list[ConsultationComment]:
    rows = ConsultationComment.objects.select_for_update().filter(
        pk__in=comments, consultation=item, hidden_reason=""
    )
    found = list(rows.order_by("id"))
    if not found or len(found) != len(set(comments)):
        raise JigaiError("no-comments", "所选的意见有的不在或已不公开", "刷新页面重新选")
    if any(one.answer_id not in (None, row.pk) for one in found):
        raise JigaiError("answered-elsewhere", "所选的意见有的已有答复", "刷新页面重新选")
    if len({one.clause for one in found}) > 1:
        raise JigaiError("several-clauses", "所选的意见不是同一条款的", "一次只合并同一条款的意见")
    return found


def _check(chosen: list[ConsultationComment], summary: str, verdict: str, reason: str) -> None:
    if not all(one.kind for one in chosen):
        raise JigaiError("unclassified", "有的意见还没有分类", "先分类，再答复")
    if not summary.strip():
        raise JigaiError("no-summary", "没有写意见摘要", "用自己的话概括，不写姓名、单位和联系方式")
    _no_names(chosen, summary + reason)
    if verdict not in Verdict.values:
        raise JigaiError("no-verdict", "没有选采纳情况", "选采纳、部分采纳、未采纳或已说明")
    if not reason.strip():
        raise JigaiError("no-reason", "没有写理由", "采纳写明怎样改，未采纳写明为什么")
    asks = any(one.kind in _ASKS_FOR_CHANGE for one in chosen)
    if asks and verdict == Verdict.NOTED:
        raise JigaiError(
            "verdict-needed",
            "要求修改的意见要答采纳、部分采纳或未采纳",
            "“已说明”只用于赞成、询问和无关的",
        )
    if not asks and verdict != Verdict.NOTED:
        raise JigaiError("nothing-to-adopt", "所选的意见没有要求修改", "采纳情况选“已说明”")


def _no_names(chosen: list[ConsultationComment], words: str) -> None:
    """What is published must not name who wrote."""
    for one in chosen:
        for given in (one.name, one.organisation, one.contact):
            # A single character is part of too many words.
            if len(given) > 1 and given in words:
                raise JigaiError(
                    "names-somebody",
                    f"摘要或理由里有提交人填写的“{given}”",
                    "公示的内容不能认出提交人",
                )
