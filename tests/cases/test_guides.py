"""办事指南: read without an account, and without what is nobody's business."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.models import CaseProcedure
from jigai.cases.services.start_case import new_case
from tests.cases.conftest import CONTENT, People, publish
from tests.factories import COUNTY, SIBLING

pytestmark = [pytest.mark.django_db, pytest.mark.system("process-redesign")]


def read(name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = Client().get(reverse(name, args=args), query)
    assert answer.status_code == status
    return str(answer.content.decode())


def close(procedure: CaseProcedure, count: int) -> None:
    for _number in range(count):
        case = new_case(procedure, None, COUNTY, None)
        case.state, case.clock_from = "done", dt.date(2026, 3, 2)
        case.closed_on, case.due = dt.date(2026, 3, 6), dt.date(2026, 3, 30)
        case.save()


def test_a_guide_says_what_with_what_and_how_long_without_an_account(people: People) -> None:
    steps = [{**s, "who": [{"person": "zhangsan"}]} if s["id"] == "decide" else s
             for s in CONTENT["steps"]]  # fmt: skip
    conditions = [{"rule": "新增用地", "say": "限于新增用地的项目", "clause": "六.2"}]
    publish({**CONTENT, "steps": steps, "visits": 1, "conditions": conditions},
            owner="示例审批局", clause="六.2")  # fmt: skip
    shown = read("guide", "approval-test")
    for words in ("限于新增用地的项目", "用地材料", "可容缺，10 个工作日内补齐", "不能容缺",
                  "20 个工作日（行政许可法第四十二条）",
                  "受理后 15 个工作日", "最多 1 次", "不收费",
                  "自然资源", "指定人员", "登录后申请"):  # fmt: skip
        assert words in shown, words
    assert "zhangsan" not in shown
    # What handlers write is not asked of the applicant.
    assert "申请时填写：项目名称、总投资、新增用地。" in shown
    assert f"next={reverse('case-new', args=['approval-test'])}" in shown


def test_few_cases_tell_nothing_and_many_tell_their_average(people: People) -> None:
    row = publish(CONTENT)
    close(row, 4)
    shown = read("guide", "approval-test")
    assert "办结不到 5 件，不公布件数和用时" in shown and "4 件" not in shown
    assert "4.0 个工作日" not in shown
    close(row, 1)
    shown = read("guide", "approval-test")
    assert "5 件" in shown and "4.0 个工作日" in shown and "100%" in shown


def test_only_what_everybody_may_apply_for_is_listed(people: People) -> None:
    publish(CONTENT)
    publish({**CONTENT, "applicant": "bureau"}, "bureau", name="只给部门的")
    publish({**CONTENT, "kind": "internal"}, "internal", name="内部的")
    publish(CONTENT, "retired", name="停用的", state="inactive")
    CaseProcedure.objects.filter(code="retired").update(state="inactive")
    CaseProcedure.objects.create(code="draft", name="草拟的", region_code=COUNTY)
    shown = read("guide-list")
    assert "示例并联审批" in shown
    for code, name in (("bureau", "只给部门的"), ("internal", "内部的"), ("retired", "停用的"),
                       ("draft", "草拟的")):  # fmt: skip
        assert name not in shown
        read("guide", code, status=404)
    read("guide", "no-such", status=404)


def test_guides_are_found_by_words_kind_and_place(people: People) -> None:
    publish(CONTENT)
    publish({**CONTENT, "kind": "filing"}, "filing", name="示例备案", region_code=SIBLING)
    publish(CONTENT, "national", name="全国都办", region_code="")
    shown = read("guide-list", place="任城区")
    assert "示例备案" in shown and "全国都办" in shown and "示例并联审批" not in shown
    shown = read("guide-list", kind="filing")
    assert "示例备案" in shown and "全国都办" not in shown
    assert "没有符合条件的办事指南" in read("guide-list", q="不存在的词")
    shown = read("guide-list", place="天上")
    assert "没有“天上”这个地区" in shown and "示例备案" in shown


def test_a_procedure_published_now_is_on_the_portal_now(people: People) -> None:
    assert "示例并联审批" not in read("guide-list")
    publish(CONTENT)
    assert "示例并联审批" in read("guide-list")
    publish({**CONTENT, "limit": {"days": 12, "basis": "新规"}})
    assert "12 个工作日（新规）" in read("guide", "approval-test")
    assert reverse("guide-list") in read("portal-lists")
