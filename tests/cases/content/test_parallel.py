"""企业投资项目并联审批: branches run side by side, and the whole takes the longest way."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.cases.flow.graph import counted_path, sum_of_days
from jigai.cases.flow.lint import WARNING, check
from jigai.cases.flow.shapes import read_procedure
from jigai.cases.models import Case
from jigai.cases.services.clocks import total_days
from jigai.cases.services.load_content import FOLDER, load_content
from jigai.yaml_files import read_yaml
from tests.cases.content.town import Town, files, open_tasks, ship

pytestmark = [pytest.mark.system("parallel-approval")]
OWN = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem.startswith((
    "yanzhou-", "pilot-", "filing-delegation", "mine-steel", "demo-parallel",
)))  # fmt: skip
VALUES = {
    "project": "示例技改", "place": "示例路1号", "invest": "3000万元", "new_land": "是",
    "works": "是", "eia": "是", "hazard": "是",
}  # fmt: skip


def flow(name: str) -> dict[str, Any]:
    content = read_yaml(FOLDER / f"{name}.yaml")
    return {**content["flow"], "kind": content["procedure"]["kind"]}


@pytest.mark.parametrize("name", OWN)
def test_shipped_approvals_have_no_errors_and_a_basis_for_every_number(name: str) -> None:
    spec = read_procedure(flow(name))
    found = check(spec)
    assert [str(p) for p in found if p.severity != WARNING] == []
    assert not [p for p in found if p.code in ("step-basis", "limit-basis")]
    assert all(one.basis for one in spec.checks)
    assert read_procedure(spec.content()) == spec


def test_the_six_departments_of_the_document_and_the_leading_one_take_part() -> None:
    spec = read_procedure(flow("yanzhou-parallel"))
    lead = {"approval"}
    six = {"development", "miit", "land", "housing", "emergency", "ecology"}
    assert {u.line for s in spec.steps for u in s.who} == lead | six
    assert all(s.days == 0 for s in spec.steps if s.id != "accept"), "文件没有写时限"


def test_the_total_is_the_longest_way_and_not_the_sum() -> None:
    content = flow("demo-parallel-promised")
    spec = read_procedure(content)
    path = counted_path(spec)
    # 规划与用地 8 → 施工许可 5 → 统一出证 1
    assert (path.days, path.steps) == (14, ("planning", "construction", "issue"))
    assert sum_of_days(spec.steps, ["accept"]) == 35
    longer = {**content, "steps": [
        {**s, "days": 9} if s["id"] == "opinion" else s for s in content["steps"]
    ]}  # fmt: skip
    assert counted_path(read_procedure(longer)).days == 14
    way = {**content, "steps": [
        {**s, "days": 9} if s["id"] == "planning" else s for s in content["steps"]
    ]}  # fmt: skip
    assert counted_path(read_procedure(way)).days == 15


def test_branches_open_together_and_only_those_that_depend_wait(town: Town) -> None:
    procedure = ship("demo-parallel-promised")
    case = town.do(town.submit(procedure, VALUES, files(procedure)), "accept", "approval")
    assert open_tasks(case) == ["filing", "opinion", "planning", "ecology", "safety"]
    assert total_days(case) == case.days == 14
    town.do(case, "agree", "ecology")
    town.do(case, "agree", "development")
    assert open_tasks(case) == ["opinion", "planning", "safety"]
    town.do(case, "agree", "land")
    assert open_tasks(case) == ["opinion", "safety", "construction"]
    for line in ("miit", "emergency", "housing"):
        case = town.do(case, "agree", line)
    assert open_tasks(case) == ["issue"]
    case = town.do(case, "agree", "approval")
    assert (case.state, case.result) == (Case.State.DONE, Case.Result.AGREED)


def test_what_is_not_needed_is_passed_over_and_shortens_the_whole(town: Town) -> None:
    procedure = ship("demo-parallel-promised")
    values = {**VALUES, "new_land": "否", "works": "否"}
    papers = files(procedure, "land_paper", "drawings")
    case = town.do(town.submit(procedure, values, papers), "accept", "approval")
    assert open_tasks(case) == ["filing", "opinion", "ecology", "safety"]
    assert case.days == 11, "环评 10 → 出证 1"


def test_the_real_one_has_only_the_limit_of_the_law(town: Town) -> None:
    procedure = ship("yanzhou-parallel")
    case = town.do(town.submit(procedure, VALUES, files(procedure)), "accept", "approval")
    assert case.days == 45 and "第四十二条第二款" in procedure.spec.limit.basis
    assert not case.steps.exclude(code="accept").filter(due__isnull=False).exists()


@pytest.mark.django_db
def test_loading_again_does_nothing() -> None:
    assert load_content() >= len(OWN) - 1
    assert load_content() == 0
