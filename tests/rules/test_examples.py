"""Examples of all packs pass, and what an author can get wrong in one is said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from jigai.rules.examples import ExampleResult, example_problems, run_examples
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.source import read_source
from tests.rules.tiny import tiny_model

PACKS = Path(__file__).parents[2] / "packs"


@cache
def pack(path: Path) -> Model:
    """A checked pack."""
    return build_model(load_pack(path))


def packs() -> list[Path]:
    """Every pack that ships."""
    return sorted(found.parent for found in PACKS.glob("*/pack.yaml"))


@cache
def results(path: Path) -> dict[str, ExampleResult]:
    """Every example of a pack by its name, run once in a worker that is asked for one of them."""
    return {result.name: result for result in run_examples(pack(path))}


def cases() -> Iterator[tuple[Path, str]]:
    """Name of every example, as its file says it: every worker collects, only one runs them."""
    for path in packs():
        for file in sorted((path / "examples").glob("*.yaml")):
            source = read_source(path, f"examples/{file.name}")
            assert source is not None
            for example in source.data["examples"]:
                if "profile" not in example:
                    yield path, example["name"]


CASES = list(cases())


@pytest.mark.parametrize(("path", "name"), CASES, ids=lambda v: getattr(v, "name", str(v)))
def test_example(path: Path, name: str) -> None:
    """The pack gives what its author worked out by hand."""
    result = results(path)[name]
    assert result.passed, f"{path.name} {name}：{result.difference}"


@pytest.mark.parametrize("path", packs(), ids=lambda path: path.name)
def test_no_example_of_a_pack_is_left_out(path: Path) -> None:
    """Each was run once and is a test of its own; two of one name would hide one another."""
    names = [example.name for example in pack(path).pack.examples if not example.profile]
    assert sorted(names) == sorted(results(path)) == sorted(n for p, n in CASES if p == path)


@pytest.mark.parametrize("path", packs(), ids=lambda path: path.name)
def test_each_measure_has_three_examples(path: Path) -> None:
    """Inside, at the boundary to the fen, refused."""
    model = pack(path)
    for measure in model.pack.measures.measures:
        if measure.computable:
            own = [e for e in model.pack.examples if e.measure == measure.id]
            verdicts = {str(e.expect.get("verdict")) for e in own}
            assert len(own) >= 3
            # A rate nobody has set can only ever answer 未定.
            assert "不符合" in verdicts and verdicts & {"符合", "未定"}


@pytest.mark.parametrize("path", packs(), ids=lambda path: path.name)
def test_each_gate_is_refused_in_some_example(path: Path) -> None:
    """Every reason of a gate of a project measure occurs; every manual gate waits once."""
    model, reasons = pack(path), set()
    for example in model.pack.examples:
        told = example.expect.get("reasons", [])
        reasons |= {str(code) for code in (told if isinstance(told, list) else [told])}
    gates = {g for m in model.pack.measures.measures if m.computable for g in m.gates}
    for identifier in gates:
        gate = model.gates[identifier]
        assert gate.reason in reasons, gate.name
        if gate.manual:
            assert gate.missing in reasons, gate.name


FACTS = "project: {设备投资额: 500万元, 申报年: '2021', 已备案: 是}"


def run(tmp_path: Path, text: str, profile: str = "") -> ExampleResult:
    """Run one example of a tiny pack."""
    example = f"examples:\n- name: 例\n  clause: 一\n  measure: grant\n  {text}\n{profile}"
    return run_examples(tiny_model(tmp_path, {"examples/grant.yaml": example}))[0]


def test_passes(tmp_path: Path) -> None:
    """3% of five million."""
    result = run(tmp_path, f"{FACTS}\n  expect: {{verdict: 符合, amount: 15万元}}")
    assert result.passed and result.difference == ""


def test_difference_shows_both_values(tmp_path: Path) -> None:
    """As written, so that 15万元 and 150000元 are the same."""
    result = run(tmp_path, f"{FACTS}\n  expect: {{verdict: 不符合, amount: 150000元}}")
    assert not result.passed
    assert result.difference == "verdict 应为 不符合，算得 符合"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"{FACTS}\n  expect: {{amuont: 15万元}}", "expect 里不认识的键“amuont”"),
        (f"{FACTS}\n  expect: {{amount: 15亩}}", "expect 的 amount 不是金额"),
        (f"{FACTS}\n  note: 无", "没有写 expect"),
        (
            "project: {设备投资款: 1元}\n  expect: {verdict: 符合}",
            "不认识的事实“设备投资款”，是不是“设备投资额”",
        ),
        ("project: {设备投资额: 5}\n  expect: {verdict: 符合}", "“设备投资额”"),
        ("enterprise: {已备案: 是}\n  expect: {verdict: 符合}", "不是这一级对象的事实"),
        (f"given: 没有\n  {FACTS}\n  expect: {{verdict: 符合}}", "没有名为“没有”的通用情形"),
        (f"{FACTS}\n  readings: {{nothing: a}}\n  expect: {{verdict: 符合}}", "没有读法“nothing”"),
    ],
)
def test_errors_are_said(tmp_path: Path, text: str, error: str) -> None:
    """Never a stack; the linter gets the place."""
    result = run(tmp_path, text)
    assert not result.passed
    assert error in result.error


def test_unknown_measure_is_said(tmp_path: Path) -> None:
    """An example about a measure that the pack does not have."""
    head = "examples:\n- name: 例\n  clause: 一\n  measure: gift\n"
    text = f"{head}  {FACTS}\n  expect: {{verdict: 符合}}\n"
    result = run_examples(tiny_model(tmp_path, {"examples/grant.yaml": text}))[0]
    assert "措施“gift”不适用于这个项目" in result.error


def test_profile_is_a_start_not_an_example(tmp_path: Path) -> None:
    """Own facts stand over the profile's; 缺 takes one away, 不明 makes it unknown."""
    profile = f"- name: 通常\n  clause: 一\n  profile: true\n  year: 2021\n  {FACTS}\n"
    given = "given: 通常\n  project: {设备投资额: 499万元}\n  expect: {verdict: 不符合}"
    result = run(tmp_path / "a", given, profile)
    assert result.passed, result.difference
    taken = "given: 通常\n  project: {已备案: 缺}\n  expect: {verdict: 缺数据, missing: [已备案]}"
    result = run(tmp_path / "b", taken, profile)
    assert result.passed, result.difference


def test_linter_gets_place_and_clause(tmp_path: Path) -> None:
    """A failed example is a finding like any other."""
    text = f"examples:\n- name: 例\n  clause: 一\n  {FACTS}\n  expect: {{amount: 1元}}\n"
    problem = example_problems(tiny_model(tmp_path, {"examples/grant.yaml": text}))[0]
    assert problem.code == "example-failed"
    assert (problem.place.line, problem.clause) == (5, "一")
    assert "应为 1.00元，算得 150,000.00元" in problem.message
