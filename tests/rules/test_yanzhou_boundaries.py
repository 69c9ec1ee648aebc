"""What a toy would get wrong: words of comparison, other public money, who decides."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.paths import packs_dir
from jigai.rules.lint import lint_pack
from tests.rules.harness import evaluate_case

DECLARED = {"invoice_amount_basis": "c"}
FEN = 100


def district(**project: Any) -> dict[str, list[dict[str, Any]]]:
    """One ordinary B-class enterprise with one ordinary project."""
    enterprise = {
        "key": "E1", "registered_region": "370812", "independent_entity": True,
        "credit_status": "good", "has_major_violation": False, "latest_grade": "B",
        "application_year_grade": "B", "on_echelon_list": False, "size_class": "small",
    }  # fmt: skip
    ordinary = {
        "key": 1, "enterprise_key": "E1", "application_year": 2021, "filed": True,
        "in_statistics": True, "construction_nature": "retrofit", "has_other_funds": False,
        "planned_total": 10**9, "declared_equipment": 0, "declared_robot": 0,
        "declared_software": 0, "declared_hardware": 0,
    }  # fmt: skip
    return {"enterprise": [enterprise], "project": [ordinary | project]}


def verdict(rows: Any, **readings: str) -> tuple[str, int | None]:
    """Verdict and amount of project 1."""
    found = evaluate_case(rows, 2021, DECLARED | readings)["projects"][1]
    return found["verdict"], found["amount"]


def pool(equipment: tuple[int, int], **readings: str) -> str:
    """Verdict of a consortium of a large lead and a small member."""
    rows = district()
    rows["enterprise"].append({**rows["enterprise"][0], "key": "E2"})
    rows["enterprise"][0]["size_class"] = "large"
    rows["consortium"] = [{"key": "C", "enterprise_key": "E1"}]
    rows["member"] = [
        {"key": f"M{n}", "consortium_key": "C", "enterprise_key": f"E{n}", "member_leads": n == 1,
         "member_filed": True, "member_in_statistics": True, "member_declared_equipment": amount}
        for n, amount in enumerate(equipment, 1)
    ]  # fmt: skip
    return str(evaluate_case(rows, 2021, DECLARED | readings)["consortia"]["C"]["verdict"])


@pytest.mark.system("quantifier-semantics")
def test_at_least_includes_the_number_and_more_than_does_not() -> None:
    """四.1 五百万元及以上 against 四.3 超过五百万元, each on both sides of one fen."""
    limit = 5_000_000 * FEN
    assert verdict(district(declared_equipment=limit)) == ("pay", 150_000 * FEN)
    assert verdict(district(declared_equipment=limit - 1))[0] == "below-threshold"
    assert verdict(district(declared_equipment=limit), quantifier_inclusive="b")[0] == (
        "below-threshold"
    )
    assert pool((limit // 2, limit // 2)) == "below-threshold"
    assert pool((limit // 2, limit // 2 + 1)) == "pay"
    assert pool((limit // 2, limit // 2), quantifier_exclusive="b") == "pay"


@pytest.mark.system("double-funding-check")
def test_other_public_money_refuses_unknown_money_waits() -> None:
    """五.3: funded elsewhere is refused; unknown stays open; top-up pays the difference."""
    big = 10_000_000 * FEN
    funded = {"declared_equipment": big, "has_other_funds": True, "other_funds_kind": "upper"}
    assert verdict(district(**funded))[0] == "excluded"
    assert verdict(district(declared_equipment=big, has_other_funds=None))[0] == "missing"
    assert verdict(district(**funded | {"other_funds_kind": "tax"}))[0] == "pay"
    assert verdict(district(**funded), other_funds_scope="b")[0] == "pay"
    topped = district(**funded, other_funds_amount=100_000 * FEN)
    assert verdict(topped, overlap_mode="b") == ("pay", 200_000 * FEN)


@pytest.mark.system("double-funding-check")
def test_a_suspected_repeat_waits_for_a_person() -> None:
    """Y38: the same code or filing is a suspicion; only a person settles it."""
    suspected = {"declared_equipment": 10**9, "suspected_same_project": True}
    assert verdict(district(**suspected))[0] == "missing"
    assert verdict(district(**suspected, confirmed_distinct=True))[0] == "pay"
    assert verdict(district(**suspected, confirmed_distinct=False))[0] == "excluded"


@pytest.mark.system("parameter-register")
def test_the_linter_lists_what_nobody_has_set_and_who_decides() -> None:
    """The document gives no budget, cadence or time limit: listed, never zero."""
    report = lint_pack(packs_dir() / "yanzhou-2020")
    listed = {item.name: item.decides for item in report.undetermined}
    assert listed["年度专项资金预算"] == "区财政局、区工业和信息化局"
    assert all(listed.values())
    rows = district(declared_equipment=10**9)
    found = evaluate_case(rows, 2021, DECLARED, {"equipment_rate": None})["projects"][1]
    assert (found["verdict"], found["amount"]) == ("undetermined", None)
    assert found["low"] <= 30_000_000 <= found["high"]
