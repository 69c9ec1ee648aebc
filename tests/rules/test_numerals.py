"""No number of the original text may be missing from a pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.rules.lint import lint_pack
from jigai.rules.numerals import numerals
from tests.rules.tiny import BASE, write_pack

ROOT = Path(__file__).parents[2]
ORIGINALS = ROOT.parent / "shared" / "policies" / "sources"
OF_THE_TEXT = ("missing-numeral", "anchor-not-found")
CLAUSE = "一、设备奖补。投资500万元及以上的，按3％补助，最高 100万元。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("投资500万元及以上的补3%", ["500万", "3%"]),
        ("比例达到６０％", ["60%"]),
        ("1,500亿元", ["1500亿"]),
        ("近三年内两个项目", ["三", "两"]),
        ("围绕“十强”产业实施“四新技改”", ["十", "四"]),
        ("力争“十四五”期间", ["十四五"]),
        ("两化融合与四大工程", ["两", "四"]),
        ("鼓励“零增地”技术改造", ["零增地"]),
        ("加快“5G”商用", ["5"]),
        ("2020年8月15日", ["2020", "8", "15"]),
        ("占比超过百分之三十的企业", ["百分之三十"]),
    ],
)
def test_what_counts_as_a_numeral(text: str, found: list[str]) -> None:
    assert numerals(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "一、总体思路",
        "1.智能制造工程",
        "（二）加强领导",
        "(3)其他",
        "①其他",
        "同一项目",
        "统一项目",
        "新一轮技术改造",
        "进一步提高",
        "一批项目",
        "唯一人选",
        "十分重视",
        "一系列措施",
    ],
)
def test_labels_and_idioms_are_no_numerals(text: str) -> None:
    assert numerals(text) == []


def test_a_text_whose_numbers_all_stand_in_the_facts_has_no_problem(tmp_path: Path) -> None:
    report = lint_pack(write_pack(tmp_path / "tiny"), CLAUSE)
    assert report.passed
    assert report.numerals_checked


@pytest.mark.parametrize(
    ("extra", "numeral"),
    [
        ("每户不超过８0万元。", "80万"),
        ("同一企业三年内只补一次。", "三"),
        ("再加3%。", "3%"),
        ("依据某政字〔2019〕26号。", "26"),
        ("占百分之六十以上。", "百分之六十"),
    ],
)
def test_a_number_more_than_the_facts_is_caught(extra: str, numeral: str, tmp_path: Path) -> None:
    report = lint_pack(write_pack(tmp_path / "tiny"), CLAUSE + extra)
    assert {problem.code for problem in report.errors} == {"missing-numeral"}
    assert any(f"“{numeral}”" in problem.message for problem in report.errors)


def test_the_number_of_a_document_it_leans_on_is_no_number_of_its_own(tmp_path: Path) -> None:
    upstream = "upstream: [{number: 某政字〔2019〕26号, title: 上级办法}]\n"
    files = {"pack.yaml": BASE["pack.yaml"] + upstream}
    report = lint_pack(write_pack(tmp_path / "tiny", files), CLAUSE + "依据某政字〔2019〕 26 号。")
    assert report.passed


def test_clauses_are_told_apart_by_their_anchors(tmp_path: Path) -> None:
    second = "- {id: 二, heading: 期限, anchor: 二、期限, summary: 试行, declaratory: 试}\n"
    files = {"clauses.yaml": BASE["clauses.yaml"] + second}
    text = CLAUSE + "\n二、 期限。试行两年。"
    (problem,) = lint_pack(write_pack(tmp_path / "tiny", files), text).errors
    assert (problem.code, problem.clause) == ("missing-numeral", "二")


def test_no_numeral_of_yanzhou_is_missing() -> None:
    if not ORIGINALS.exists():
        pytest.skip("the original documents (shared/policies/sources) are not beside the checkout")
    text = ORIGINALS / "004_da1b443111db53be.txt"
    report = lint_pack(ROOT / "packs" / "yanzhou-2020", text)
    assert [str(problem) for problem in report.errors if problem.code in OF_THE_TEXT] == []
    assert report.numerals_checked


@pytest.mark.parametrize("clause", ["四.1", "五.3", "序", "二"])
def test_a_number_slipped_into_yanzhou_is_caught(clause: str) -> None:
    if not ORIGINALS.exists():
        pytest.skip("the original documents (shared/policies/sources) are not beside the checkout")
    text = (ORIGINALS / "004_da1b443111db53be.txt").read_text(encoding="utf-8")
    last_words = {
        "四.1": "2.信息化提升奖补",
        "五.3": "4.区工业和信息化局",
        "序": "一、总体思路",
        "二": "三、重点任务",
    }[clause]
    report = lint_pack(
        ROOT / "packs" / "yanzhou-2020", text.replace(last_words, f"另补70万元。\n{last_words}", 1)
    )
    told = [(p.code, p.clause) for p in report.errors if p.code in OF_THE_TEXT]
    assert told == [("missing-numeral", clause)]
