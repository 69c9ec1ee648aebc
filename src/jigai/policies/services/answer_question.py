"""Whoever may interpret a document answers a question; a reading may be settled by it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.models import Interpretation, PackVersion
from jigai.policies.standing import current_version
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings


def answer_question(
    *,
    question: int,
    answer: str,
    effective_from: dt.date,
    by: User,
    access: Access,
    number: str = "",
    reading: str = "",
    option: str = "",
) -> Interpretation:
    """Record the answer; with a reading and an option, evaluations as of that date or later take
    it. Runs already stored stay as they are.

    Raises :class:`Denied` for somebody who may not interpret this document, and
    :class:`JigaiError` for a question no longer open, an answer from before the document, a reading
    or option that does not exist, or a settled reading without document number.
    """
    access.require("desk.answer")
    with transaction.atomic():
        found = Interpretation.objects.select_for_update().get(pk=question)
        version = current_version(found.slug)
        if not reaches(access, "desk.answer", found.region_code, slug=found.slug):
            raise Denied("not-the-interpreter", "这份文件不由您所在地区的部门解释")
        if found.status != Interpretation.Status.OPEN:
            raise JigaiError(
                "not-open",
                f"这个问题{found.get_status_display()}，不能再答复",
                "需要改变时另提一问",
            )
        _check(version, answer, effective_from, number, reading, option)
        found.answer, found.effective_from = answer.strip(), effective_from
        found.number, found.reading, found.option = number.strip(), reading, option
        found.status = Interpretation.Status.ANSWERED
        found.answered_by, found.answered_at = by, timezone.now()
        found.version += 1
        found.save()
        if found.asked_by_id != by.pk:
            transaction.on_commit(lambda: _tell(found, version.title))
    return found


def _check(
    version: PackVersion, answer: str, since: dt.date, number: str, reading: str, option: str
) -> None:
    if not answer.strip():
        raise JigaiError("no-answer", "还没有写答复", "写明怎样理解、怎样处理")
    if version.issued and since < version.issued:
        raise JigaiError(
            "before-issue",
            f"适用起日 {since} 早于文件成文日期 {version.issued}",
            "答复不能早于所解释的文件",
        )
    if bool(reading) != bool(option):
        raise JigaiError("half-a-reading", "读法与所取的选项要一起填", "都选，或都不选")
    if not reading:
        return
    known = all_readings(model_of(version).pack).get(reading)
    if known is None or option not in known.options:
        raise JigaiError("unknown-reading", "这份文件没有所选的读法或选项", "从列表里重新选")
    if not number.strip():
        raise JigaiError("no-number", "改变读法的答复须有文号", "填写答复函的文号")


def _tell(found: Interpretation, title: str) -> None:
    send_notice(
        user=found.asked_by,
        event="desk-answered",
        title=f"已答复：{title} {found.clause}",
        body=found.answer,
        url=reverse("desk-detail", args=[found.pk]),
    )
