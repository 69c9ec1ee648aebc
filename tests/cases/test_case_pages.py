"""The page of a case: who sees what, what may be done, and what a refusal leaves behind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.actions import panel_of
from jigai.cases.case_parts import steps_of_case
from jigai.cases.desk_counts import desk_counts
from jigai.cases.ledger import clock_ledger
from jigai.cases.models import Case, CaseProcedure, CaseRecord, CaseStep, Task
from jigai.cases.services.keep_receipt import receipt_hash
from jigai.cases.services.start_case import start_case
from jigai.cases.viewer import viewer_of
from jigai.core.access import access_of
from jigai.core.models import EvidenceFile, Notice, User
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, VALUES, Do, People, publish
from tests.factories import COUNTY, SIBLING, make_department, make_enterprise, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A place for files of this test."""
    settings.DATA_DIR = tmp_path
    yield tmp_path


def a_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(case: Case, user: User, **query: Any) -> str:
    response = a_client(user).get(reverse("case-detail", args=[case.number]), query)
    assert response.status_code == 200
    return response.content.decode()


def send(case: Case, verb: str, user: User, **data: Any) -> Any:
    url = reverse("case-act", args=[case.number, verb])
    return a_client(user).post(url, {"nonce": str(uuid.uuid4()), **data})


def verbs_for(case: Case, user: User, task: int | None = None) -> list[str]:
    case.refresh_from_db()
    panel = panel_of(viewer_of(case, access_of(user)), task)
    return [action.verb for action in (*panel.deciding, *panel.more)]


def upload(name: str = "示例材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def outsiders() -> list[User]:
    return [
        make_user("enterprise-handler", enterprise=make_enterprise(), name="示例别家"),
        make_user(
            "approval", SIBLING, department=make_department(SIBLING, "ecology", "任城生态局")
        ),
        make_user("approval", department=make_department(line="tax")),
    ]


@pytest.mark.parametrize("name", ["case-detail", "case-clock", "case-draft", "case-receipt"])
def test_an_outsider_gets_the_same_answer_as_for_no_case(opened: Case, name: str) -> None:
    for person in outsiders():
        client = a_client(person)
        there = client.get(reverse(name, args=[opened.number])).status_code
        missing = client.get(reverse(name, args=["370812-2026-999999"])).status_code
        # Who may not open such pages at all is told so before any case is looked for.
        assert there == missing and there in (403, 404)


def test_an_outsider_cannot_act(opened: Case) -> None:
    for person in outsiders():
        assert send(opened, "agree", person).status_code == 404
    assert not CaseRecord.objects.filter(case=opened, verb="agree").exists()


def test_the_page_shows_head_steps_materials_and_picture(opened: Case, people: People) -> None:
    page = page_of(opened, people["ecology"])
    for words in (opened.number, "示例并联审批", "第 1 版", people.enterprise.name, "用地审查",
                  "容缺待补", "申请书", "示例材料.pdf", "未提交（可选）", "jg-flow",
                  "20 个工作日"):  # fmt: skip
        assert words in page, words
    assert "500.00 万元" in page


def test_only_the_verbs_that_fit_are_offered(opened: Case, submitted: Case, people: People) -> None:
    ecology = verbs_for(opened, people["ecology"])
    assert "agree" in ecology and "disagree" in ecology and "claim" in ecology
    assert not {"accept", "refuse_acceptance", "submit", "supply", "send_back"} & set(ecology)
    # Licences: no 补正 once accepted (行政许可法 32).
    assert "correct" not in ecology
    applicant = verbs_for(opened, people["applicant"])
    assert {"withdraw", "urge", "supply_deferred"} == set(applicant)
    assert "void" in verbs_for(opened, people["chief"])


def test_acceptance_offers_acceptance(submitted: Case, people: People) -> None:
    found = verbs_for(submitted, people["approval"])
    assert found[:2] == ["accept", "refuse_acceptance"] and "correct" in found
    assert "agree" not in found and "disagree" not in found
    assert verbs_for(submitted, people["ecology"]) == []


def test_a_chosen_task_is_the_one_acted_on(opened: Case, do: Do, people: People) -> None:
    do(opened, "agree", "ecology")
    do(opened, "agree", "land")
    joint = {t.department.line: t for t in Task.objects.filter(case=opened, step__code="joint")
             if t.department}  # fmt: skip
    view = viewer_of(Case.objects.get(pk=opened.pk), access_of(people["land"]))
    assert panel_of(view, joint["land"].pk).task == joint["land"]
    # Somebody else's task in the address is no way in.
    assert panel_of(view, joint["market"].pk).task == joint["land"]


def test_agreeing_through_the_page(opened: Case, people: People) -> None:
    response = send(opened, "agree", people["ecology"], reason="符合环评要求", seen=opened.version)
    assert response.status_code == 302
    task = Task.objects.get(case=opened, step__code="ecology")
    assert (task.state, task.decision, task.opinion) == ("done", "agree", "符合环评要求")


def test_the_same_form_sent_twice_acts_once(opened: Case, people: People) -> None:
    nonce = str(uuid.uuid4())
    first = send(opened, "agree", people["ecology"], nonce=nonce)
    second = send(opened, "agree", people["ecology"], nonce=nonce)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert CaseRecord.objects.filter(case=opened, verb="agree").count() == 1


def test_a_reason_is_asked_for_and_what_was_typed_stays(opened: Case, people: People) -> None:
    response = send(opened, "disagree", people["ecology"], reason="  ")
    assert response.status_code == 422
    assert "不同意要写理由" in response.content.decode()
    pause = send(opened, "pause", people["ecology"], kind="expert", expected_days="0",
                 reason="请专家看一看")  # fmt: skip
    assert pause.status_code == 422 and "请专家看一看" in pause.content.decode()
    assert not opened.pauses.exists()


def test_a_refused_verb_comes_back_with_the_reason(opened: Case, people: People) -> None:
    response = send(opened, "agree", people["applicant"])
    page = response.content.decode()
    assert response.status_code == 422 and "只有办理人、受托人可以同意" in page
    assert send(opened, "nothing", people["ecology"]).status_code == 404
    assert send(opened, "submit", people["applicant"]).status_code == 404


def test_who_looked_at_an_older_state_is_told_who_came_first(
    opened: Case, do: Do, people: People
) -> None:
    seen = opened.version
    do(opened, "agree", "land", reason="用地没有问题")
    response = send(opened, "agree", people["ecology"], seen=seen, reason="我的意见还在")
    page = response.content.decode()
    assert response.status_code == 422 and "内容已经变了" in page
    assert "示例land" in page and "我的意见还在" in page
    assert Task.objects.get(case=opened, step__code="ecology").state == "open"
    case = Case.objects.get(pk=opened.pk)
    assert send(opened, "agree", people["ecology"], seen=case.version).status_code == 302


def test_the_applicant_learns_opinions_only_when_it_is_over(
    opened: Case, do: Do, people: People
) -> None:
    do(opened, "disagree", "ecology", reason="内部看法：先补环评")
    do(opened, "transfer", "land", reason="内部调剂", to=people["land-2"].pk)
    office, own = page_of(opened, people["land-2"]), page_of(opened, people["applicant"])
    assert "内部看法：先补环评" in office and "内部调剂" in office
    assert "内部看法" not in own and "内部调剂" not in own and "示例ecology" not in own
    assert "不同意" not in own
    do(opened, "agree", "land-2")
    do(opened, "agree", "land")
    do(opened, "agree", "market")
    do(opened, "disagree", "approval", reason="环评未通过", values={"opinion_no": "示例1号"})
    own = page_of(opened, people["applicant"])
    assert "内部看法：先补环评" in own and "环评未通过" in own and "示例1号" in own
    assert "内部调剂" not in own


def test_a_field_filled_in_by_a_step_is_not_the_applicants_before_the_end(
    opened: Case, people: People
) -> None:
    Case.objects.filter(pk=opened.pk).update(values={**opened.values, "opinion_no": "拟稿7号"})
    assert "拟稿7号" in page_of(opened, people["approval"])
    assert "拟稿7号" not in page_of(opened, people["applicant"])


def test_a_blind_step_hides_its_fields_and_the_name(people: People, do: Do) -> None:
    spec = {**CONTENT, "steps": [
        {**step, "hide": ["project", "invest"]} if step["id"] == "ecology" else step
        for step in CONTENT["steps"]]}  # fmt: skip
    user, blind = people["applicant"], publish(spec, "blind", name="示例盲审")
    case = start_case(procedure=blind, by=user, access=access_of(user))
    from tests.cases.conftest import make_file

    do(case, "submit", "applicant", values={**VALUES, "project": "甲公司的秘密改造"},
       evidence={"application": make_file(user).pk, "land_paper": "defer"})  # fmt: skip
    do(case, "accept", "approval")
    page = page_of(case, people["ecology"])
    assert "甲公司的秘密改造" not in page and "500.00 万元" not in page
    assert people.enterprise.name not in page and "新增用地" in page
    assert "甲公司的秘密改造" in page_of(case, people["land"])
    assert people.enterprise.name in page_of(case, people["applicant"])


def test_the_page_asks_the_same_however_long_the_story(
    opened: Case, people: People, do: Do
) -> None:
    clerk = people["ecology"]

    def grow(size: int) -> None:
        while opened.records.count() < size:
            CaseRecord.objects.create(case=opened, verb="visit", by=clerk, reason="示例",
                                      data={"on": "2026-11-20"})  # fmt: skip

    url = reverse("case-detail", args=[opened.number])
    assert_query_count(a_client(clerk), url, grow, most=55, sizes=(5, 25))


@pytest.mark.system("parallel-approval")
@pytest.mark.system("time-limited-approval")
def test_the_ledger_of_the_clock_adds_up(
    opened: Case, do: Do, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two branches paused at once: the days both are paused count once, and the limit is that of
    the whole, not the sum of the steps."""
    start = timezone.localdate()
    days = (d for n in range(1, 60) if (d := start + dt.timedelta(days=n)).weekday() < 5)
    first, second, third = next(days), next(days), next(days)
    for line, day in (("ecology", first), ("land", second)):
        monkeypatch.setattr(timezone, "localdate", lambda *a, day=day: day)
        do(opened, "pause", line, kind="expert", expected_days=5, reason="示例专家评审")
    monkeypatch.setattr(timezone, "localdate", lambda *a: third)
    do(opened, "resume", "ecology", reason="评审完毕")
    response = a_client(people["ecology"]).get(reverse("case-clock", args=[opened.number]))
    clock, page = response.context["clock"], response.content.decode()
    assert sum(one.days for one in clock.pauses) == clock.held
    assert (clock.way.path, clock.way.whole, clock.way.saved) == (15, 23, 8)
    for words in ("专家评审", "用地审查", "暂停中", "行政许可法第四十五条", "预计", "关键路径 15"):
        assert words.split(" ", maxsplit=1)[0] in page, words
    assert "示例专家评审" in page_of(opened, people["applicant"])


def test_a_case_without_a_pause_has_an_empty_ledger(submitted: Case, people: People) -> None:
    page = a_client(people["approval"]).get(reverse("case-clock", args=[submitted.number]))
    assert "没有暂停" in page.content.decode() and "受理后起算" in page.content.decode()


def test_a_material_is_served_to_who_may_see_the_case(
    draft: Case, people: People, store: Path
) -> None:
    url = reverse("case-draft", args=[draft.number])
    client = a_client(people["applicant"])
    client.post(url, {"nonce": str(uuid.uuid4()), "do": "save", "v-project": "示例",
                      "e-application": upload()})  # fmt: skip
    row = draft.evidence.get()
    link = reverse("case-file", args=[draft.number, f"e-{row.pk}"])
    response = client.get(link)
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    for person in outsiders():
        assert a_client(person).get(link).status_code in (403, 404)
    for key in (f"e-{row.pk + 999}", "f-project", "x-1", "e-"):
        assert client.get(reverse("case-file", args=[draft.number, key])).status_code == 404


def test_a_file_of_another_case_is_not_served_through_this_one(
    draft: Case, people: People, procedure: CaseProcedure, store: Path
) -> None:
    stranger = make_enterprise()
    other = make_user("enterprise-handler", enterprise=stranger)
    theirs = start_case(procedure=procedure, by=other, access=access_of(other))
    given = {"nonce": str(uuid.uuid4()), "do": "save", "e-application": upload()}
    a_client(other).post(reverse("case-draft", args=[theirs.number]), given)
    row = theirs.evidence.get()
    link = reverse("case-file", args=[draft.number, f"e-{row.pk}"])
    assert a_client(people["applicant"]).get(link).status_code == 404


def test_from_draft_to_receipt(draft: Case, people: People, store: Path) -> None:
    client, url = a_client(people["applicant"]), reverse("case-draft", args=[draft.number])
    assert "data-autosave" in client.get(url).content.decode()
    first = client.post(url, {"nonce": str(uuid.uuid4()), "do": "look", "v-project": "示例改造",
                              "v-invest": "500万元", "v-new_land": "是",
                              "e-application": upload(), "d-land_paper": "on"})  # fmt: skip
    assert first.status_code == 302 and first.url.endswith("?look=1")
    look = client.get(first.url).content.decode()
    assert "示例改造" in look and "500.00 万元" in look and "容缺待补" in look
    draft.refresh_from_db()
    assert draft.state == "draft"
    nonce = str(uuid.uuid4())
    sent = client.post(url, {"nonce": nonce, "do": "hand-in", "seen": draft.version})
    assert sent.url == reverse("case-receipt", args=[draft.number])
    again = client.post(url, {"nonce": nonce, "do": "hand-in", "seen": draft.version})
    assert again.url == sent.url
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert CaseRecord.objects.filter(case=draft, verb="submit").count() == 1
    page = client.get(sent.url).content.decode()
    record = CaseRecord.objects.get(case=draft, verb="receipt")
    assert draft.number in page and record.data["sha256"] in page
    file = EvidenceFile.objects.get()
    handed = {
        "number": draft.number, "on": str(draft.submitted_on), "values": draft.values,
        "materials": [{"item": "application", "state": "given", "sha256": file.sha256},
                      {"item": "land_paper", "state": "deferred", "sha256": ""}],
    }  # fmt: skip
    assert record.data["sha256"] == receipt_hash(handed)
    assert receipt_hash({**handed, "values": {}}) != record.data["sha256"]


def test_a_half_filled_draft_is_kept_and_not_handed_in(draft: Case, people: People) -> None:
    client, url = a_client(people["applicant"]), reverse("case-draft", args=[draft.number])
    saved = client.post(url, {"nonce": str(uuid.uuid4()), "do": "save", "v-invest": "500万元"})
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert draft.values["invest"] == 5_000_000_00
    refused = client.post(url, {"nonce": str(uuid.uuid4()), "do": "hand-in"})
    assert refused.status_code == 422
    assert "没有填写：项目名称" in refused.content.decode()
    odd = client.post(url, {"nonce": str(uuid.uuid4()), "do": "save", "v-invest": "许多"})
    assert odd.status_code == 422 and "读不懂" in odd.content.decode()


def test_a_promise_of_a_draft_can_be_taken_back(draft: Case, people: People) -> None:
    client, url = a_client(people["applicant"]), reverse("case-draft", args=[draft.number])
    client.post(url, {"nonce": str(uuid.uuid4()), "do": "save", "d-land_paper": "on"})
    assert draft.evidence.get().state == "deferred"
    client.post(url, {"nonce": str(uuid.uuid4()), "do": "save"})
    assert not draft.evidence.exists()
    # A material that must not follow later offers no such box.
    assert 'name="d-application"' not in client.get(url).content.decode()


def test_a_draft_is_the_applicants_alone(draft: Case, submitted: Case, people: People) -> None:
    url = reverse("case-draft", args=[draft.number])
    for who in ("approval", "chief"):
        assert a_client(people[who]).get(url).status_code in (403, 404)
    response = a_client(people["applicant"]).get(url)
    assert response.url == reverse("case-detail", args=[draft.number])


def test_correction_asks_for_what_is_missing_and_shows_what_changed(
    submitted: Case, people: People, store: Path
) -> None:
    asked = send(submitted, "correct", people["approval"], reason="请一次补齐",
                 **{"f-invest": "与立项批复不一致", "i-application": "没有盖章"})  # fmt: skip
    assert asked.status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "correction"
    client, url = a_client(people["applicant"]), reverse("case-draft", args=[submitted.number])
    page = client.get(url).content.decode()
    assert "与立项批复不一致" in page and "没有盖章" in page
    assert 'name="v-invest"' in page and 'name="v-project"' not in page
    sent = client.post(url, {"nonce": str(uuid.uuid4()), "do": "supply", "v-invest": "600万元",
                             "e-application": upload("盖章申请书.pdf")})  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()[:2000]
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    shown = page_of(submitted, people["approval"])
    assert "600.00 万元" in shown and "补正前：500.00 万元" in shown and "盖章申请书.pdf" in shown


def test_a_supervisor_hands_on_a_task_that_is_not_theirs(opened: Case, people: People) -> None:
    task = Task.objects.get(case=opened, step__code="ecology", state="open")
    chief = make_user("section-chief", COUNTY, department=make_department(line="ecology"))
    other = make_user("section-chief", COUNTY, name="示例督办")
    assert "transfer" not in verbs_for(opened, other)
    assert "transfer" in verbs_for(opened, other, task.pk)
    taker = people["ecology"]
    response = send(opened, "transfer", other, to=f"u{taker.pk}", reason="改派", task=task.pk)
    assert response.status_code == 302, response.content.decode()[:1500]
    moved = Task.objects.get(case=opened, step__code="ecology", state="open")
    assert moved.person == taker and chief.pk != taker.pk


def test_the_home_page_counts_what_is_late(opened: Case, people: People) -> None:
    clerk = people["ecology"]
    step = CaseStep.objects.get(case=opened, code="ecology")
    today = timezone.localdate()
    assert desk_counts(access_of(clerk)).red == 0
    late = today - dt.timedelta(days=1)
    CaseStep.objects.filter(pk=step.pk).update(due=late)
    Task.objects.filter(step=step.pk).update(due=late)
    counts = desk_counts(access_of(clerk))
    assert (counts.todo, counts.red, counts.amber) == (1, 1, 0)
    CaseStep.objects.filter(pk=step.pk).update(due=today, amber_from=today)
    Task.objects.filter(step=step.pk).update(due=today)
    assert desk_counts(access_of(clerk)).amber == 1
    page = a_client(clerk).get("/").content.decode()
    assert "临期的办件" in page and "办件待办" in page
    assert desk_counts(access_of(make_user("expert"))).todo == 0


def test_the_list_of_cases_narrows_and_stays_within_reach(
    opened: Case, people: People, procedure: CaseProcedure
) -> None:
    url = reverse("case-list")
    chief = a_client(people["chief"])
    for query in ({}, {"state": "open"}, {"light": "green"}, {"procedure": procedure.pk},
                  {"region": COUNTY}, {"accepted_from": str(timezone.localdate())},
                  {"q": opened.number[-6:]}):  # fmt: skip
        assert opened.number in chief.get(url, query).content.decode(), query
    for query in (
        {"state": "done"},
        {"light": "red"},
        {"region": SIBLING},
        {"due_to": "2020-01-01"},
    ):
        assert opened.number not in chief.get(url, query).content.decode(), query
    far = make_user("section-chief", SIBLING)
    assert opened.number not in a_client(far).get(url).content.decode()


@pytest.mark.parametrize(
    ("kind", "applicant", "offered"),
    [("service", "public", True), ("internal", "bureau", False), ("complaint", "public", False),
     ("filing", "bureau", False)],
)  # fmt: skip
def test_coming_in_person_counts_only_where_somebody_outside_applies(
    opened: Case, people: People, do: Do, kind: str, applicant: str, offered: bool
) -> None:
    other = publish({**CONTENT, "kind": kind, "applicant": applicant}, "other-kind")
    Case.objects.filter(pk=opened.pk).update(release=other.current, procedure=other)
    case = Case.objects.get(pk=opened.pk)
    assert ("visit" in verbs_for(case, people["ecology"])) is offered
    assert ("跑动次数" in page_of(case, people["ecology"])) is offered
    if offered:
        assert do(case, "visit", "ecology", reason="送材料").visits.count() == 1
    else:
        with pytest.raises(JigaiError, match="不登记跑动"):
            do(case, "visit", "ecology", reason="送材料")


def test_reasons_to_pause_are_those_of_the_step(opened: Case, people: People) -> None:
    """The land step takes expert reviews only, 会签 none at all: then nothing is offered."""

    def offered(line: str) -> list[str]:
        view = viewer_of(Case.objects.get(pk=opened.pk), access_of(people[line]))
        panel = panel_of(view)
        found = [a.form for a in panel.more if a.verb == "pause"]
        return [code for form in found for code, _ in form.fields["kind"].choices]

    assert (offered("land"), offered("ecology")) == (["expert"], ["hearing", "expert"])
    spec = {**CONTENT, "steps": [
        {**step, "pauses": {"land": [], "ecology": ["publicity"]}.get(step["id"], [])}
        for step in CONTENT["steps"]]}  # fmt: skip
    other = publish(spec, "no-pauses")
    Case.objects.filter(pk=opened.pk).update(release=other.current)
    # A licence stops for what the law lists only, whatever its steps say.
    assert (offered("land"), offered("ecology")) == ([], [])
    task = Task.objects.get(case=opened, step__code="land")
    back = send(opened, "pause", people["land"], task=task.pk, kind="other", reason="示例",
                expected_days=3)  # fmt: skip
    assert back.status_code == 422 and not opened.pauses.exists()


def test_who_lent_a_task_takes_it_back_on_the_page(opened: Case, people: People) -> None:
    principal, deputy = people["ecology"], people["ecology-2"]
    task = Task.objects.get(case=opened, step__code="ecology")
    until = timezone.localdate() + dt.timedelta(days=5)
    page = page_of(opened, principal)
    assert "委托给" in page and "收回委托" not in page
    lent = send(opened, "delegate", principal, task=task.pk, to=deputy.pk, until=str(until),
                reason="休假")  # fmt: skip
    assert lent.status_code == 302
    page = page_of(opened, principal)
    assert "收回委托" in page and "委托给" not in page
    assert "delegate" not in verbs_for(opened, deputy)
    assert "收回委托要写理由" in send(
        opened, "delegate", principal, task=task.pk, end="1"
    ).content.decode()  # fmt: skip
    back = send(opened, "delegate", principal, task=task.pk, end="1", reason="提前回来")
    assert back.status_code == 302
    task.refresh_from_db()
    assert task.deputy_until == timezone.localdate() - dt.timedelta(days=1)
    assert "agree" not in verbs_for(opened, deputy)
    assert "委托给" in page_of(opened, principal)


WAIT: dict[str, Any] = {
    "kind": "service", "title": "project",
    "fields": [{"id": "project", "label": "名称", "type": "text"},
               {"id": "open_to", "label": "公示截止", "type": "date"}],
    "steps": [
        {"id": "accept", "name": "受理", "accepts": True, "who": {"line": "approval"}},
        {"id": "publicity", "name": "公示", "deed": "wait", "until": "open_to"},
        {"id": "decide", "name": "决定", "who": {"line": "approval"}},
    ],
}  # fmt: skip


def test_a_wait_until_a_day_has_a_light(people: People, do: Do) -> None:
    user, waiting = people["applicant"], publish(WAIT, "a-wait")
    case = start_case(procedure=waiting, by=user, access=access_of(user))
    last = timezone.localdate() + dt.timedelta(days=1)
    do(case, "submit", "applicant", values={"project": "示例", "open_to": str(last)}, evidence={})
    case = do(case, "accept", "approval")
    view = viewer_of(case, access_of(people["approval"]))
    (row,) = [one for one in steps_of_case(view) if one["name"] == "公示"]
    assert (row["due"], row["light"]) == (last, "ok")
    assert row["light_words"].startswith(("剩", "今天到期"))
    (timed,) = [one for one in clock_ledger(case, last).steps if one.step.code == "publicity"]
    assert (timed.due, timed.shown, timed.words) == (last, "green", "今天到期")
    (late,) = [one for one in clock_ledger(case, last + dt.timedelta(days=9)).steps
               if one.step.code == "publicity"]  # fmt: skip
    assert late.shown == "red" and late.words.startswith("超")


def test_the_message_that_a_case_was_refused_says_why(
    opened: Case, people: People, do: Do, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        do(opened, "agree", "land", reason="示例同意")
        do(opened, "disagree", "ecology", reason="环境容量不足")
        do(opened, "agree", "market")
        do(opened, "agree", "land")
        do(opened, "disagree", "approval", reason="不符合规划")
    told = Notice.objects.filter(user=people["applicant"], title__startswith="已办结")
    assert [one.body for one in told] == ["理由：不符合规划"]


def test_an_agreement_closes_without_a_reason(
    opened: Case, people: People, do: Do, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        do(opened, "agree", "land")
        do(opened, "disagree", "ecology", reason="环境容量不足")
        do(opened, "agree", "market")
        do(opened, "agree", "land")
        do(opened, "agree", "approval", values={"opinion_no": "示例1号"})
    told = Notice.objects.filter(user=people["applicant"], title__startswith="已办结")
    assert [one.body for one in told] == [""]


def test_the_clock_page_tells_every_step(opened: Case, people: People, do: Do) -> None:
    do(opened, "pause", "ecology", kind="expert", expected_days=4, reason="专家评审")
    response = a_client(people["approval"]).get(reverse("case-clock", args=[opened.number]))
    steps = {one.step.code: one for one in response.context["clock"].steps}
    assert (steps["ecology"].shown, steps["ecology"].words) == ("paused", "暂停")
    assert (steps["accept"].shown, steps["land"].shown) == ("met", "green")
    assert [one.id for one in response.context["clock"].ahead] == ["joint", "decide"]
    assert "未到" in response.content.decode()
