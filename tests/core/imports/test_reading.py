"""Files as clerks hand them over: recognised, corrected by hand, or refused with a reason."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from jigai.core.evidence.store import path_of
from jigai.core.imports.services import ask_corrected, discard, reread, start_group
from jigai.core.models import ImportBatch, ImportIssue, Job, User
from jigai.errors import JigaiError
from tests.core.imports.kit import (
    HEADS,
    INVOICE_HEADS,
    PROJECT_HEADS,
    begin,
    book,
    bring,
    keep,
    register,
    run_jobs,
)
from tests.factories import COUNTY, uscc_of

Status = ImportBatch.Status


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("01_企业名录_2021.xlsx", "enterprises"),
        ("02_技改项目台账_2021.xlsx", "projects"),
        ("03_设备购置发票清单_2021.xlsx", "invoices"),
        ("06_技改共同体名单_2021.xlsx", "consortium_members"),
        ("04_月度投资报表_2021.xlsx", "monthly"),
    ],
)
def test_the_kind_is_recognised_by_the_heading(
    clerk: User, samples: Any, name: str, kind: str
) -> None:
    assert begin((samples / name).read_bytes(), clerk, name=name).kind == kind


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("05_1_税务部门_入库税收_2021.xlsx", "税收数据表"),
        ("05_2_自然资源部门_用地_2021.xlsx", "用地明细"),
        ("05_3_供电部门_用电量_2021.csv", "用电量表"),
        ("05_4_统计部门_营收增加值_2021.xlsx", "统计指标表"),
        ("05_5_生态环境部门_排放量_2021.xls", "污染物排放量表"),
    ],
)
def test_tables_without_an_importer_are_refused_by_name(
    clerk: User, samples: Any, name: str, told: str
) -> None:
    # Under a name that says nothing.
    batch = begin((samples / name).read_bytes(), clerk, name=f"附件{name[name.rindex('.') :]}")
    assert batch.status == Status.REFUSED
    assert f"像是{told}" in batch.problem and "还不能导入" in batch.problem
    assert "放弃" in batch.hint and "技改项目台账" in batch.hint
    discard(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.DISCARDED


def test_a_monthly_report_is_no_ledger_even_when_chosen(clerk: User) -> None:
    bring(register("兖州甲机械有限公司"), clerk)
    line = ("智能车间", "兖州甲机械有限公司", uscc_of(1), None, "备1", "技改", 500, "是")
    monthly = ("项目名称", "建设单位", "计划总投资", "本月完成投资", "累计完成投资")
    content = book(monthly, ("智能车间", "兖州甲机械有限公司", 900, 10, 20))
    batch = begin(content, clerk, kind="projects")
    assert (batch.status, batch.counts) == (Status.REFUSED, {"refused": "import-foreign"})
    assert "月度投资报表（有“本月完成投资”“累计完成投资”列）" in batch.problem
    assert "自动识别" in batch.hint
    assert begin(content, clerk).kind == "monthly"
    # A ledger in which somebody also keeps the progress is a ledger.
    heads, more = (*PROJECT_HEADS, *monthly[3:]), (*line, 10, 20)
    assert begin(book(heads, more), clerk).kind == "projects"


def test_a_register_with_taxes_beside_is_a_register_and_a_tax_table_is_none(clerk: User) -> None:
    taxes = ("企业名称", "统一社会信用代码", "增值税", "企业所得税")
    line = ("兖州甲机械有限公司", uscc_of(1), 10, 20)
    assert begin(book(taxes, line), clerk).status == Status.REFUSED
    assert begin(book((*taxes, "所属镇街"), (*line, "新兖镇")), clerk).kind == "enterprises"


def test_a_chosen_kind_that_does_not_fit_says_which_columns_are_missing(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk, kind="invoices")
    assert batch.status == Status.REFUSED
    assert "没有找到“设备购置发票清单”的表头" in batch.problem and "发票号码" in batch.hint
    reread(batch_id=batch.pk, by=clerk, choices={"kind": "enterprises"})
    run_jobs()
    batch.refresh_from_db()
    assert (batch.status, batch.problem) == (Status.READY, "")


def test_unit_column_and_sheet_can_be_chosen(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    revenue = next(c for c in batch.columns if c["field"] == "revenue")
    assert (revenue["letter"], revenue["unit"], revenue["written"]) == ("E", "万元", True)
    choices = {"kind": "enterprises", "units": {"revenue": "元"}, "fields": {"C": "address"}}
    reread(batch_id=batch.pk, by=clerk, choices=choices)
    run_jobs()
    batch.refresh_from_db()
    assert batch.sample[0]["cells"]["revenue"] == "1200.50"
    assert batch.sample[0]["cells"]["address"] == "酒仙桥街道"
    assert "town" not in batch.sample[0]["cells"]


def test_a_required_column_cannot_be_taken_away(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    reread(batch_id=batch.pk, by=clerk, choices={"kind": "enterprises", "fields": {"A": ""}})
    run_jobs()
    batch.refresh_from_db()
    assert batch.status == Status.REFUSED and "缺少必需的列" in batch.problem


def test_one_field_cannot_be_given_to_two_columns(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    with pytest.raises(JigaiError, match="同一个项目"):
        reread(
            batch_id=batch.pk, by=clerk,
            choices={"kind": "enterprises", "fields": {"C": "town", "D": "town"}},
        )  # fmt: skip


def test_another_sheet_can_be_chosen(clerk: User) -> None:
    made = openpyxl.load_workbook(io.BytesIO(register("兖州甲机械有限公司")))
    other = made.create_sheet("去年")
    for row in made["表"].iter_rows(values_only=True):
        other.append(row)
    other["A2"] = "兖州去年机械有限公司"
    stream = io.BytesIO()
    made.save(stream)
    batch = begin(stream.getvalue(), clerk)
    assert batch.sheets == ["表", "去年"] and batch.sheet == "表"
    reread(batch_id=batch.pk, by=clerk, choices={"kind": "enterprises", "sheet": "去年"})
    run_jobs()
    batch.refresh_from_db()
    assert batch.sample[0]["cells"]["name"] == "兖州去年机械有限公司"


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (501 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.xlsx", "evidence-empty"),
        (b"<html><table></table></html>", "a.xlsx", "evidence-html"),
        (b"%PDF-1.7\n", "a.xlsx", "evidence-extension"),
        (b"MZ\x90\x00" + b"\x00" * 100, "a.csv", "evidence-type"),
        (book(HEADS)[:-200], "a.xlsx", "evidence-damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx", "evidence-locked",
        ),
    ],
)  # fmt: skip
def test_files_that_are_no_tables_never_get_in(
    clerk: User, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(JigaiError) as refused:
        keep(content, clerk, name)
    assert refused.value.code == code and refused.value.hint


def test_a_bomb_is_refused_unopened(clerk: User) -> None:
    with pytest.raises(JigaiError) as refused:
        keep(bomb(), clerk)
    assert refused.value.code == "evidence-bomb"


def test_a_table_without_rows_is_read_as_such(clerk: User) -> None:
    batch = begin(book(HEADS), clerk)
    assert batch.status == Status.READY and batch.counts["rows"] == 0


def test_invoices_without_a_ledger_say_what_is_missing(clerk: User) -> None:
    bring(register("兖州甲机械有限公司"), clerk)
    batch = begin(
        book(INVOICE_HEADS, ("数控改造", "兖州甲机械有限公司", "3700211130", "00000001",
                             "2021-05-06", "数控机床", "X1", 1, 100, 100, 13, 113)), clerk,
    )  # fmt: skip
    assert batch.status == Status.WAITING
    assert batch.problem == "本地区2021年度还没有项目台账，发票无法归集到项目"
    bring(book(PROJECT_HEADS, ("数控改造", "兖州甲机械有限公司", uscc_of(1))), clerk)
    batch.refresh_from_db()
    assert batch.status == Status.READY and batch.counts["planned"]["unattached"] == 0


def test_eleven_files_and_odd_years_are_refused(clerk: User) -> None:
    files = [keep(register("兖州甲机械有限公司"), clerk)] * 11
    for given, year, code in ((files, 2021, "import-many-files"), (files[:1], 21, "import-year"),
                              ([], 2021, "import-no-files")):  # fmt: skip
        with pytest.raises(JigaiError) as refused:
            start_group(files=given, year=year, region_code=COUNTY, by=clerk)
        assert refused.value.code == code
    assert not ImportBatch.objects.exists()


def test_a_job_of_an_older_reading_writes_nothing(clerk: User) -> None:
    from jigai.core.jobs.run import run_job

    batch = begin(register("兖州甲机械有限公司"), clerk)
    reread(batch_id=batch.pk, by=clerk, year=2020)
    old = Job.objects.get(kind="import-read", status="waiting")
    ImportBatch.objects.update(status=Status.READY)
    reread(batch_id=batch.pk, by=clerk, year=2019)
    run_job(old.pk)
    batch.refresh_from_db()
    assert batch.status == Status.READING and batch.year == 2019
    run_jobs()
    batch.refresh_from_db()
    assert batch.status == Status.READY


def test_the_corrected_file_holds_repairs_and_marks(clerk: User) -> None:
    batch = begin(
        book(HEADS, ("兖州 甲机械有限公司", uscc_of(1), "镇", "约120", "1,250.00", "a")), clerk,
        name="名录.xlsx",
    )  # fmt: skip
    ask_corrected(batch_id=batch.pk, by=clerk)
    (job,) = run_jobs()
    assert job.status == Job.Status.DONE
    batch.refresh_from_db()
    assert batch.corrected is not None and batch.corrected.name == "名录_更正.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(path_of(batch.corrected).read_bytes())).active
    assert page["A2"].value == "兖州甲机械有限公司" and page["E2"].value == 1250
    assert page["D2"].value == "约120" and "约数" in page["D2"].comment.text
    assert ImportIssue.objects.filter(batch=batch, emptied=True).count() == 1
