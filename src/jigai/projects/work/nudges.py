"""The two rules that nudge: 未开工 → 催开工, 已开工 → 催进度. Pure, and never the same text.

Source: 粤工信技改函〔2019〕1316号 四.五 (促已开工的加快进度、未开工的尽早开工).
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from jigai.core.screens import formats
from jigai.projects.states import NOT_STARTED, UNDER_WAY

START, PROGRESS = "start", "progress"
NO_START, NO_PLAN, NO_REPORT = "没有计划开工日期", "没有当年计划投资", "没有计入的月报"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the library knows of a project at the end of a month. Fen; ``None`` is unknown.

    ``planned_start`` may be known to the year, quarter or month only (``precision``);
    ``done_fen`` is the cumulative of the year in the latest report that counts.
    """

    pk: int
    name: str
    state: str
    planned_start: dt.date | None = None
    precision: str | None = None
    planned_fen: int | None = None
    done_fen: int | None = None
    done_month: int = 0


@dataclass(frozen=True, slots=True)
class Nudge:
    """A task to be made: its kind, its text, and the figures the rule saw."""

    project: int
    name: str
    kind: str
    text: str
    because: dict[str, object]


@dataclass(frozen=True, slots=True)
class Unclear:
    """A project of which the rule cannot tell, and what is missing."""

    project: int
    name: str
    missing: str


def nudge(
    standing: Standing, *, year: int, month: int, on: dt.date, lag: int = 0
) -> Nudge | Unclear | None:
    """What a project is asked for; nothing where it is on time, finished or ended.

    ``lag`` is how many percentage points behind the share of the year gone counts as behind.
    """
    if standing.state in NOT_STARTED:
        return _start(standing, on)
    if standing.state in UNDER_WAY:
        return _progress(standing, year, month, lag)
    return None


def last_day(day: dt.date, precision: str | None) -> dt.date:
    """The last day a date may mean: all of 2021 where only the year was given."""
    ends = {"year": 12, "half": 6 if day.month <= 6 else 12, "quarter": -(-day.month // 3) * 3}
    month = day.month if precision == "month" else ends.get(precision or "")
    if month is None:
        return day
    return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])


def _start(standing: Standing, on: dt.date) -> Nudge | Unclear | None:
    if standing.planned_start is None:
        return Unclear(standing.pk, standing.name, NO_START)
    planned = last_day(standing.planned_start, standing.precision)
    if planned >= on:
        return None
    late = (on - planned).days
    text = (
        f"项目“{standing.name}”计划不晚于 {planned} 开工，至 {on} 平台里没有开工记录，"
        f"已晚 {late} 天。请说明没有开工的原因、要协调的问题和新的开工日期；"
        "已经开工的，请补登开工并附证据。"
    )
    because = {"计划开工": planned.isoformat(), "晚（天）": late, "判定日": on.isoformat()}
    return Nudge(standing.pk, standing.name, START, text, because)


def _progress(standing: Standing, year: int, month: int, lag: int) -> Nudge | Unclear | None:
    planned, done = standing.planned_fen, standing.done_fen
    if not planned:
        return Unclear(standing.pk, standing.name, NO_PLAN)
    if done is None:
        return Unclear(standing.pk, standing.name, NO_REPORT)
    # done / planned < month / 12 - lag / 100, in whole numbers.
    if done * 1200 >= planned * (100 * month - 12 * lag):
        return None
    share, gone = _percent(done, planned), _percent(month, 12)
    text = (
        f"项目“{standing.name}”{year} 年计划完成投资 {formats.wan(planned)} 万元，截至 "
        f"{standing.done_month} 月累计完成 {formats.wan(done)} 万元，完成 {share}，"
        f"时间已过 {gone}。请说明进度落后的原因、赶进度的措施和预计完成的月份。"
    )
    because = {
        "年度计划（分）": planned, "累计完成（分）": done, "月报月份": standing.done_month,
        "完成率": share, "时间进度": gone, "容许落后（百分点）": lag,
    }  # fmt: skip
    return Nudge(standing.pk, standing.name, PROGRESS, text, because)


def _percent(part: int, whole: int) -> str:
    return f"{formats.grouped(formats.half_away(part * 1000, whole), 1)}%"
