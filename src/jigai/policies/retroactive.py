"""A plan that begins before the document was printed: who explains the days between."""

from __future__ import annotations

import datetime as dt

from jigai.core.screens import formats
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.successions import replaces


def plan_start(version: PackVersion) -> dt.date | None:
    """The first day of the earliest target, where it lies before the document; else ``None``."""
    begin = version.valid_from or version.issued
    rows = PackItem.objects.filter(pack=version, section="targets", data__has_key="from")
    days = [dt.date.fromisoformat(text) for text in rows.values_list("data__from", flat=True)]
    first = min(days, default=None)
    return first if first and begin and first < begin and replaces(version) else None


def retroactive_words(version: PackVersion, day: dt.date | None = None) -> str:
    """What holds between the start of the plan and the document; empty where there is no such gap.

    With a day, only for days inside the gap.
    """
    start, begin = plan_start(version), version.valid_from or version.issued
    if start is None or begin is None or (day is not None and not start <= day < begin):
        return ""
    before = "、".join(step.old_name for step in replaces(version))
    return (
        f"计划期自 {formats.day(start)} 起，文件到 {formats.day(begin)} 才印发。"
        f"其间的日子按原文件（{before}）解释，本文件只作模拟，不追溯产生应付；"
        f"自 {formats.day(begin)} 起按本文件。"
    )
