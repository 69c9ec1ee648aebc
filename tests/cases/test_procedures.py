"""Pages of procedures: the list, one procedure, its versions, its place in a document."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.live_items import live_procedures
from jigai.cases.models import Case, CaseProcedure, Pause
from jigai.cases.selectors_procedures import days_taken, stated_days, times_of, visible_procedures
from jigai.cases.services.start_case import new_case
from jigai.core.access import access_of
from jigai.paths import packs_dir
from jigai.policies.models import PackItem
from jigai.policies.services.install_pack import install_pack
from tests.cases.conftest import CONTENT, People, publish
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("process-redesign")]


def text(response: Any) -> str:
    return str(response.content.decode())


def page(user: Any, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status, (answer.status_code, text(answer)[:400])
    return text(answer)


def closed(procedure: CaseProcedure, starts: dt.date, ends: dt.date, **more: Any) -> Case:
    case = new_case(procedure, None, COUNTY, None)
    for name, value in {"state": "done", "clock_from": starts, "closed_on": ends, **more}.items():
        setattr(case, name, value)
    case.save()
    return case


def test_the_total_is_the_critical_path_and_not_the_sum(people: People) -> None:
    row = publish(CONTENT)
    times = times_of(row.spec)
    assert times is not None
    assert (times.days, times.total, times.saved, times.after_acceptance) == (15, 23, 8, True)
    assert times.path == ("环评审查", "会签", "决定")
    assert stated_days(row.spec) == 20
    shown = page(people["section"], "procedure-detail", "approval-test")
    assert "15 个工作日" in shown and "23 个工作日" in shown
    assert "关键路径 15 个工作日：环评审查→会签→决定" in shown
    assert "20 个工作日（行政许可法第四十二条）" in shown
    assert "可容缺" in shown and "10 个工作日内补齐" in shown and "不能容缺" in shown


def test_days_taken_are_working_days_without_pauses(people: People) -> None:
    row = publish(CONTENT)
    # 2026-03-02 is a Monday: nine working days to Friday of the week after, two of them paused.
    case = closed(row, dt.date(2026, 3, 2), dt.date(2026, 3, 13), due=dt.date(2026, 3, 30))
    Pause.objects.create(case=case, kind="hearing", starts=dt.date(2026, 3, 3),
                         ends=dt.date(2026, 3, 5), reason="听证")  # fmt: skip
    assert days_taken(row).average == "7.0 个工作日"
    closed(row, dt.date(2026, 3, 2), dt.date(2026, 3, 6), due=dt.date(2026, 3, 4))
    taken = days_taken(row)
    assert (taken.cases, taken.average, taken.in_time) == (2, "5.5 个工作日", 1)
    new_case(row, None, COUNTY, None)
    assert days_taken(row).cases == 2
    assert "5.5 个工作日" in page(people["section"], "procedure-detail", "approval-test")


def test_nothing_closed_is_a_dash_and_never_zero(people: People) -> None:
    publish(CONTENT)
    assert days_taken(CaseProcedure.objects.get()).average == "—"


def test_who_sees_which_procedures(people: People) -> None:
    county, city = publish(CONTENT, "county"), publish(CONTENT, "city", region_code="370800")
    sibling = publish(CONTENT, "sibling", region_code=SIBLING)
    national = publish(CONTENT, "national", region_code="")
    bureau = publish({**CONTENT, "applicant": "bureau"}, "bureau")
    draft = CaseProcedure.objects.create(code="draft", name="草拟的", region_code=COUNTY)
    away = CaseProcedure.objects.create(code="draft-away", name="别区草拟的", region_code=SIBLING)

    def seen(user: Any) -> set[CaseProcedure]:
        return set(visible_procedures(access_of(user)))

    everything = {county, city, sibling, national, bureau}
    assert seen(people["section"]) == everything | {draft}
    assert seen(people["leader"]) == everything
    assert seen(make_user("section-clerk", SIBLING)) == everything | {away}
    assert seen(people["applicant"]) == {county, city, national}
    assert page(people["applicant"], "procedure-detail", "bureau", status=404)
    assert page(people["leader"], "procedure-detail", "draft", status=404)


def test_a_version_can_be_read_by_whoever_has_a_case_by_it(people: People) -> None:
    row = publish(CONTENT, "sibling", region_code=SIBLING)
    page(people["applicant"], "procedure-version", "sibling", 1, status=404)
    new_case(row, people["applicant"], SIBLING, people.enterprise)
    assert "第 1 版" in page(people["applicant"], "procedure-version", "sibling", 1)
    page(people["applicant"], "procedure-version", "sibling", 7, status=404)


def test_the_comparison_of_versions_on_the_page(people: People) -> None:
    publish(CONTENT)
    publish({**CONTENT, "limit": {"days": 15, "basis": "新规"}})
    publish({**CONTENT, "limit": {"days": 16, "basis": "新规"}})
    third = page(people["section"], "procedure-version", "approval-test", 3)
    assert "与第 2 版的不同" in third and "15 个工作日（新规）" in third
    first = page(people["section"], "procedure-version", "approval-test", 3, **{"with": "1"})
    assert "与第 1 版的不同" in first and "20 个工作日（行政许可法第四十二条）" in first
    oldest = page(people["section"], "procedure-version", "approval-test", 1)
    assert "只有这一版" in oldest and "这是以前的版次" in oldest
    page(people["section"], "procedure-version", "approval-test", 3, **{"with": "999999999999"})


def test_the_list_filters_and_asks_no_more_for_more_rows(people: People) -> None:
    publish(CONTENT)
    publish({**CONTENT, "kind": "filing"}, "filing", name="示例备案", region_code=SIBLING)
    clerk = people["section"]
    shown = page(clerk, "procedure-list", kind="filing")
    assert "示例备案" in shown and "示例并联审批" not in shown
    shown = page(clerk, "procedure-list", region=COUNTY)
    assert "示例并联审批" in shown and "示例备案" not in shown
    assert "没有符合条件的记录" in page(clerk, "procedure-list", q="不存在的词")
    client = Client()
    client.force_login(clerk)

    def grow(size: int) -> None:
        for number in range(size):
            publish(CONTENT, f"grown-{number}", name=f"示例{number}") if not (
                CaseProcedure.objects.filter(code=f"grown-{number}").exists()
            ) else None

    assert_query_count(client, reverse("procedure-list"), grow, most=25)


def test_a_new_one_from_an_existing_one_and_a_changed_description(people: People) -> None:
    publish(CONTENT, clause="六.2", owner="示例审批局")
    client = Client()
    client.force_login(people["section"])
    shown = page(people["section"], "procedure-new", start="approval-test")
    assert 'value="示例并联审批"' in shown and 'value="approval-test" selected' in shown
    answer = client.post(
        reverse("procedure-new"),
        {"nonce": str(uuid.uuid4()), "name": "照着做的", "code": "copied", "region_code": COUNTY,
         "owner": "示例局", "start": "approval-test"},
    )  # fmt: skip
    assert answer["Location"] == reverse("procedure-steps", args=["copied"])
    row = CaseProcedure.objects.get(code="copied")
    assert row.state == "draft" and row.versions.get().spec == publish(CONTENT).spec
    assert row.kind == "licensing"

    url = reverse("procedure-edit", args=["copied"])
    opened = text(client.get(url))
    seen = opened.split('name="seen" value="')[1].split('"')[0]
    data = {"nonce": str(uuid.uuid4()), "seen": seen, "name": "改了名的", "region_code": COUNTY,
            "owner": "示例局"}  # fmt: skip
    assert client.post(url, data).status_code == 302
    row.refresh_from_db()
    assert row.name == "改了名的"
    again = client.post(url, {**data, "nonce": str(uuid.uuid4()), "name": "又改"})
    assert again.status_code == 422 and "改了名的" in text(again)


def test_retiring_on_the_page(people: People) -> None:
    publish(CONTENT)
    client = Client()
    client.force_login(people["section"])

    def press(verb: str) -> int:
        url = reverse("procedure-state", args=["approval-test", verb])
        return client.post(url, {"nonce": str(uuid.uuid4())}).status_code

    assert press("retire") == 302
    assert "已停用" in page(people["section"], "procedure-detail", "approval-test")
    page(people["applicant"], "case-new", "approval-test", status=404)
    assert press("resume") == 302 and press("destroy") == 404
    assert "开始填写" in page(people["applicant"], "case-new", "approval-test")


def test_an_office_begins_a_case_for_an_enterprise(people: People) -> None:
    publish(CONTENT)
    client = Client()
    client.force_login(people["section"])
    url = reverse("case-new", args=["approval-test"])

    def send(**data: str) -> Any:
        return client.post(url, {"nonce": str(uuid.uuid4()), "region_code": COUNTY, **data})

    answer = send(uscc="示例没有的企业")
    assert answer.status_code == 422 and "没有找到企业" in text(answer)
    answer = send(region_code=SIBLING)
    # Out of reach is as good as not there.
    assert answer.status_code == 404 and not Case.objects.exists()
    firm = make_enterprise(name="示例代办企业")
    assert send(uscc="示例代办企业").status_code == 302
    assert Case.objects.get().enterprise == firm


@pytest.fixture
def items(db: None) -> list[PackItem]:
    """The procedures of the county's document."""
    version = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    return list(PackItem.objects.filter(pack=version, section="procedures").select_related("pack"))


def test_items_of_a_document_are_carried_out_or_say_that_nobody_does(
    people: People, items: list[PackItem]
) -> None:
    row = publish(CONTENT, items=["yanzhou-2020:YZ-P01"])
    late = new_case(row, None, COUNTY, None)
    late.state, late.due = "open", timezone.localdate() - dt.timedelta(days=1)
    late.save()
    closed(row, dt.date(2026, 3, 2), dt.date(2026, 3, 6))
    live = {item.code: one for item in items
            if (one := live_procedures(access_of(people["section"]), items)[item.pk])}  # fmt: skip
    assert live["YZ-P01"].words == "由“示例并联审批”办理：办理中 1，已办结 1，超期 1"
    assert live["YZ-P01"].url == reverse("procedure-detail", args=["approval-test"])
    assert live["YZ-P01"].status == "warning"
    assert live["YZ-P02"].words == "还没有对应的办事方式，建一个"
    made = page(people["section"], "procedure-new", item="yanzhou-2020:YZ-P02")
    assert live["YZ-P02"].url.endswith("?item=yanzhou-2020%3AYZ-P02")
    assert 'value="重大项目容缺预审"' in made and 'value="yanzhou-2020:YZ-P02"' in made
    others = live_procedures(access_of(people["applicant"]), items)
    second = next(item for item in items if item.code == "YZ-P02")
    assert (others[second.pk].words, others[second.pk].url) == ("还没有对应的办事方式", "")


def test_a_limit_nobody_has_set_is_open_and_not_zero(people: People, items: list[PackItem]) -> None:
    live = live_procedures(access_of(people["section"]), items)
    limited = next(item for item in items if item.code == "YZ-P03")
    assert list(live[limited.pk].figures) == [("限时办结时限", "未定")]
    assert all("0" not in value for one in live.values() for _label, value in one.figures)


def test_steps_without_limits_are_open_and_not_zero_days(people: People) -> None:
    steps = [{**step, "days": 0, "basis": ""} for step in CONTENT["steps"]]
    publish({**CONTENT, "steps": steps, "limit": None})
    shown = page(people["section"], "procedure-detail", "approval-test")
    assert "未定" in shown and "没有写" in shown
    assert not re.search(r"(?<!\d)0 ?个工作日", shown)


@pytest.mark.parametrize("state", ["retired", "draft"])
def test_nobody_applies_by_what_is_not_open(people: People, state: str) -> None:
    """Retired or never published: its apply page is not there, for an office and an enterprise."""
    row = publish(CONTENT, "closed-one")
    for name in ("applicant", "approval"):
        page(people[name], "case-new", row.code)
    CaseProcedure.objects.filter(pk=row.pk).update(
        state=getattr(CaseProcedure.State, state.upper()),
        **({"current": None} if state == "draft" else {}),
    )
    for name in ("applicant", "approval", "section"):
        page(people[name], "case-new", row.code, status=404)
