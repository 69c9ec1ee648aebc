"""Procedures that ship: loaded once, changed with their file, never over what people changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from jigai.cases.content_check import check_file
from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import save_draft
from jigai.cases.services.load_content import FOLDER, load_content, load_demo, load_file
from jigai.cases.services.publish_version import publish_version
from jigai.cases.services.save_procedure import save_procedure, set_state
from jigai.core.access import access_of
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, People
from tests.factories import COUNTY

pytestmark = [pytest.mark.django_db, pytest.mark.system("process-redesign")]

FLOW = {key: value for key, value in CONTENT.items() if key != "kind"}
ABOUT = {"code": "shipped-approval", "name": "随版本并联审批", "kind": "licensing",
         "applicant": "enterprise", "region": COUNTY, "owner": "示例审批局", "clause": "六.2",
         "systems": ["parallel-approval"], "items": ["yanzhou-2020:YZ-P01"]}  # fmt: skip


def write(folder: Path, file: str = "shipped.yaml", flow: Any = None, **about: Any) -> Path:
    path = folder / file
    writer: Any = YAML(typ="safe", pure=True)
    with path.open("w", encoding="utf-8") as out:
        writer.dump({"procedure": {**ABOUT, **about}, "flow": flow or FLOW}, out)
    return path


def versions() -> list[tuple[int, bool, str]]:
    rows = ProcedureVersion.objects.order_by("number")
    return list(rows.values_list("number", "published", "origin"))


def own_version(people: People, row: CaseProcedure, days: int) -> None:
    clerk = people["section"]
    give: dict[str, Any] = {"procedure": row, "by": clerk, "access": access_of(clerk)}
    for line in ("approval", "land", "ecology", "market"):
        assert people[line]
    save_draft(content={**CONTENT, "limit": {"days": days, "basis": "本区"}}, **give)
    publish_version(**give)


def test_a_file_is_loaded_once_and_again_only_when_it_changed(tmp_path: Path) -> None:
    path = write(tmp_path)
    told: list[str] = []
    assert load_content(told.append, tmp_path) == 1 and told == ["载入办事方式：随版本并联审批"]
    row = CaseProcedure.objects.get()
    assert (row.state, row.kind, row.region_code, row.items) == (
        "active", "licensing", COUNTY, ["yanzhou-2020:YZ-P01"],
    )  # fmt: skip
    assert load_content(folder=tmp_path) == 0
    # Touched without a change of the flow: the file is read again, no version comes of it.
    write(tmp_path, owner="示例局")
    assert load_content(folder=tmp_path) == 1
    assert versions() == [(1, True, "content:shipped")]
    write(tmp_path, owner="示例局", flow={**FLOW, "limit": {"days": 18, "basis": "新规"}})
    assert load_content(folder=tmp_path) == 1
    assert versions() == [(1, True, "content:shipped"), (2, True, "content:shipped")]
    row.refresh_from_db()
    assert row.owner == "示例局" and row.current is not None and row.current.number == 2
    assert path.exists()


def test_a_persons_own_version_stays(people: People, tmp_path: Path) -> None:
    row = load_file(write(tmp_path))
    own_version(people, row, 19)
    load_file(write(tmp_path, flow={**FLOW, "limit": {"days": 18, "basis": "新规"}}))
    row = CaseProcedure.objects.get()
    assert row.spec.limit is not None and row.spec.limit.days == 19
    assert [number for number, _published, _origin in versions()] == [1, 2]


def test_an_unfinished_draft_of_a_person_stays(people: People, tmp_path: Path) -> None:
    row = load_file(write(tmp_path))
    clerk = people["section"]
    save_draft(procedure=row, content={"kind": "filing"}, by=clerk, access=access_of(clerk))
    load_file(write(tmp_path, flow={**FLOW, "limit": {"days": 18, "basis": "新规"}}))
    assert versions() == [(1, True, "content:shipped"), (2, False, "")]
    assert ProcedureVersion.objects.get(number=2).spec == Procedure(kind="filing")


def test_a_description_somebody_edited_stays(people: People, tmp_path: Path) -> None:
    row = load_file(write(tmp_path))
    clerk = people["section"]
    save_procedure(values={"name": "本区的叫法", "items": []}, by=clerk, access=access_of(clerk),
                   procedure=row)  # fmt: skip
    load_file(write(tmp_path, owner="另一个局",
                    flow={**FLOW, "limit": {"days": 18, "basis": "新规"}}))  # fmt: skip
    row.refresh_from_db()
    assert (row.name, row.owner) == ("本区的叫法", "示例审批局")
    # The flow was nobody's own: it still follows the file.
    assert row.current is not None and row.current.number == 2


def test_a_retired_one_stays_retired(people: People, tmp_path: Path) -> None:
    row = load_file(write(tmp_path))
    clerk = people["section"]
    set_state(procedure=row, state="inactive", by=clerk, access=access_of(clerk))
    load_file(write(tmp_path, flow={**FLOW, "limit": {"days": 18, "basis": "新规"}}))
    row.refresh_from_db()
    assert row.state == "inactive" and row.current is not None and row.current.number == 2


def test_demo_files_come_with_the_sample_district_only(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "demo-more.yaml", code="demo-more", name="示例的")
    assert load_content(folder=tmp_path) == 1
    told: list[str] = []
    assert load_demo(told.append, tmp_path) == 1 and told == ["载入示例办事方式：示例的"]
    assert load_demo(folder=tmp_path) == 0


def test_a_code_of_another_is_not_taken_over(tmp_path: Path) -> None:
    load_file(write(tmp_path))
    with pytest.raises(JigaiError, match="已被另一办事方式使用"):
        load_file(write(tmp_path, "other.yaml", name="抢名字的"))
    assert CaseProcedure.objects.get().name == "随版本并联审批"


@pytest.mark.parametrize(
    ("about", "flow", "told"),
    [
        ({"colour": "red"}, FLOW, "procedure：不认识“colour”"),
        ({"name": ""}, FLOW, "没有写 name"),
        ({"code": "Bad Code"}, FLOW, "代号“Bad Code”不能用"),
        ({"kind": "magic"}, FLOW, "类别不认识“magic”"),
        ({}, {**FLOW, "kind": "filing"}, "不一样"),
        ({}, {**FLOW, "steps": "受理"}, "flow：结构不对"),
        ({}, {**FLOW, "title": "nothing"}, "办件名称：字段“nothing”不存在"),
    ],
)
def test_a_bad_file_names_the_file_the_place_and_the_fix(
    tmp_path: Path, about: dict[str, Any], flow: Any, told: str
) -> None:
    with pytest.raises(JigaiError) as caught:
        load_file(write(tmp_path, flow=flow, **about))
    assert caught.value.message.startswith("shipped.yaml 的") and told in caught.value.message
    assert caught.value.hint
    assert not CaseProcedure.objects.exists()


def test_a_file_that_is_no_yaml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("procedure:\n  code: [x\nflow: y\n", encoding="utf-8")
    with pytest.raises(JigaiError, match=r"broken\.yaml 的 第 . 行：不是 YAML"):
        load_file(path)


def test_every_shipped_file_is_sound() -> None:
    codes = [check_file(path).about["code"] for path in sorted(FOLDER.glob("*.yaml"))]
    assert len(codes) == len(set(codes))
