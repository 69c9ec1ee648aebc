"""An invented county written as data only: every shape a clause may take, in both executors."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from jigai.rules.applications import batch_applications, case_applications
from jigai.rules.batch import BatchEvaluator
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.example_case import example_environment, example_rows, with_profile
from jigai.rules.examples import ExampleResult, run_examples
from jigai.rules.hashing import batch_lines, case_lines, root_hash
from jigai.rules.lint import lint_pack
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.plan import Plan
from jigai.rules.population import Application, settle_population
from jigai.rules.program import case_evaluator
from jigai.rules.schema import Example
from jigai.rules.schema_programme import PROGRAMME
from jigai.rules.single import CaseEvaluator
from jigai.rules.snapshot import from_rows

FOLDER = Path(__file__).with_name("sixth-county")
DESIGN = Path(__file__).parents[3] / "shared" / "design" / "PACKS.md"

# The list of shapes in the design, item by item → (what holds it, example that shows it).
SHAPES: dict[str, list[tuple[str, str]]] = {
    "Flat rate and cap": [("measure equipment", "超过上限")],
    "tiers on the whole amount": [("measure investment", "恰2000万元")],
    "marginal tiers": [("measure research", "研发到三段")],
    "same rate with different caps": [("measure expansion", "小型企业封在150万元")],
    "regressive tiers": [("measure new-products", "新产品到三段")],
    'step functions ("for each full 100 t")': [("measure energy-saving", "节能650吨")],
    "per-unit caps": [("measure robots", "每台有高有低")],
    "several bases with different rates (hardware/software)": [
        ("measure digital", "软硬件恰100万元")
    ],
    "uplift of the rate (percentage points), of the amount (factor) or of the base": [
        ("measure equipment", "A类加两个百分点"),
        ("measure digital", "专精特新乘一点一"),
        ("measure digital", "国产软件抬高基数"),
    ],
    "invoice-line filters (with/without tax, leased, second-hand, by item, by date window)": [
        ("reading face_basis", "按价税合计"),
        ("reading leased_equipment", "租赁设备核定后计"),
        ("fact is_counted", "逐行筛选"),
    ],
    "matching a share of a higher level's award": [("measure matching", "配套一半")],
    "interest subsidy (principal × rate × days, actual interest paid, cap on rate and on years)": [
        ("measure interest", "除不尽的舍到分"),
        ("measure interest", "不超过实付利息"),
        ("measure interest", "贴息率封在两个百分点"),
        ("measure interest", "已贴满三年"),
    ],
    "staged payment": [("measure investment", "高档封顶")],
    "the lower of audited and statistical investment": [("measure investment", "审计数高于统计数")],
    "different rates by region or industry": [
        ("measure park", "山区乡镇，不知行业也定"),
        ("measure park", "主导产业"),
    ],
    "first-time ladders": [("measure first-step", "不是首次")],
    "fixed awards per title with upgrade difference": [("measure champion", "省级升国家级补差")],
    "minimum award": [("measure energy-saving", "恰100吨")],
    "fiscal-increment awards": [("measure fiscal-growth", "贡献增加100万元")],
    'mutual exclusion and "pick one"': [
        ("selection", "企业选了的从其选择"),
        ("measure new-products", "几项都够的从高"),
    ],
    "one project per enterprise-year with exceptions": [
        ("selection", "一年一个项目，取金额高的"),
        ("selection", "批准的例外"),
    ],
    "consortium pooling and pro-rata split": [("measure joint", "三家合计1000万元")],
    "cap across measures, levels and years": [
        ("pooled cap-total", "不同措施合计封顶，资金不够再按比例"),
        ("pooled cap-total", "连同往年与上级的封顶"),
    ],
    "top-N by score": [("ranking demo-rank", "四个取三个，资金按名次用完")],
    "pool limited by budget with pro-rata reduction": [
        ("budget loan-fund", "两笔合计封顶，资金不够按比例")
    ],
    "cost shared by province/city/county": [("measure champion", "省级称号")],
    "surcharges on price (negative benefits, highest applies, consecutive-year ladders)": [
        ("measure grade-fee", "C类有奖也加收"),
        ("measure idle-fee", "D类两年又闲置，只收最高一项"),
        ("measure grade-fee", "D类连续四年"),
    ],
    "coefficients (term of lease ÷ maximum term)": [("measure lease", "60亩20年")],
}


@cache
def model() -> Model:
    """The checked pack."""
    return build_model(load_pack(FOLDER))


@cache
def results() -> dict[str, ExampleResult]:
    """Every example, run, by name."""
    return {result.name: result for result in run_examples(model())}


def written(name: str) -> Example:
    """An example with its profile's facts."""
    return with_profile(model(), next(e for e in model().pack.examples if e.name == name))


EXAMPLES = [e.name for e in load_pack(FOLDER).examples if not e.profile]


# the pack -----------------------------------------------------------------------------------------


def test_it_is_covered_clause_by_clause_and_number_by_number() -> None:
    report = lint_pack(FOLDER)
    assert [str(problem) for problem in report.problems] == []
    assert report.clauses is not None and report.facts is not None
    assert (report.clauses.percent, report.facts.percent) == (100.0, 100.0)
    assert report.pending == []
    assert [item.id for item in report.undetermined] == ["town_budget"]
    assert all(report.sections[title] >= 1 for _name, _model, title in PROGRAMME)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(name: str) -> None:
    assert results()[name].passed, results()[name].difference


def test_names_of_examples_are_their_own() -> None:
    assert len(results()) == len(EXAMPLES)


@pytest.mark.parametrize("identifier", [m.id for m in load_pack(FOLDER).measures.measures])
def test_each_measure_is_shown_paying_and_refused(identifier: str) -> None:
    own = [e.expect.get("verdict") for e in model().pack.examples if e.measure == identifier]
    assert len(own) >= 3
    assert {"符合", "不符合"} <= set(own)


def test_each_gate_is_refused_in_some_example() -> None:
    told = [e.expect.get("reasons", []) for e in model().pack.examples]
    reasons = {code for codes in told if isinstance(codes, list) for code in codes}
    assert {gate.reason for gate in model().pack.measures.gates} <= reasons


# the shapes ---------------------------------------------------------------------------------------


def places() -> set[str]:
    """What the pack holds, as the table names it."""
    pack, stages = model().pack, model().pack.measures
    named = {
        "measure": stages.measures,
        "pooled": stages.pooled_caps,
        "ranking": stages.rankings,
        "budget": stages.budgets,
        "reading": pack.readings,
        "fact": pack.facts,
    }
    found = {f"{kind} {item.id}" for kind, items in named.items() for item in items}
    return found | ({"selection"} if stages.selection else set())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_written_and_shown(shape: str) -> None:
    for place, name in SHAPES[shape]:
        assert place in places(), place
        example = results()[name].example
        assert results()[name].passed
        kind, _, identifier = place.partition(" ")
        if kind == "measure":
            pointed = example.expect.get("measure", example.measure)
            assert identifier in (example.measure, pointed), name
        if kind == "reading":
            assert identifier in example.readings
        if kind in ("ranking", "budget"):
            assert "granted" in example.expect


def test_staged_payment_and_shared_cost_are_divided_whole() -> None:
    stages = {m.id: m for m in model().pack.measures.measures}
    assert [s.name for s in stages["investment"].instalments] == ["竣工", "达产"]
    assert [s.name for s in stages["champion"].payers] == ["省", "市", "县"]
    assert "instalments" in results()["高档封顶"].example.expect
    assert "payers" in results()["省级称号"].example.expect


def test_every_way_out_of_a_shortage_is_written() -> None:
    ways = {budget.shortage for budget in model().pack.measures.budgets}
    assert ways == {"pro-rata", "by-rank", "open"}


def test_the_table_is_the_list_of_the_design() -> None:
    if not DESIGN.exists():
        pytest.skip("the design (shared/design) is not beside the checkout")
    text = DESIGN.read_text(encoding="utf-8")
    listed = text.split("## Shapes the language must express without code\n\n")[1]
    items = listed.split("\n")[0].rstrip(".").replace("“", '"').replace("”", '"').split("; ")
    assert [item.strip() for item in items] == list(SHAPES)


# both executors -----------------------------------------------------------------------------------


@cache
def compiled(key: str) -> dict[str, Any]:
    """Room for what is compiled once for each set of constants."""
    return {}


def evaluator(env: Environment) -> CaseEvaluator:
    """The closures for the constants of a run."""
    room = compiled(repr((env.parameters, sorted(env.readings.items()), env.context)))
    if not room:
        room["case"] = case_evaluator(compile_plan(model(), env))
    found = room["case"]
    assert isinstance(found, CaseEvaluator)
    return found


def granted(plan: Plan, applications: Iterable[Application]) -> dict[tuple[str, str], int | None]:
    """What ranks and budgets leave to each application."""
    settled = settle_population(plan, applications)
    return {(a.subject, str(a.key)): a.granted for a in settled}


def in_case(env: Environment, rows: Any) -> tuple[Counter[Any], dict[tuple[str, str], int | None]]:
    """Decision lines and granted amounts of the single-case executor."""
    case = evaluator(env)
    stored = case.decide(rows)
    lines = Counter(map(repr, case_lines(case.plan, stored)))
    return lines, granted(case.plan, case_applications(case.plan, stored))


def in_batch(env: Environment, rows: Any) -> tuple[Counter[Any], dict[tuple[str, str], int | None]]:
    """The same of the batch executor."""
    snapshot = from_rows(rows, evaluator(env).plan.inputs)
    batch = BatchEvaluator(model(), env, snapshot)
    result = batch.run()
    lines = Counter(map(repr, batch_lines(result, snapshot.keys)))
    return lines, granted(batch.plan, batch_applications(batch.plan, result, snapshot.keys))


@pytest.mark.parametrize("name", EXAMPLES)
def test_both_executors_agree(name: str) -> None:
    example = written(name)
    env, rows = example_environment(model(), example), example_rows(model(), example)
    assert in_case(env, rows) == in_batch(env, rows)


def test_the_hash_over_all_examples_at_once_is_that_of_the_cases() -> None:
    """Every example of the ordinary year in one snapshot: nothing leaks from case to case."""
    env = example_environment(model(), written("两张发票500万元"))
    merged: dict[str, list[dict[str, Any]]] = {}
    for number, name in enumerate(EXAMPLES):
        if written(name).readings or written(name).year != 2024:
            continue
        for subject, listed in example_rows(model(), written(name)).items():
            merged.setdefault(subject, []).extend(_apart(row, number) for row in listed)
    stored = evaluator(env).decide(merged)
    snapshot = from_rows(merged, evaluator(env).plan.inputs)
    result = BatchEvaluator(model(), env, snapshot).run()
    assert len(merged["project"]) > 50
    plan = evaluator(env).plan
    assert root_hash(case_lines(plan, stored)) == root_hash(batch_lines(result, snapshot.keys))


def _apart(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row with keys of its own among those of other cases."""

    def own(name: str, value: Any) -> Any:
        if value is None or not (name == "key" or name.endswith("_key")):
            return value
        return number * 100 + value if isinstance(value, int) else f"{number:04d}{value}"

    return {name: own(name, value) for name, value in row.items()}


# the order of rows --------------------------------------------------------------------------------

TIES = [
    ["72", "88", "95", "88"],
    ["80", "80", "80", "80"],
    ["90", "缺", "90", "80"],
    ["缺", "缺", "90", "75"],
]


@pytest.mark.parametrize("scores", TIES, ids="、".join)
def test_equal_and_unknown_scores_do_not_depend_on_the_order_of_rows(scores: list[str]) -> None:
    base = written("四个取三个，资金按名次用完")
    example = base.model_copy(update={"awards": [{"评审得分": score} for score in scores]})
    env, rows = example_environment(model(), example), example_rows(model(), example)
    wanted = in_case(env, rows)
    assert wanted == in_batch(env, rows)
    for order in permutations(rows["award"]):
        assert in_case(env, {**rows, "award": list(order)}) == wanted
    for order in ([3, 2, 1, 0], [1, 3, 0, 2]):
        moved = [rows["award"][place] for place in order]
        assert in_batch(env, {**rows, "award": moved}) == wanted


def test_equal_scores_go_by_key() -> None:
    env, rows = _awards(["80", "80", "80", "80"])
    fen = 30_0000_00
    given = in_case(env, rows)[1]
    assert list(given.values()) == [fen, fen, 20_0000_00, 0]


def _awards(scores: list[str]) -> tuple[Environment, dict[str, list[dict[str, Any]]]]:
    base = written("四个取三个，资金按名次用完")
    example = base.model_copy(update={"awards": [{"评审得分": score} for score in scores]})
    return example_environment(model(), example), example_rows(model(), example)


def test_the_fen_left_over_by_a_short_budget_go_by_key() -> None:
    """Seven equal loans of seven firms under 24万: three fen are left over, in any order."""
    example = written("半年贴息").model_copy(
        update={"loan": {**written("半年贴息").loan, "贷款年利率": "5%", "实付利息": "12.5万元"}}
    )
    env, one = example_environment(model(), example), example_rows(model(), example)
    firm, loan = one["enterprise"][0], one["loan"][0]
    rows = {
        "enterprise": [{**firm, "key": f"E{n}"} for n in range(1, 8)],
        "loan": [{**loan, "key": n, "enterprise_key": f"E{n}"} for n in range(1, 8)],
    }
    wanted = in_case(env, rows)
    assert wanted == in_batch(env, rows)
    shares = [wanted[1]["loan", str(n)] for n in range(1, 8)]
    assert shares == [3428572] * 3 + [3428571] * 4
    assert sum(share or 0 for share in shares) == 24_0000_00
    for seed in range(5):
        moved = random.Random(seed).sample(rows["loan"], 7)
        assert in_case(env, {**rows, "loan": moved}) == wanted
    assert in_batch(env, {**rows, "loan": rows["loan"][::-1]}) == wanted


def test_who_waits_ahead_may_fall_out_and_make_room() -> None:
    """A certain fourth behind an open one is not refused: the open one may yet be."""
    plan = evaluator(example_environment(model(), written("恰70分"))).plan
    measures, award = ("demonstration",), 30_0000_00

    def asked(key: int, score: int | None, paid: int | None = award) -> Application:
        return Application("award", key, measures, paid, {"demo-rank": score})

    certain = [asked(1, 99), asked(2, 90), asked(3, 80), asked(4, 71)]
    assert granted(plan, certain)["award", "4"] == 0
    waiting = [asked(1, 99), asked(2, 90, None), asked(3, 80), asked(4, 71), asked(5, 70)]
    settled = {a.key: a for a in settle_population(plan, waiting)}
    assert settled[4].granted is None
    assert settled[5].granted == 0
    assert "待定" in settled[4].notes[0]
