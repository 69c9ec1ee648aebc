"""The workbook of months onto the stored ledger: on record, corrected, taken back, locked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jigai.core.imports import services
from jigai.core.models import ImportBatch, ImportIssue, User
from jigai.projects.models import MonthlyPeriod, MonthlyReport, Project
from jigai.projects.monthly.checks import JUMP
from tests.core.imports import kit
from tests.core.imports.kit import PROJECT_HEADS, begin, book, bring, bring_samples, register
from tests.factories import COUNTY, uscc_of

FILE = "04_月度投资报表_2021.xlsx"
NAME = "兖州甲机械有限公司"
HEADS = (
    "项目名称",
    "建设单位",
    "项目代码",
    "计划总投资",
    "本年计划投资",
    "本月完成投资",
    "自年初累计完成投资",
)
Status = ImportBatch.Status


def months(*sheets: tuple[str, list[tuple[Any, ...]]], heads: tuple[str, ...] = HEADS) -> bytes:
    """A workbook with one sheet a month; amounts in 万元."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        page = made.create_sheet(name)
        page.append(["单位：万元"])
        page.append(list(heads))
        for row in rows:
            page.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def line(
    current: float, cumulative: float, name: str = "数控改造", plan: float = 300
) -> tuple[Any, ...]:
    return (name, NAME, None, 600, plan, current, cumulative)


@pytest.fixture(scope="module")
def own(django_db_setup: None, django_db_blocker: Any) -> Iterator[User]:
    """The four sample workbooks and then the monthly one, imported by a clerk."""
    with kit.committed(django_db_blocker):
        person = kit.clerk()
        bring_samples(Path(__file__).parents[2] / "samples", person)
        yield person


@pytest.fixture(scope="module")
def batch(own: User, samples: Path) -> ImportBatch:
    return bring((samples / FILE).read_bytes(), own, name=FILE)


@pytest.mark.system("monthly-investment-report")
def test_the_sample_imported_is_the_expected_table(batch: ImportBatch, expected: Any) -> None:
    rows = {r.source_row: r.pk for r in Project.objects.filter(duplicate_of=None)}
    ledger = {pk: row for row, pk in rows.items()}
    found = {}
    for report in MonthlyReport.objects.filter(year=2021):
        figures = (report.current_fen, report.cumulative_fen)
        if not report.accepted:
            assert figures == (None, None)
            figures = (report.written["current"], report.written["cumulative"])
        found[str(ledger[report.project_id]), str(report.month)] = (
            report.source_sheet, str(report.source_row),
            *(f"{Decimal(value) / 100:.2f}" for value in figures),
            "yes" if report.accepted else "no", ";".join(f for f in report.flags if f != JUMP),
        )  # fmt: skip
    names = ("sheet", "row", "current_yuan", "cumulative_yuan", "accepted", "flags")
    truth = {
        (row["ledger_row"], row["month"]): tuple(row[name] for name in names)
        for row in expected("04_monthly")
        if row["row"]
    }
    assert len(truth) == 1168 and found == truth
    assert batch.counts["done"]["created"] == 1168
    assert batch.counts["code"]["E_M_UNIT"] == 10 and batch.counts["done"]["held"] == 10
    assert len(batch.sheets) == 12 and batch.sheet == ""


@pytest.mark.system("monthly-investment-report")
def test_what_is_in_no_column_is_nowhere_added_up(batch: ImportBatch) -> None:
    counted = MonthlyReport.objects.filter(accepted=True, cumulative_fen=None)
    uncounted = MonthlyReport.objects.filter(accepted=False).exclude(cumulative_fen=None)
    assert not counted.exists() and not uncounted.exists()


def test_findings_tell_sheet_and_cell(batch: ImportBatch) -> None:
    cell = ImportIssue.objects.get(batch=batch, code="E_M_UNIT", sheet="9月")
    assert (cell.row, cell.column, cell.field) == (70, "H", "cumulative")
    assert "元误作万元" in cell.message and "累计 3,414,000.00 元" in cell.message
    assert cell.clean_value == "", "a proposal is no value"
    assert ImportIssue.objects.filter(batch=batch, code="W_M_MISSING").count() == 6


@pytest.mark.system("monthly-investment-report")
def test_the_same_file_again_changes_nothing(batch: ImportBatch, own: User, samples: Path) -> None:
    again = begin((samples / FILE).read_bytes(), own, name=FILE)
    planned = again.counts["planned"]
    assert (planned["created"], planned["changed"], planned["unchanged"]) == (0, 0, 1168)
    assert planned["writes"] == 0


def test_a_corrected_copy_comes_back_with_every_sheet(batch: ImportBatch, own: User) -> None:
    services.ask_corrected(batch_id=batch.pk, by=own)
    kit.run_jobs()
    batch.refresh_from_db()
    from jigai.core.evidence.store import path_of

    made = openpyxl.load_workbook(io.BytesIO(path_of(batch.corrected).read_bytes()))
    assert len(made.worksheets) == 12
    assert made["9月"]["H70"].value == 3414000, "a suspect figure is never changed"
    assert "单位" in made["9月"]["H70"].comment.text
    assert made["4月"]["D18"].value == "2009-370812-07-02-163605"


@pytest.fixture
def clerk(db: None) -> User:
    person = kit.clerk()
    bring(register(NAME), person)
    row = ("数控改造", NAME, uscc_of(1), None, "备1", "技改", 500, "是")
    other = ("焊接改造", NAME, uscc_of(1), None, "备2", "技改", 500, "是")
    bring(book([*PROJECT_HEADS, "总投资（万元）"], (*row, 600), (*other, 600)), person)
    return person


def stored(month: int, name: str = "数控改造") -> MonthlyReport:
    return MonthlyReport.objects.get(project__name=name, month=month)


@pytest.mark.system("monthly-investment-report")
def test_a_unit_mistake_is_kept_as_written_and_counts_nowhere(clerk: User) -> None:
    bring(months(("1月", [line(10, 10)]), ("2月", [line(20, 300_000)])), clerk)
    report = stored(2)
    assert (report.accepted, report.flags) == (False, ["E_M_UNIT"])
    assert (report.current_fen, report.cumulative_fen) == (None, None)
    assert report.written == {
        "current": 20_000_000, "cumulative": 300_000_000_000, "total": 600_000_000,
    }  # fmt: skip


def test_a_later_month_is_checked_against_what_is_stored(clerk: User) -> None:
    bring(months(("1月", [line(10, 10)]), ("2月", [line(20, 30)])), clerk)
    batch = bring(months(("3月", [line(5, 25)])), clerk)
    assert stored(3).flags == ["E_M_DECREASE"]
    assert batch.counts["code"]["E_M_DECREASE"] == 1
    assert MonthlyReport.objects.count() == 3


@pytest.mark.system("monthly-investment-report")
def test_a_corrected_month_changes_what_the_checks_say_of_later_ones(clerk: User) -> None:
    bring(months(("1月", [line(10, 10)]), ("2月", [line(20, 90)]), ("3月", [line(5, 35)])), clerk)
    assert (stored(2).flags, stored(3).flags) == (["W_M_MISMATCH"], ["E_M_DECREASE"])
    batch = bring(months(("2月", [line(20, 30)])), clerk)
    assert (stored(2).flags, stored(3).flags) == ([], [])
    assert batch.counts["done"]["changed"] == 2, "the month and the one that followed from it"


def test_an_undo_brings_back_figures_and_findings(clerk: User) -> None:
    bring(months(("1月", [line(10, 10)]), ("2月", [line(20, 90)]), ("3月", [line(5, 35)])), clerk)
    second = bring(months(("2月", [line(20, 30)])), clerk)
    services.undo(batch_id=second.pk, by=clerk)
    kit.run_jobs()
    assert (stored(2).cumulative_fen, stored(2).flags) == (90_000_000, ["W_M_MISMATCH"])
    assert stored(3).flags == ["E_M_DECREASE"]


def lock(month: int) -> MonthlyPeriod:
    from datetime import date

    return MonthlyPeriod.objects.create(
        region_code=COUNTY, year=2021, month=month, status="locked", cut_off=date(2021, 3, 10)
    )


@pytest.mark.system("monthly-investment-report")
def test_a_locked_month_takes_no_rows_and_says_so(clerk: User) -> None:
    bring(months(("1月", [line(10, 10)])), clerk)
    lock(1)
    batch = bring(months(("1月", [line(12, 12)]), ("2月", [line(20, 32)])), clerk)
    assert stored(1).cumulative_fen == 10_000_000
    assert stored(2).cumulative_fen == 32_000_000
    assert batch.counts["code"]["E_M_LOCKED"] == 1
    # The same figures again are no attempt to change anything.
    assert "E_M_LOCKED" not in begin(months(("1月", [line(10, 10)])), clerk).counts["code"]


def test_a_batch_of_a_locked_month_cannot_be_taken_back(clerk: User) -> None:
    batch = bring(months(("1月", [line(10, 10)])), clerk)
    lock(1)
    services.undo(batch_id=batch.pk, by=clerk)
    kit.run_jobs()
    assert MonthlyReport.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "code"), [("汇总", "E_M_PERIOD"), ("2020.12", "E_M_YEAR"), ("1月份", "E_M_PERIOD")]
)
def test_a_sheet_of_no_month_another_year_or_twice_is_left_out(
    clerk: User, name: str, code: str
) -> None:
    batch = bring(months(("1月", [line(10, 10)]), (name, [line(20, 20)])), clerk)
    assert MonthlyReport.objects.count() == 1
    assert ImportIssue.objects.get(batch=batch, code=code).sheet == name


def test_rows_of_no_project_or_of_one_twice_stay_out(clerk: User) -> None:
    rows = [line(10, 10), line(11, 11), line(1, 1, name="无此项目")]
    batch = bring(months(("1月", rows)), clerk)
    assert stored(1).cumulative_fen == 10_000_000
    assert {"E_M_TWICE", "E_M_PROJECT"} <= set(batch.counts["code"])


def test_other_column_names_and_the_platforms_number_are_understood(clerk: User) -> None:
    number = Project.objects.get(name="焊接改造").number
    heads = ("系统编号", "项目", "当月完成", "年初至本月累计", "进度")
    bring(months(("2021年1-2月", [(number, "改了名", 5, 9, "设备安装")]), heads=heads), clerk)
    report = stored(2, "焊接改造")
    assert (report.cumulative_fen, report.progress) == (9_000_000, "设备安装")


def test_chosen_columns_follow_their_heading_into_sheets_that_have_one_more(clerk: User) -> None:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, heads in (
        ("1月", ["项目名称", "建设单位", "本月", "累计", "当年盘子（万元）"]),
        ("2月", ["项目名称", "建设单位", "本月", "累计", "其中：设备投资", "当年盘子（万元）"]),
    ):
        page = made.create_sheet(name)
        page.append(["单位：万元"])
        page.append(heads)
        page.append(["数控改造", NAME, 1, int(name[0]), *([7] if len(heads) > 5 else []), 55])
    stream = io.BytesIO()
    made.save(stream)
    batch = begin(stream.getvalue(), clerk)
    choices = {"kind": "monthly", "fields": {"E": "year_plan"}}
    services.reread(batch_id=batch.pk, by=clerk, choices=choices)
    kit.run_jobs()
    services.commit(batch_id=batch.pk, by=clerk, repeat=True)
    kit.run_jobs()
    assert [stored(m).year_plan_fen for m in (1, 2)] == [55_000_000, 55_000_000]
    assert stored(2).equipment_fen == 7_000_000


def test_one_sheet_can_be_chosen_alone(clerk: User) -> None:
    batch = begin(months(("1月", [line(10, 10)]), ("2月", [line(20, 30)])), clerk)
    services.reread(batch_id=batch.pk, by=clerk, choices={"kind": "monthly", "sheet": "2月"})
    kit.run_jobs()
    batch.refresh_from_db()
    assert (batch.sheet, batch.counts["rows"], len(batch.sheets)) == ("2月", 1, 2)


def test_without_a_ledger_the_file_waits(db: None) -> None:
    person = kit.clerk()
    bring(register(NAME), person)
    batch = begin(months(("1月", [line(10, 10)])), person)
    assert batch.status == Status.WAITING and "台账" in batch.problem
