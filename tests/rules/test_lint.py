"""The linter's report on whole packs, and how it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.rules.lint import lint_pack
from jigai.rules.lint_report import render
from jigai.rules.loader import load_pack
from tests.rules.tiny import BASE, write_pack

PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.parametrize("name", sorted(path.name for path in PACKS.iterdir() if path.is_dir()))
def test_every_pack_of_the_repository_passes(name: str) -> None:
    report = lint_pack(PACKS / name)
    assert [str(problem) for problem in report.errors] == []


def test_yanzhou_is_covered_clause_by_clause_and_number_by_number() -> None:
    report = lint_pack(PACKS / "yanzhou-2020")
    assert report.clauses is not None and report.facts is not None
    assert (report.clauses.total, report.clauses.percent) == (23, 100.0)
    assert (report.facts.total, report.facts.percent) == (46, 100.0)
    assert report.pending == []
    assert {item.name for item in report.undetermined} == {
        "年度专项资金预算",
        "联席会议周期",
        "限时办结时限",
        "供地计划周期",
    }
    assert all(item.decides for item in report.undetermined)


def test_a_summary_of_yanzhou_is_no_sentence_of_the_original() -> None:
    original = PACKS.parents[1] / "shared" / "policies" / "sources" / "004_da1b443111db53be.txt"
    if not original.exists():
        pytest.skip("the original documents (shared/policies/sources) are not beside the checkout")
    text = "".join(original.read_text(encoding="utf-8").split())
    sentences = {part for part in text.replace("；", "。").split("。") if len(part) > 12}
    for clause in load_pack(PACKS / "yanzhou-2020").clauses:
        assert not any(sentence in clause.summary for sentence in sentences), clause.id


def test_terms_shared_by_all_have_no_document_to_cover() -> None:
    report = lint_pack(PACKS / "national")
    assert report.clauses is None and report.facts is None
    assert report.warnings == []


def test_a_fact_nobody_uses_lowers_the_coverage(tmp_path: Path) -> None:
    files = {"parameters.yaml": BASE["parameters.yaml"].replace("  facts: [F3]\n", "")}
    report = lint_pack(write_pack(tmp_path / "tiny", files))
    assert report.facts is not None
    assert (report.facts.covered, report.facts.total) == (2, 3)
    assert not report.passed


@pytest.mark.parametrize("excuse", ["waived: 只是名称", "pending: S03"])
def test_a_fact_may_be_waived_or_wait(excuse: str, tmp_path: Path) -> None:
    files = {
        "parameters.yaml": BASE["parameters.yaml"].replace("  facts: [F3]\n", ""),
        "clauses.yaml": BASE["clauses.yaml"].replace("100万元}", f"100万元, {excuse}}}"),
    }
    report = lint_pack(write_pack(tmp_path / "tiny", files))
    assert report.passed
    assert [item.id for item in report.pending] == (["F3"] if "pending" in excuse else [])


def test_an_auxiliary_file_is_known_and_a_misspelt_one_is_not(tmp_path: Path) -> None:
    assert lint_pack(write_pack(tmp_path / "a", {"item_classes.yaml": "id: x\n"})).passed
    wrong = lint_pack(write_pack(tmp_path / "b", {"item_class.yaml": "id: x\n"}))
    assert [problem.code for problem in wrong.errors] == ["unknown-file"]


def test_the_same_pack_gives_the_same_report(tmp_path: Path) -> None:
    broken = BASE["measures.yaml"].replace("补助比例", "比例").replace("补助上限", "上限")
    root = write_pack(tmp_path / "tiny", {"measures.yaml": broken})
    assert render(lint_pack(root)) == render(lint_pack(root))
    assert len(lint_pack(root).errors) == 2


def test_how_a_report_reads(tmp_path: Path) -> None:
    extra = "- {id: open, name: 预算, clause: 一, kind: amount, unit: 元, status: undetermined}\n"
    files = {
        "parameters.yaml": BASE["parameters.yaml"] + extra,
        "clauses.yaml": BASE["clauses.yaml"] + "- {id: 二, heading: 目标, summary: 写目标。}\n",
    }
    lines = render(lint_pack(write_pack(tmp_path / "tiny", files))).splitlines()
    assert lines[:2] == ["tiny 小包", "错误 1 项"]
    assert lines[2].startswith("  tiny/clauses.yaml:10:3 [uncited-clause]（条款 二） ")
    assert "条款覆盖 50%（1/2）；数的覆盖 100%（3/3）" in lines
    assert "没有给出原文，未核对原文里的数；给出原文即核对" in lines
    assert "  预算（条款 一）：由未写明的部门决定" in lines
    assert lines[-1] == "没有通过：先改正上面的错误"


def test_a_pack_that_cannot_be_read_is_a_report_too(tmp_path: Path) -> None:
    report = lint_pack(tmp_path / "nowhere")
    assert render(report).splitlines()[:2] == ["nowhere", "错误 1 项"]
    assert not report.passed
