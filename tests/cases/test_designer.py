"""A clerk makes a procedure on the page: every button, every mistake, and what is kept."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases import designer
from jigai.cases.designer_text import TextProblem, content_of_text, text_of
from jigai.cases.flow.shapes import read_procedure
from jigai.cases.models import Case, CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import draft_of
from jigai.cases.services.start_case import start_case
from jigai.core.access import access_of
from tests.cases.conftest import CONTENT, People, publish
from tests.cases.form_data import form_of
from tests.factories import SIBLING, make_user
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("process-redesign")]


def text(response: Any) -> str:
    return str(response.content.decode())


def problems_shown(response: Any) -> str:
    """Only what the list of problems says, without marks."""
    whole = text(response)
    part = whole[whole.index('id="problems"') :] if 'id="problems"' in whole else whole
    return re.sub(r"<[^>]+>", "", part)


@pytest.fixture
def staffed(people: People) -> People:
    for line in ("section", "approval", "land", "ecology", "market"):
        assert people[line]
    return people


@pytest.fixture
def web(client: Client, staffed: People) -> Client:
    client.force_login(staffed["section"])
    return client


class Desk:
    """The designer of one procedure in a browser without scripts."""

    def __init__(self, web: Client, code: str) -> None:
        self.web, self.code = web, code
        self.url = reverse("procedure-steps", args=[code])
        self.form = form_of(text(web.get(self.url)))

    def send(self, do: str, **changes: Any) -> Any:
        """Press a button with some controls changed; afterwards the form is that of the page."""
        data = {**self.form, **{k: v if isinstance(v, list) else [v] for k, v in changes.items()}}
        answer = self.web.post(self.url, {**data, "do": do})
        page = self.web.get(self.url) if answer.status_code == 302 else answer
        if answer.status_code != 302 or "/steps/" in answer["Location"]:
            self.form = form_of(text(page))
        return answer

    def check(self, **changes: Any) -> Any:
        data = {**self.form, **{k: v if isinstance(v, list) else [v] for k, v in changes.items()}}
        return self.web.post(reverse("procedure-check", args=[self.code]), data)


@pytest.fixture
def desk(web: Client) -> Desk:
    publish(CONTENT)
    return Desk(web, "approval-test")


def stored(code: str = "approval-test") -> ProcedureVersion:
    found = draft_of(CaseProcedure.objects.get(code=code))
    assert found is not None
    return found


def test_opening_and_saving_without_a_change_changes_nothing(desk: Desk) -> None:
    assert desk.send("save").status_code == 302
    assert stored().sha256 == read_procedure(CONTENT).sha256


RICH: dict[str, Any] = {
    **CONTENT, "promise": {"days": 18, "basis": "承诺"}, "visits": 1, "commitment": "说到做到",
    "constants": {"投资起点": "500万元及以上"}, "item": "A-1", "kind": "subsidy",
    "correction": {"pauses": False, "times": 2, "days": 7, "silence": "continue"},
    "extension": {"days": 5, "times": 1, "basis": "示例条款"}, "gates": ["credit"],
    "checks": [{"id": "visit", "name": "现场核查", "days": 30, "basis": "示例条款"}],
    "ladder": [{"left": 2, "to": "handler"}, {"left": -1, "to": "leader"}],
    "conditions": [{"rule": "达到(总投资, 投资起点)", "say": "投资没有达到", "clause": "五.1"}],
    "fields": [
        *CONTENT["fields"],
        {"id": "level", "label": "级别", "type": "choice", "options": {"c": "市级", "p": "省级"}},
        {"id": "power", "label": "用电", "type": "number", "unit": "千瓦时", "public": True,
         "mask": "range", "steps": ["1", "2"]},
        {"id": "kinds", "label": "品种", "type": "text", "many": True, "help": "逐个写"},
    ],
    "steps": [
        *CONTENT["steps"][:-1],
        {"id": "vote", "name": "票决", "mode": "vote", "after": ["joint"], "hide": ["invest"],
         "who": [{"pool": "section-clerk"}, {"line": "land", "level": "county"},
                 {"person": "example"}], "days": 1, "basis": "承诺", "refuse": "return:land",
         "vote": {"numerator": 2, "denominator": 3, "quorum": 2, "more_than": False},
         "help": "开会", "deed": "decision"},
        {**CONTENT["steps"][-1], "who": {"applicant": True}, "deed": "task"},
        {"id": "second", "name": "复核", "deed": "task",
         "who": {"capability": "case.supervise", "apart": "starter"}},
        {"id": "public", "name": "公示", "deed": "wait", "days": 5, "basis": "示例条款"},
    ],
}  # fmt: skip


def test_everything_a_procedure_can_say_survives_the_form(web: Client) -> None:
    publish(RICH)
    assert Desk(web, "approval-test").send("save").status_code == 302
    assert stored().spec == read_procedure(RICH)


def test_rows_are_added_moved_and_removed_and_what_was_typed_stays(desk: Desk) -> None:
    desk.send("add:evidence", s_1_name="用地初审")
    desk.send("up:evidence:3", e_3_name="红线图")
    spec = stored().spec
    assert [e.name for e in spec.evidence] == ["申请书", "用地材料", "红线图", "现场照片"]
    assert spec.step("land").name == "用地初审"

    answer = desk.send("remove:steps:1")
    assert answer["Location"].endswith("#steps")
    spec = stored().spec
    assert [s.id for s in spec.steps] == ["accept", "ecology", "joint", "decide"]
    # What waited for the removed step now waits for what it waited for.
    assert spec.step("joint").after == ("accept", "ecology")

    answer = desk.send("add:steps")
    assert answer["Location"].endswith("#steps-4")
    assert stored().spec.steps[-1].after == ("decide",)
    desk.send("down:steps:0")
    assert [s.id for s in stored().spec.steps][:2] == ["ecology", "accept"]
    desk.send("add:conditions")
    desk.send("save", c_0_rule="新增用地", c_0_say="要新增用地")
    assert stored().spec.conditions[0].rule == "新增用地"


def test_removing_a_field_takes_it_out_of_steps_and_title(desk: Desk) -> None:
    desk.send("remove:fields:3")
    assert stored().spec.step("decide").write == ()
    desk.send("remove:fields:0")
    assert stored().spec.title == ""


def refused(desk: Desk, *words: str, **changes: Any) -> None:
    """The page names place and fix, in the live check and when publishing; nothing is published."""
    live = desk.check(**changes)
    answer = desk.send("publish", **changes)
    assert answer.status_code == 422
    for told in (problems_shown(live), problems_shown(answer)):
        for word in (*words, "改法："):
            assert word in told, word
        assert "可以发布" not in told
    procedure = CaseProcedure.objects.get(code="approval-test")
    assert procedure.current is not None and procedure.current.number == 1


def test_bad_input_a_cycle(desk: Desk) -> None:
    refused(desk, "步骤互相等候", "“受理”", "的前置步骤里去掉", s_0_after=["decide"])
    assert "流程画不出来" in text(desk.web.get(desk.url))


def test_bad_input_a_step_nobody_can_do(desk: Desk) -> None:
    refused(desk, "步骤“决定”", "没有办理人，办不下去", s_4_unit=[""], s_4_level=["own"])


def test_bad_input_a_department_that_is_not_here(desk: Desk) -> None:
    refused(desk, "步骤“决定”", "没有“财政”条线的部门", "在组织机构里补上",
            s_4_unit=["line:finance"], s_4_level=["own"])  # fmt: skip


def test_bad_input_a_branch_that_never_joins(desk: Desk) -> None:
    refused(desk, "没有汇合", "“用地审查”", "加一个收尾的步骤", s_3_after=["ecology"])


def test_bad_input_a_field_two_steps_may_both_write(desk: Desk) -> None:
    refused(desk, "字段“批文号”", "“用地审查”和“环评审查”可能同时办理", "各用一个字段",
            s_1_write=["opinion_no"], s_2_write=["opinion_no"], s_4_write=[])  # fmt: skip


def test_bad_input_a_limit_without_basis_is_warned_and_may_be_confirmed(desk: Desk) -> None:
    answer = desk.send("publish", s_1_basis="")
    told = problems_shown(answer)
    assert answer.status_code == 422
    assert "步骤“用地审查”" in told and "时限 8 个工作日没有依据" in told and "改法：" in told
    box = re.search(r'name="confirmed" value="([0-9a-f]+)"', text(answer))
    assert box is not None and "照样发布" in told
    # Confirmed for another state of things it does not count.
    assert desk.send("publish", s_2_basis="", confirmed=box[1]).status_code == 422
    answer = desk.send("publish", s_2_basis="承诺", confirmed=box[1])
    assert answer.status_code == 302
    assert CaseProcedure.objects.get(code="approval-test").current.number == 2  # type: ignore[union-attr]


def test_a_number_that_is_none_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.send("save", s_1_days="八天", s_1_name="改过的名字")
    whole = text(answer)
    assert answer.status_code == 422 and "“八天”不是整数" in problems_shown(answer)
    assert 'value="八天"' in whole and 'value="改过的名字"' in whole
    assert draft_of(CaseProcedure.objects.get(code="approval-test")) is None


def test_the_live_check_stores_nothing_and_draws_the_picture(desk: Desk) -> None:
    whole = text(desk.check(s_2_days="12"))
    assert 'id="flow" hx-swap-oob="true"' in whole and "<svg" in whole
    assert "关键路径 17 个工作日：环评审查→会签→决定" in whole
    assert "逐项相加是 25 个工作日" in whole
    assert not ProcedureVersion.objects.filter(published=False).exists()


def test_the_second_of_two_people_is_told(desk: Desk, staffed: People) -> None:
    other = Client()
    other.force_login(staffed["chief"])
    theirs = Desk(other, "approval-test")
    theirs.send("save", s_0_name="他们的受理")
    answer = desk.send("save", s_0_name="我的受理")
    assert answer.status_code == 422 and "刚被别人改动" in text(answer)
    assert 'value="我的受理"' in text(answer)
    assert stored().spec.step("accept").name == "他们的受理"


def test_the_same_click_twice_publishes_once(desk: Desk) -> None:
    data = {**desk.form, "s_0_name": ["收件"], "do": "publish"}
    first, second = desk.web.post(desk.url, data), desk.web.post(desk.url, data)
    assert first["Location"] == second["Location"] == reverse("procedure-detail",
                                                              args=["approval-test"])  # fmt: skip
    assert CaseProcedure.objects.get(code="approval-test").versions.count() == 2


def test_from_nothing_to_an_application_the_same_minute(web: Client, staffed: People) -> None:
    """No deployment: the clerk presses publish, the enterprise applies at once."""
    made = web.post(
        reverse("procedure-new"),
        {"nonce": str(uuid.uuid4()), "name": "示例厂房改造备案", "code": "plant-change",
         "region_code": "370812", "owner": "示例局", "start": ""},
    )  # fmt: skip
    assert made["Location"] == reverse("procedure-steps", args=["plant-change"])
    desk = Desk(web, "plant-change")
    desk.send("add:steps", kind="filing", f_0_label="厂房名称", s_0_unit=["line:approval"],
              s_0_level=["own"], s_0_days="1", s_0_basis="承诺")  # fmt: skip
    desk.send("add:evidence", s_1_name="备案", s_1_unit=["line:land"], s_1_level=["own"],
              s_1_days="3", s_1_basis="承诺")  # fmt: skip
    firm = Client()
    firm.force_login(staffed["applicant"])
    assert firm.get(reverse("procedure-detail", args=["plant-change"])).status_code == 404
    assert firm.get(reverse("case-new", args=["plant-change"])).status_code == 404

    answer = desk.send("publish", e_0_name="平面图", e_0_deferrable="yes", e_0_days="5")
    assert answer.status_code == 302, problems_shown(answer)

    page = text(firm.get(reverse("case-new", args=["plant-change"])))
    assert "平面图" in page and "5 个工作日内补齐" in page and "示例厂房改造备案" in page
    begun = firm.post(reverse("case-new", args=["plant-change"]), {"nonce": str(uuid.uuid4())})
    case = Case.objects.get()
    assert begun["Location"] == reverse("case-draft", args=[case.number])
    assert case.enterprise == staffed.enterprise and case.release.number == 1
    assert case.procedure.kind == "filing"


def test_a_running_case_shows_its_version_after_the_next_is_published(
    desk: Desk, staffed: People
) -> None:
    user = staffed["applicant"]
    procedure = CaseProcedure.objects.get(code="approval-test")
    case = start_case(procedure=procedure, by=user, access=access_of(user))
    desk.send("remove:steps:1")
    assert desk.send("publish", s_1_name="新的环评").status_code == 302
    case = Case.objects.get(pk=case.pk)
    assert case.release.number == 1 and len(case.release.spec.steps) == 5
    firm = Client()
    firm.force_login(user)
    old = text(firm.get(reverse("procedure-version", args=["approval-test", 1])))
    new = text(firm.get(reverse("procedure-version", args=["approval-test", 2])))
    assert "用地审查" in old and "已被替代" in old and "按它开始的办件一直按它办完" in old
    assert "新的环评" in new and "步骤“用地审查”" in new


def test_the_text_and_the_form_are_one_draft(desk: Desk) -> None:
    url = reverse("procedure-text", args=["approval-test"])
    written = text_of(read_procedure(CONTENT)).replace("用地审查", "用地联审")
    answer = desk.web.post(url, {"nonce": str(uuid.uuid4()), "draft": "0", "text": written,
                                 "do": "save"})  # fmt: skip
    assert answer["Location"] == desk.url
    desk = Desk(desk.web, "approval-test")
    assert desk.form["s_1_name"] == ["用地联审"]
    assert desk.send("text", s_1_name="用地再审")["Location"] == url
    assert "用地再审" in text(desk.web.get(url))


@pytest.mark.parametrize(
    ("written", "line", "told"),
    [
        ("kind: subsidy\nsteps:\n- id: a\n  nmae: 甲\n", 4, "nmae"),
        ("kind: subsidy\nsteps:\n- id: a\n  days: 三天\n", 4, "“三天”不是整数"),
        ("kind: subsidy\nkind: filing\n", 2, "读不懂"),
        ("kind: [subsidy\nsteps: x\n", 2, "读不懂"),
        ("- a\n", 1, "不是键和值"),
        ("a: &x [1]\nb: &y [*x, *x]\nc: &z [*y, *q]\n", 3, "锚点"),
        ("steps: 受理\n", 0, "结构不对"),
    ],
)
def test_mistakes_in_the_text_are_told_with_the_line(
    desk: Desk, written: str, line: int, told: str
) -> None:
    with pytest.raises(TextProblem) as caught:
        content_of_text(written)
    assert caught.value.line == line and told in caught.value.message
    url = reverse("procedure-text", args=["approval-test"])
    answer = desk.web.post(url, {"nonce": str(uuid.uuid4()), "draft": "0", "text": written})
    assert answer.status_code == 422 and (not line or f"第 {line} 行" in text(answer))
    assert not ProcedureVersion.objects.filter(published=False).exists()


@pytest.mark.parametrize("content", [CONTENT, RICH])
def test_the_text_says_everything(content: dict[str, Any]) -> None:
    spec = read_procedure(content)
    assert read_procedure(content_of_text(text_of(spec))) == spec
    assert "mode: one" not in text_of(spec) and "deferrable: false" not in text_of(spec)


def test_buttons_that_do_not_exist_change_nothing() -> None:
    content = read_procedure(CONTENT).content()
    for action in ("", "add", "add:nothing", "up:steps:0", "down:steps:4", "remove:steps:99",
                   "remove:steps:-1", "up:steps:x", "remove:correction:0"):  # fmt: skip
        assert designer.act(dict(content), action) == content


def test_others_have_no_designer(desk: Desk, staffed: People) -> None:
    away = make_user("section-clerk", SIBLING)
    for user, status in ((staffed["applicant"], 403), (staffed["leader"], 403), (away, 403)):
        other = Client()
        other.force_login(user)
        for name in ("procedure-steps", "procedure-text"):
            assert other.get(reverse(name, args=["approval-test"])).status_code == status
        post = other.post(desk.url, {**desk.form, "do": "publish", "s_0_name": ["别人的"]})
        assert post.status_code == status
    assert CaseProcedure.objects.get(code="approval-test").versions.count() == 1


def test_a_draft_can_be_thrown_away(desk: Desk) -> None:
    desk.send("save", s_0_name="不要的")
    url = reverse("procedure-discard", args=["approval-test"])
    assert desk.web.post(url, {"nonce": str(uuid.uuid4())}).status_code == 302
    assert Desk(desk.web, "approval-test").form["s_0_name"] == ["受理"]


def test_more_steps_do_not_mean_more_queries(web: Client) -> None:
    publish(CONTENT, "small")
    steps = [*CONTENT["steps"], *[
        {"id": f"more_{n}", "name": f"第{n}步", "who": {"line": "land"}, "days": 1, "basis": "承诺"}
        for n in range(30)
    ]]  # fmt: skip
    publish({**CONTENT, "steps": steps, "limit": None}, "large", name="三十五步的")
    urls = [reverse("procedure-steps", args=[code]) for code in ("small", "large")]
    for url in urls:
        web.get(url)
    small, large = (len(queries_of(web, url)) for url in urls)
    assert large <= small < 40
