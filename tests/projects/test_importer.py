"""Ledgers into the library: which stored project a row is, and what a later file changes."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.models import ImportChange, ImportIssue, User
from jigai.projects.models import Project, ProjectStep
from tests.core.imports import kit
from tests.core.imports.kit import PROJECT_HEADS, begin, book, bring, register
from tests.factories import SIBLING, make_project, uscc_of

pytestmark = pytest.mark.django_db
NAME = "兖州甲机械有限公司"
CODE, OTHER = "2104-370812-07-02-513195", "2104-370812-07-02-100001"


@pytest.fixture
def clerk() -> User:
    person = kit.clerk()
    bring(register(NAME, "兖州乙机械有限公司"), person)
    return person


def ledger(*rows: tuple[Any, ...]) -> bytes:
    return book(PROJECT_HEADS, *rows)


def row(name: str = "数控改造", **fields: Any) -> tuple[Any, ...]:
    given = {
        "firm": NAME, "uscc": uscc_of(1), "code": CODE, "filing": "兖技改备1号",
        "nature": "技改", "amount": 600, "counted": "是", **fields,
    }  # fmt: skip
    return (name, *given.values())


def test_a_row_becomes_a_project_of_the_stored_enterprise(clerk: User) -> None:
    batch = bring(ledger(row()), clerk)
    project = Project.objects.get()
    assert project.enterprise is not None and project.enterprise.uscc == uscc_of(1)
    assert (project.match, project.equipment_fen, project.nature) == (
        "uscc", 600_000_000, "retrofit",
    )  # fmt: skip
    assert (project.year, project.region_code, project.source_row) == (2021, "370812", 2)
    assert (project.batch_id, project.created_by_id) == (batch.pk, clerk.pk)
    assert batch.sample[0]["remark"] == f"{NAME}（按信用代码对应）"


def test_a_corrected_ledger_changes_the_same_project(clerk: User) -> None:
    bring(ledger(row()), clerk)
    second = bring(ledger(row(amount=750)), clerk)
    project = Project.objects.get()
    assert (project.equipment_fen, project.version) == (750_000_000, 2)
    assert second.counts["done"]["changed"] == 1
    assert ImportChange.objects.get().before == {"equipment_fen": 600_000_000}


@pytest.mark.parametrize(
    "again",
    [
        row("数控机床改造"),  # renamed, found by its code
        row(code=None),  # the code left out, found by owner and name
        row(firm="兖州乙机械有限公司", uscc=uscc_of(2)),  # moved to another owner
    ],
)
def test_a_project_is_found_by_what_is_left(clerk: User, again: tuple[Any, ...]) -> None:
    bring(ledger(row()), clerk)
    bring(ledger(again), clerk)
    assert Project.objects.count() == 1


def test_what_is_not_certain_is_a_new_project(clerk: User) -> None:
    bring(ledger(row(), row("机器人改造", code=OTHER)), clerk)
    # Both owner and code fit, but not the same stored project: two new rows share one code.
    batch = begin(ledger(row("甲线改造"), row("乙线改造")), clerk)
    assert batch.counts["planned"]["created"] == 2
    assert batch.counts["planned"]["absent"] == 2


def test_repeated_rows_are_kept_and_point_to_the_first(clerk: User) -> None:
    bring(ledger(row(), row()), clerk)
    first, second = Project.objects.order_by("id")
    assert second.duplicate_of_id == first.pk and first.duplicate_of_id is None
    # The same file once more finds both again.
    content = ledger(row(), row())
    assert begin(content, clerk).counts["planned"]["unchanged"] == 2


def test_an_unmatched_and_an_unreadable_row_are_stored_as_such(clerk: User) -> None:
    batch = bring(ledger(row(firm="无此企业有限公司", uscc=None, amount="约600")), clerk)
    project = Project.objects.get()
    assert (project.enterprise, project.equipment_fen) == (None, None)
    assert project.cell_errors == ["equipment"]
    assert batch.counts["done"]["unmatched"] == 1
    codes = set(ImportIssue.objects.filter(batch=batch).values_list("code", flat=True))
    assert {"E_ENT_UNMATCHED", "E_AMOUNT_APPROX"} <= codes


def test_a_later_ledger_knows_the_project_by_its_code(clerk: User) -> None:
    bring(ledger(row()), clerk)
    number = Project.objects.get().number
    bring(ledger(row()), clerk, year=2022)
    project = Project.objects.get()
    assert (project.number, project.year, project.ledger_years) == (number, 2021, [2021, 2022])


@pytest.mark.system("industry-taxonomy")
def test_the_column_of_tags_is_optional_and_leaves_what_was_tagged_on_screen(clerk: User) -> None:
    def tagged(cell: str) -> bytes:
        return book([*PROJECT_HEADS, "行业与方向标签"], (*row(), cell))

    bring(ledger(row()), clerk)
    project = Project.objects.get()
    assert project.tags == []
    bring(tagged("装备、智能化、乱写"), clerk)
    project.refresh_from_db()
    assert project.tags == ["name/装备", "direction/智能化"]
    assert ImportIssue.objects.filter(code="W_TAG_UNKNOWN").count() == 1
    bring(ledger(row(amount=750)), clerk)
    project.refresh_from_db()
    assert (project.tags, project.equipment_fen) == (["name/装备", "direction/智能化"], 750_000_000)
    bring(tagged(""), clerk)
    project.refresh_from_db()
    assert project.tags == []


def test_every_new_project_has_a_number_of_its_county_and_year(clerk: User) -> None:
    bring(ledger(row("甲改造", code=CODE), row("乙改造", code=OTHER)), clerk)
    bring(ledger(row("丙改造", code=None, amount=900)), clerk)
    numbers = list(Project.objects.order_by("id").values_list("number", flat=True))
    assert numbers == ["370812-2021-00001", "370812-2021-00002", "370812-2021-00003"]


def test_without_a_code_a_finished_project_is_not_the_next_one_of_its_name(clerk: User) -> None:
    bring(ledger(row(code=None)), clerk)
    Project.objects.update(end="2021-11-30")
    bring(ledger(row(code=None)), clerk, year=2022)
    assert Project.objects.count() == 2
    Project.objects.filter(year=2021).delete()
    Project.objects.update(end=None)
    bring(ledger(row(code=None)), clerk, year=2023)
    assert Project.objects.get().ledger_years == [2022, 2023]


def test_a_ledger_moves_a_stage_on_and_never_back(clerk: User) -> None:
    heads = [*PROJECT_HEADS, "形象进度"]

    def told(words: str) -> bytes:
        return book(heads, (*row(), words))

    bring(told("前期准备"), clerk)
    assert Project.objects.get().state == "filed"
    second = bring(told("设备安装"), clerk)
    project = Project.objects.get()
    assert project.state == "building"
    step = ProjectStep.objects.get()
    assert (step.before, step.after, step.reason) == (
        "filed", "building", f"台账导入（批次 {second.pk}）",
    )  # fmt: skip
    bring(told("前期准备"), clerk)
    assert Project.objects.get().state == "building"
    assert ProjectStep.objects.count() == 1


@pytest.mark.system("three-level-dynamic-library")
def test_a_code_that_another_county_has_is_told_but_not_refused(clerk: User) -> None:
    make_project(code=CODE, region=SIBLING)
    bring(ledger(row()), clerk)
    issue = ImportIssue.objects.get(code="W_PROJECT_ELSEWHERE")
    assert SIBLING in issue.message and Project.objects.filter(code=CODE).count() == 2
