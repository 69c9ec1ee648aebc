"""The notice of a round as a Word paper."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from jigai.core.documents import issue_document, letter
from jigai.core.models import IssuedDocument, User
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.models import Round
from jigai.funding.rounds.timetable import STAGES, promise_of
from jigai.funding.rounds.words import MODES

KIND = "round-notice"


def issue_notice(round_: Round, by: User) -> IssuedDocument:
    """Print and record the notice; the caller holds the round."""
    place = names_of_regions([round_.region_code]).get(round_.region_code, round_.region_code)
    window = f"{_moment(round_.opens_at)}至{_moment(round_.closes_at)}"
    return issue_document(
        kind=KIND, title=f"关于开展{round_.name}申报的通知"[:100], number=round_.number,
        context=letter(
            addressee="各有关企业", paragraphs=paragraphs_of(round_, window),
            organ=f"{place}工业和信息化部门", table_title="开放的措施和所需材料",
            table_header=["措施", "条款", "名额", "材料"], table_rows=_rows(round_),
        ),
        object_kind="round", object_key=round_.pk, by=by, region_code=round_.region_code,
        public_summary=[("批次", round_.name), ("申报时间", window)],
        url=reverse("round-detail", args=[round_.pk]),
    )  # fmt: skip


def paragraphs_of(round_: Round, window: str) -> list[str]:
    """The text of the notice: basis, how, when, and what is promised."""
    promise = promise_of(round_, platform_calendar())
    days = "、".join(f"{name}{round_.timetable.get(stage, 0)}个" for stage, name in STAGES.items())
    later = "（该年度放假安排尚未公布，日期待定，以工作日数为准）" if promise.provisional else ""
    lines = [
        f"根据《{round_.pack.title}》，现开展{round_.name}申报，资金来源为{round_.programme.name}。",
        f"一、申报时间：{window}，以平台收到的时间为准。",
        f"二、申报方式：{round_.get_mode_display()}。{MODES[Round.Mode(round_.mode)]}。",
        f"三、数据取值日期：{formats.day(round_.as_of)}。",
        f"四、办理时限（工作日）：{days}，自截止之日起共{round_.pay_by_days}个工作日，"
        f"承诺于{formats.day(promise.on)}前拨付{later}。",
    ]  # fmt: skip
    if round_.sealed:
        lines.append("五、截止前申报内容密封，任何人不能查看。")
    return lines


def _rows(round_: Round) -> list[list[str]]:
    return [
        [row.name, row.clause, str(row.places) if row.places is not None else "不限",
         "；".join(item["name"] for item in row.evidence) or "无需另交材料"]
        for row in round_.measures.order_by("place", "id")
    ]  # fmt: skip


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日%H:%M}"
