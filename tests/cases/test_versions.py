"""Versions of a procedure: drafted, checked, published; a running case keeps the one it follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.utils import Error

from jigai.cases.flow.shapes import read_procedure
from jigai.cases.models import Case, CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import discard_draft, draft_of, read_spec, save_draft
from jigai.cases.services.publish_version import (
    ProcedureRefused,
    mark,
    problems_of,
    publish_version,
)
from jigai.cases.services.save_procedure import save_procedure, set_state
from jigai.cases.services.start_case import start_case
from jigai.cases.version_diff import differences
from jigai.core.access import Denied, access_of
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, Do, People, publish
from tests.factories import COUNTY, SIBLING, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("process-redesign")]


def changed(**parts: Any) -> dict[str, Any]:
    return {**CONTENT, **parts}


def without_basis(content: dict[str, Any]) -> dict[str, Any]:
    steps = [{**s, "basis": ""} if s["id"] == "land" else s for s in content["steps"]]
    return {**content, "steps": steps}


@pytest.fixture
def staffed(people: People) -> People:
    """Every department of the procedure has somebody."""
    for line in ("section", "approval", "land", "ecology", "market"):
        assert people[line]
    return people


def saved(procedure: CaseProcedure, people: People, content: dict[str, Any]) -> ProcedureVersion:
    clerk = people["section"]
    return save_draft(procedure=procedure, content=content, by=clerk, access=access_of(clerk))


def published(procedure: CaseProcedure, people: People, confirmed: str = "") -> ProcedureVersion:
    clerk = people["section"]
    return publish_version(
        procedure=procedure, by=clerk, access=access_of(clerk), confirmed=confirmed
    )


def test_a_running_case_keeps_its_version_when_the_next_is_published(
    staffed: People, procedure: CaseProcedure, opened: Case, do: Do
) -> None:
    shorter = [s for s in CONTENT["steps"] if s["id"] not in ("land", "ecology", "joint")]
    shorter[-1] = {**shorter[-1], "after": ["accept"], "name": "直接决定"}
    saved(procedure, staffed, changed(steps=shorter, limit={"days": 9, "basis": "新规"}))
    second = published(procedure, staffed)
    assert second.number == 2

    old = Case.objects.get(pk=opened.pk)
    assert old.release.number == 1 and old.days == 20
    for line in ("land", "ecology"):
        old = do(old, "agree", line)
    old = do(do(old, "agree", "market"), "agree", "land")
    old = do(old, "agree", "approval", values={"opinion_no": "示例〔2026〕1号"})
    assert old.state == "done"
    assert [s.code for s in old.steps.order_by("place", "id")] == [
        "accept", "land", "ecology", "joint", "decide",
    ]  # fmt: skip

    user = staffed["applicant"]
    procedure.refresh_from_db()
    fresh = start_case(
        procedure=CaseProcedure.objects.get(pk=procedure.pk), by=user, access=access_of(user)
    )
    assert fresh.release == second
    assert [s.id for s in fresh.release.spec.steps] == ["accept", "decide"]


def test_a_published_version_never_changes_even_in_the_table(procedure: CaseProcedure) -> None:
    row = procedure.versions.get()
    row.content = {**row.content, "title": "invest"}
    with pytest.raises(Error, match="pgtrigger"), transaction.atomic():
        row.save()
    with pytest.raises(Error, match="pgtrigger"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=row.pk)._raw_delete("default")
    assert procedure.versions.get().content["title"] == "project"


def test_publishing_refuses_every_error_at_once_and_keeps_the_draft(
    staffed: People, procedure: CaseProcedure
) -> None:
    steps = [{**s} for s in CONTENT["steps"]]
    steps[1]["who"] = {"line": "finance"}
    steps[4]["who"] = []
    saved(procedure, staffed, changed(steps=steps))
    with pytest.raises(ProcedureRefused) as caught:
        published(procedure, staffed)
    assert {one.code for one in caught.value.problems} == {"nobody", "unit-unknown"}
    assert "用地审查" in caught.value.message and "决定" in caught.value.message
    draft = draft_of(procedure)
    assert draft is not None and draft.published is False
    procedure.refresh_from_db()
    assert procedure.current is not None and procedure.current.number == 1


def test_a_warning_must_be_confirmed_and_only_the_one_that_was_shown(
    staffed: People, procedure: CaseProcedure
) -> None:
    draft = saved(procedure, staffed, without_basis(CONTENT))
    problems = problems_of(procedure, draft.spec)
    assert [one.code for one in problems] == ["step-basis"]
    with pytest.raises(ProcedureRefused) as caught:
        published(procedure, staffed)
    assert caught.value.code == "procedure-warnings" and "没有依据" in caught.value.message
    with pytest.raises(ProcedureRefused):
        published(procedure, staffed, confirmed="yes")
    assert published(procedure, staffed, confirmed=mark(problems)).published


def test_a_department_without_any_account_is_warned_about(
    people: People, procedure: CaseProcedure
) -> None:
    for line in ("approval", "land", "ecology"):
        assert people[line]
    found = problems_of(procedure, procedure.spec)
    assert [(one.code, one.severity) for one in found] == [("desk-empty", "warning")]
    assert found[0].message == "1 个部门还没有能办理的账号：370812market局"


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ({"line": "finance"}, "没有“财政”条线的部门"),
        ({"line": "land", "level": "city"}, "370800 没有"),
        ({"pool": "no-such-role"}, "没有“no-such-role”这个角色"),
        ({"pool": "expert"}, "现在没有人担任“评审专家”"),
        ({"pool": "auditor"}, "没有办理办件的权限"),
        ({"person": "nobody"}, "没有“nobody”这个账号"),
    ],
)
def test_a_step_nobody_can_do_in_this_place_is_an_error(
    staffed: People, procedure: CaseProcedure, unit: dict[str, str], told: str
) -> None:
    from tests.factories import make_role

    make_role("expert"), make_role("auditor")
    steps = [{**s, "who": unit} if s["id"] == "decide" else s for s in CONTENT["steps"]]
    found = problems_of(procedure, read_procedure(changed(steps=steps)))
    assert [one.code for one in found] == ["unit-unknown"]
    assert told in found[0].message and found[0].where == "步骤“决定”"


def test_two_people_cannot_overwrite_each_other_unseen(
    staffed: People, procedure: CaseProcedure
) -> None:
    first = saved(procedure, staffed, without_basis(CONTENT))
    clerk, other = staffed["section"], staffed["chief"]
    give: dict[str, Any] = {"procedure": procedure, "content": CONTENT}
    save_draft(**give, by=other, access=access_of(other), version=first.version)
    with pytest.raises(JigaiError) as caught:
        save_draft(**give, by=clerk, access=access_of(clerk), version=first.version)
    assert caught.value.code == "draft-changed"
    # The form was opened while there was no draft: publishing meanwhile counts as well.
    discard_draft(procedure=procedure, access=access_of(clerk))
    save_draft(**give, by=clerk, access=access_of(clerk), version=0)
    with pytest.raises(JigaiError, match="刚被别人改动"):
        save_draft(**give, by=clerk, access=access_of(clerk), version=0)


def test_publishing_what_changes_nothing_is_refused(
    staffed: People, procedure: CaseProcedure
) -> None:
    with pytest.raises(JigaiError) as caught:
        published(procedure, staffed)
    assert caught.value.code == "no-draft"
    saved(procedure, staffed, CONTENT)
    with pytest.raises(JigaiError) as caught:
        published(procedure, staffed)
    assert caught.value.code == "nothing-new"


def test_only_designers_of_the_place_may_change_it(people: People) -> None:
    mine, national = publish(CONTENT), publish(CONTENT, "national", region_code="")
    away = make_user("section-clerk", SIBLING)
    handler = people["leader"]
    for user, row in ((away, mine), (handler, mine), (people["section"], national)):
        with pytest.raises(Denied):
            save_draft(procedure=row, content=CONTENT, by=user, access=access_of(user))
        with pytest.raises(Denied):
            publish_version(procedure=row, by=user, access=access_of(user))
        with pytest.raises(Denied):
            set_state(procedure=row, state="inactive", by=user, access=access_of(user))


def test_a_retired_procedure_takes_no_cases_but_finishes_those_it_has(
    staffed: People, procedure: CaseProcedure, opened: Case, do: Do
) -> None:
    clerk, user = staffed["section"], staffed["applicant"]
    row = set_state(procedure=procedure, state="inactive", by=clerk, access=access_of(clerk))
    with pytest.raises(JigaiError, match="已停用"):
        start_case(procedure=row, by=user, access=access_of(user))
    assert do(opened, "agree", "land").state == "open"
    row = set_state(procedure=row, state="active", by=clerk, access=access_of(clerk))
    assert start_case(procedure=row, by=user, access=access_of(user)).state == "draft"


def test_names_codes_and_items_are_checked(people: People) -> None:
    clerk = people["section"]
    give: dict[str, Any] = {"by": clerk, "access": access_of(clerk)}
    values = {"code": "made-here", "name": "示例办法", "region_code": COUNTY}
    save_procedure(values=values, **give)
    for wrong, code in (
        ({"code": "made-here", "name": "另一个"}, "code-taken"),
        ({"code": "Made Here"}, "bad-code"), ({"code": "new"}, "bad-code"),
        ({"code": "another"}, "name-taken"), ({"code": "another", "name": " "}, "no-name"),
        ({"code": "another", "name": "甲", "items": ["yanzhou-2020:NO"]}, "no-such-item"),
    ):  # fmt: skip
        with pytest.raises(JigaiError) as caught:
            save_procedure(values={**values, **wrong}, **give)
        assert caught.value.code == code
    with pytest.raises(Denied):
        save_procedure(values={**values, "code": "away", "region_code": SIBLING}, **give)


def test_any_nonsense_is_a_refusal_and_never_a_crash() -> None:
    for content in (
        {"steps": ["a"]}, {"steps": {"a": 1}}, {"fields": "x"}, {"limit": 5}, {"constants": [1]},
        {"correction": "x"}, {"steps": [{"id": "a", "vote": 3}]}, {"conditions": ["x"]},
        {"nothing": 1}, {"steps": [{"id": "a", "days": "三"}]}, {"ladder": [1]},
    ):  # fmt: skip
        with pytest.raises(JigaiError):
            read_spec(content)


def test_what_two_versions_differ_in_is_told_place_by_place() -> None:
    before = read_procedure(CONTENT)
    steps = [{**s} for s in CONTENT["steps"]]
    steps[1] |= {"days": 6, "after": ["accept"]}
    steps[2]["after"] = ["accept"]
    fields = [f for f in CONTENT["fields"] if f["id"] != "invest"]
    after = read_procedure(
        changed(steps=steps, fields=fields, promise={"days": 18, "basis": "区政府承诺"},
                evidence=[*CONTENT["evidence"], {"id": "map", "name": "红线图"}])
    )  # fmt: skip
    found = {one.place: one for one in differences(before, after, lambda unit: unit.line)}
    assert set(found) == {"承诺时限", "字段“总投资”", "材料“红线图”", "步骤“用地审查”的时限"}
    assert found["步骤“用地审查”的时限"].before == "8 个工作日"
    assert found["步骤“用地审查”的时限"].after == "6 个工作日"
    assert found["字段“总投资”"].what == "removed" and found["材料“红线图”"].what == "added"
    assert found["承诺时限"].after == "18 个工作日（区政府承诺）"
    assert differences(before, before, lambda unit: unit.line) == []
    watched = read_procedure(changed(gates=["credit"], checks=[
        {"id": "visit", "name": "现场核查", "days": 30, "basis": "示例条款"}]))  # fmt: skip
    found = {one.place: one for one in differences(before, watched, lambda unit: "")}
    assert set(found) == {"核查", "事后核查"}
    assert found["事后核查"].after == "现场核查（办结后 30 个工作日，示例条款）"
    turned = read_procedure(changed(evidence=CONTENT["evidence"][::-1]))
    assert [one.place for one in differences(before, turned, lambda unit: "")] == ["材料的先后"]
