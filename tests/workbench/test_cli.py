"""The command line: results written as a bureau submits them, and friendly refusals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from jigai.cli import app

SHEETS = [
    "拟奖补项目公示表", "资金测算汇总表", "不予支持名单及理由", "缺数据清单", "未核实事项",
    "计算过程", "输入问题",
]  # fmt: skip
runner = CliRunner()


def call(*arguments: object) -> Any:
    """Run ``jigai`` with these arguments."""
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def book(sample_files: dict[str, Path], tmp_path_factory: Any) -> Any:
    """The result workbook of the sample district."""
    target = tmp_path_factory.mktemp("out") / "result.xlsx"
    done = call(
        "evaluate", "--pack", "yanzhou-2020", "--enterprises", sample_files["enterprises"],
        "--projects", sample_files["projects"], "--invoices", sample_files["invoices"],
        "--consortia", sample_files["consortium_members"], "--year", 2021,
        "--as-of", "2021-12-31", "--out", target,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "45,441,903.27" in done.output
    return openpyxl.load_workbook(target)


def rows(sheet: Any) -> list[dict[str, Any]]:
    """Data rows of a result sheet by heading."""
    headings = [cell.value for cell in sheet[3]]
    return [
        dict(zip(headings, values, strict=True))
        for values in sheet.iter_rows(min_row=4, values_only=True)
    ]


def test_the_seven_sheets_of_a_submission(book: Any) -> None:
    """Sheet names, titles with region and year, and the amounts of the publicity sheet."""
    assert book.sheetnames == SHEETS
    assert book[SHEETS[0]]["A1"].value == "山东省济宁市兖州区2021年度拟奖补项目公示表"
    *listed, total = rows(book[SHEETS[0]])
    paid = sum(Decimal(str(row["拟奖补金额"])) for row in listed)
    assert paid == Decimal(str(total["拟奖补金额"])) == Decimal("45441903.27")
    assert all(row["依据条款"] and row["拟奖补金额"] > 0 for row in listed)


def test_every_refusal_and_every_gap_cites_a_clause(book: Any) -> None:
    """Refused and open rows name reasons, clauses and codes; bounds stand beside open ones."""
    refused, missing = rows(book[SHEETS[2]]), rows(book[SHEETS[3]])
    assert len([r for r in refused if r["备注"].startswith("台账")]) == 50 + 39 + 11
    for row in (*refused, *missing):
        assert row["依据条款"], row
    assert all(row["理由"] and row["理由代码"] for row in refused)
    assert len(missing) == 11 + 1
    assert all(row["金额下限"] <= row["金额上限"] for row in missing)


def test_the_trace_sheet_shows_clause_formula_values_and_result(book: Any) -> None:
    """Every step has a clause; a known row shows its threshold, rate, cap and amount."""
    trace = [
        row
        for row in rows(book[SHEETS[5]])
        if row["对象"].startswith("项目 20 装备升级奖补（设备投资）")
    ]
    text = "\n".join(f"{row['步骤']} {row['公式']} {row['取值']} {row['结果']}" for row in trace)
    for part in ("500万元及以上", "33,333,333.33", "3%", "1,000,000.00"):
        assert part in text
    assert all(row["条款"] for row in trace)


def test_input_problems_carry_cells(book: Any) -> None:
    """Errors come first, each with file, sheet, cell and a sentence."""
    found = rows(book[SHEETS[6]])
    assert [row["级别"] for row in found[:58]] == ["错误"] * 58
    assert found[58]["级别"] == "提醒"
    assert all(row["单元格"] and row["说明"] for row in found[:58])


def test_no_cell_of_the_result_is_a_formula(book: Any) -> None:
    """Text that looks like a formula is written as text."""
    for sheet in book:
        for line in sheet.iter_rows(min_row=4):
            assert not any(cell.data_type == "f" for cell in line)


@pytest.mark.system("rule-trace")
def test_why_explains_a_project_and_a_consortium() -> None:
    """Clause, parameter with its date, inputs with source, gap, missing fact and other readings."""
    shown = call("why", "49").output
    for part in ("缺数据", "520,000.00元", "最近公布评价等级", "亩产效益评价牵头部门", "四.4",
                 "自 2020-08-15 起", "按另一读法"):  # fmt: skip
        assert part in shown, part
    assert "还差 0.01 元" in call("why", "212").output
    shared = call("why", "GTT-2021-09").output
    assert "444,444.44元" in shared
    assert "补足尾差 0.01 元" in shared


def test_pack_commands_show_the_rule() -> None:
    """explain, readings, examples and lint of the shipped pack."""
    assert "设备起点额达到 500万元及以上" in call("pack", "explain", "equipment").output
    assert "uplift_order" in call("pack", "readings", "yanzhou-2020").output
    assert call("pack", "examples", "yanzhou-2020").exit_code == 0
    linted = call("pack", "lint", "national", "yanzhou-2020")
    assert linted.exit_code == 0
    assert "条款覆盖 100%" in linted.output


def test_outside_its_validity_a_policy_only_simulates(sample_files: dict[str, Path]) -> None:
    """A deadline after 2023-08-14 marks the whole result."""
    done = call(
        "evaluate", "--enterprises", sample_files["enterprises"], "--projects",
        sample_files["projects"], "--year", 2023, "--deadline", dt.date(2023, 8, 15),
        "--reading", "invoice_amount_basis=c",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "已过期" in done.output
    assert "仅模拟：政策已过期，不产生应付" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--enterprises": "没有.xlsx"}, "没有.xlsx"),
        ({"--pack": "没有的包"}, "没有政策包“没有的包”"),
        ({"--as-of": "2021-13-01"}, "日期“2021-13-01”写法不对"),
        ({"--reading": "uplift_order"}, "“uplift_order”写法不对"),
        ({"--reading": "uplift_order=x"}, "没有选项“x”"),
        ({"--set": "没有=1%"}, "没有参数“没有”"),
        ({"--set": "设备补助比例=三厘"}, "读不懂数值“三厘”"),
        ({"--set": "设备补助上限=100亩"}, "参数“设备补助上限”要元"),
        ({"--set": "设备补助上限=1"}, "“1”是无量纲"),
        ({}, "没有给发票清单"),
    ],
)
def test_mistakes_are_refused_with_a_way_out(
    sample_files: dict[str, Path], change: dict[str, str], said: str
) -> None:
    """Exit code 2, one sentence, no stack."""
    options = {
        "--enterprises": str(sample_files["enterprises"]),
        "--projects": str(sample_files["projects"]), "--year": "2021",
    } | change  # fmt: skip
    done = call("evaluate", *(part for pair in options.items() for part in pair))
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_nothing_half_written_when_the_target_cannot_be(
    sample_files: dict[str, Path], tmp_path: Path
) -> None:
    """A target in a folder that is a file: a sentence, and nothing left behind."""
    blocked = tmp_path / "file"
    blocked.write_text("x")
    done = call(
        "evaluate", "--enterprises", sample_files["enterprises"], "--projects",
        sample_files["projects"], "--year", 2021, "-r", "invoice_amount_basis=c",
        "--out", blocked / "result.xlsx",
    )  # fmt: skip
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_scenario_never_looks_payable(sample_files: dict[str, Path], tmp_path: Path) -> None:
    """--set marks terminal and workbook; readings go by Chinese name and stand in the header."""
    target = tmp_path / "scenario.xlsx"
    done = call(
        "evaluate", "--enterprises", sample_files["enterprises"], "--projects",
        sample_files["projects"], "--year", 2021, "-r", "金额口径=申报数", "--set",
        "设备补助比例=4%", "--out", target, "--corrected", tmp_path / "copies",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "仅模拟：情景设定 设备补助比例＝4%" in done.output
    note = openpyxl.load_workbook(target)[SHEETS[0]]["A2"].value
    assert "仅模拟：情景设定 设备补助比例＝4%" in note
    assert "金额口径＝申报数" in note
    copies = sorted(path.name for path in (tmp_path / "copies").iterdir())
    assert copies == ["01_企业名录_2021_更正.xlsx", "02_技改项目台账_2021_更正.xlsx"]
