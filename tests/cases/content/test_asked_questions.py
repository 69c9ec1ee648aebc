"""The questions of the approval catalogue, asked one by one while the application is filled in."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.asked import KEY, question_key, told
from jigai.cases.models import Case
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.workbench.case_links.catalogue import GATE, questions
from tests.cases.content.town import Town, files, open_tasks, ship
from tests.factories import make_enterprise, make_user
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db, pytest.mark.system("filing-delegation")]
LIMITED, LARGE = "属于外商投资限制类", "总投资（含增资）3亿美元及以上"
MORE = "新增产能"
TYPED = {"v-project": "示例技改", "v-industry": "3411", "v-foreign": "是", "v-invest": "800万元",
         "v-content": "示例内容"}  # fmt: skip


@pytest.fixture
def case(town: Town) -> Case:
    """A draft with its materials; the catalogue is loaded."""
    ship_register("approval-catalog")
    procedure = ship("filing-delegation")
    draft = town.draft(procedure)
    given = {item: _paper(town) for item in files(procedure)}
    return town.do(draft, "save", "applicant", evidence=given)


def _paper(town: Town) -> int:
    from tests.cases.conftest import make_file

    return make_file(town["applicant"]).pk


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(town: Town, case: Case, **typed: str) -> str:
    """What the part of the page answers while the form is being filled in."""
    url = reverse("case-questions", args=[case.number])
    response = client_of(town["applicant"]).get(url, typed)
    assert response.status_code == 200
    return response.content.decode()


def save(town: Town, case: Case, typed: dict[str, str], **answers: str) -> Any:
    url = reverse("case-draft", args=[case.number])
    given = {f"q-{question_key(GATE, text)}": answer for text, answer in answers.items()}
    data = {"nonce": str(uuid.uuid4()), "do": "look", **typed, **given}
    response = client_of(town["applicant"]).post(url, data)
    assert response.status_code == 302
    case.refresh_from_db()
    return client_of(town["applicant"]).get(response.url).content.decode()


def hand_in(town: Town, case: Case) -> tuple[int, str]:
    """提交 on the page: the status and what it says."""
    url = reverse("case-draft", args=[case.number])
    data = {"nonce": str(uuid.uuid4()), "do": "hand-in"}
    response = client_of(town["applicant"]).post(url, data)
    case.refresh_from_db()
    return response.status_code, response.content.decode()


def test_what_is_asked_follows_what_is_typed(town: Town, case: Case) -> None:
    page = client_of(town["applicant"]).get(reverse("case-draft", args=[case.number]))
    text = page.content.decode()
    assert "填了所属行业，这里列出核准目录要问的问题" in text and LIMITED not in text
    assert 'hx-sync="this:replace"' in text, "答题时还在路上的旧请求不能盖掉新答案"
    assert "change from:#draft_v-industry, change from:#draft_v-foreign" in text
    assert 'id="draft_v-industry"' in text and 'id="draft_v-foreign"' in text
    foreign = asked(town, case, **{"v-industry": "3411", "v-foreign": "是"})
    assert f"<legend>{LIMITED}</legend>" in foreign and f"<legend>{LARGE}</legend>" in foreign
    own = asked(town, case, **{"v-industry": "3411", "v-foreign": "否"})
    assert LIMITED not in own and "在核准目录以外" in own
    assert MORE in asked(town, case, **{"v-industry": "3011"})
    assert "填了所属行业" in asked(town, case, **{"v-industry": "不是代码"})
    case.refresh_from_db()
    assert "industry" not in case.values and KEY not in case.values, "看问题不写任何东西"


def test_the_answers_so_far_tell_what_they_come_to(town: Town, case: Case) -> None:
    typed = {"v-industry": "3411", "v-foreign": "是"}
    keys = {text: f"q-{question_key(GATE, text)}" for text in (LIMITED, LARGE)}
    assert "由经办人判断" in asked(town, case, **typed)
    inside = asked(town, case, **typed, **{keys[LIMITED]: "yes", keys[LARGE]: "no"})
    assert "在核准目录内，不能在县区备案，请向省级核准机关申请核准" in inside
    assert inside.count(" checked") == 2, "选过的答案还在"
    outside = asked(town, case, **typed, **{keys[LIMITED]: "no"})
    assert "在核准目录以外，可以提交县区备案" in outside
    assert f"<legend>{LIMITED}</legend>" in outside, "答了否，问题不能从页面上消失"


def test_yes_is_inside_and_refused_with_where_to_go(town: Town, case: Case) -> None:
    look = save(town, case, TYPED, **{LIMITED: "yes", LARGE: "no"})
    assert LIMITED in look and "核准目录：这个项目有没有下列情形" in look
    status, page = hand_in(town, case)
    assert status == 422 and "在核准目录内，不能在县区备案，请向省级核准机关申请核准" in page
    assert case.state == Case.State.DRAFT


def test_no_is_outside_and_goes_to_the_county(town: Town, case: Case) -> None:
    save(town, case, TYPED, **{LIMITED: "no", LARGE: "no"})
    assert told(case.values, GATE) == {LIMITED: False, LARGE: False}
    assert hand_in(town, case)[0] == 302 and case.state == Case.State.SUBMITTED
    case = town.do(case, "accept", "approval")
    page = client_of(town["approval"]).get(reverse("case-detail", args=[case.number]))
    text = " ".join(page.content.decode().split())
    assert LIMITED in text and "核准目录：这个项目有没有下列情形" in text
    case = town.do(case, "agree", "approval", values={"manual": "agree"})
    assert open_tasks(case) == ["file"]


@pytest.mark.parametrize("answer", ["", "unknown", "别的"])
def test_without_an_answer_a_person_judges(town: Town, case: Case, answer: str) -> None:
    look = save(town, case, TYPED, **({LIMITED: answer} if answer else {}))
    assert ("不清楚" if answer == "unknown" else "没有回答") in look
    assert told(case.values, GATE) == {}
    assert hand_in(town, case)[0] == 302
    kept = case.records.get(verb="gate", data__moment="submit", reason__startswith="核准目录")
    assert kept.data["state"] == "unknown" and LIMITED in kept.reason
    case = town.do(case, "accept", "approval")
    with pytest.raises(JigaiError, match="人工判断为目录外"):
        town.do(case, "agree", "approval", values={"manual": "agree"})
    given = {"manual": "outside", "manual_basis": "示例：对照原件，不属于限制类"}
    assert open_tasks(town.do(case, "agree", "approval", values=given)) == ["file"]


def test_answers_to_what_is_not_asked_any_more_go_away(town: Town, case: Case) -> None:
    save(town, case, TYPED, **{LIMITED: "no", LARGE: "no"})
    save(town, case, {**TYPED, "v-foreign": "否"}, **{LIMITED: "no", "编出来的问题": "no"})
    assert case.values[KEY] == {GATE: []}
    save(town, case, {**TYPED, "v-industry": "3011", "v-foreign": "否"}, **{MORE: "yes"})
    assert [row["ask"] for row in case.values[KEY][GATE]] == [MORE]
    status, page = hand_in(town, case)
    assert status == 422 and "不得备案：国家禁止建设的项目" in page


def test_saving_without_the_questions_keeps_what_was_answered(town: Town, case: Case) -> None:
    save(town, case, TYPED, **{LIMITED: "no", LARGE: "unknown"})
    before = case.values[KEY]
    case = town.do(case, "save", "applicant", values={"project": "示例技改二期"})
    assert case.values[KEY] == before and case.values["project"] == "示例技改二期"
    page = client_of(town["applicant"]).get(reverse("case-draft", args=[case.number]))
    assert page.content.decode().count(" checked") == 2


def test_free_words_of_earlier_versions_still_count(town: Town, case: Case) -> None:
    values = {"industry": "3411", "foreign": True, "told_no": [LIMITED]}
    assert "在核准目录以外" in questions(case, values).note
    newer = {**values, KEY: {GATE: [{"ask": LIMITED, "answer": "yes"},
                                    {"ask": LARGE, "answer": "no"}]}}  # fmt: skip
    assert "在核准目录内" in questions(case, newer).note, "逐条回答的算数"


def test_without_a_catalogue_the_page_says_so(town: Town) -> None:
    case = town.draft(ship("filing-delegation"))
    part = asked(town, case, **{"v-industry": "3411"})
    assert "没有代号为“approval-catalog”的名录" in part and "由经办人判断" in part


def test_the_questions_of_others_and_of_what_is_handed_in_are_not_shown(
    town: Town, case: Case
) -> None:
    url = reverse("case-questions", args=[case.number])
    stranger = make_user("enterprise-handler", enterprise=make_enterprise(), name="示例别家")
    assert client_of(stranger).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    save(town, case, {**TYPED, "v-foreign": "否"})
    assert hand_in(town, case)[0] == 302
    assert client_of(town["applicant"]).get(url).status_code == 404
