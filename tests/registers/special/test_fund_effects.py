"""Figures before and after support: what nobody reported is not a zero and not an effect."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import Decision, EvaluationRun
from jigai.policies.services.install_pack import install_pack
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.special.fund_effects import FIGURES, Funded, Pair, effects, summaries
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("fund-performance")]
FULL = {"investment": Decimal(0), "output": Decimal(10_000_000_00), "tax": Decimal(100_000_00),
        "energy": Decimal(500)}  # fmt: skip
BETTER = {"investment": Decimal(5_000_000_00), "output": Decimal(12_000_000_00),
          "tax": Decimal(130_000_00), "energy": Decimal(480)}  # fmt: skip


def funded(n: int = 1, *measures: str, year: int = 2021) -> Funded:
    return Funded(n, f"示例企业{n}", f"示例项目{n}", measures or ("robot",), 100_000_00, year)


def test_effects_are_figures_not_a_mark_that_rules_were_kept() -> None:
    """The toy looks only whether the money was spent by the rules; here each figure is compared."""
    reported = {(1, "示例项目1", 2020): FULL, (1, "示例项目1", 2022): BETTER}
    (row,) = effects([funded()], reported, 1, 1)
    assert {code: pair.change for code, pair in row.pairs.items()} == {
        "investment": 5_000_000_00, "output": 2_000_000_00, "tax": 30_000_00, "energy": -20,
    }  # fmt: skip
    assert row.pairs["output"].rate == Fraction(1, 5)
    assert row.pairs["investment"].rate is None, "nothing can be a share of nothing"
    assert row.intensity.before == Decimal("0.5") and row.intensity.after == Decimal("0.4")
    assert row.state == "all"


def test_what_is_not_reported_is_no_effect() -> None:
    for reported in ({}, {(1, "示例项目1", 2022): BETTER}, {(1, "示例项目1", 2020): FULL},
                     {(2, "示例项目1", 2020): FULL, (2, "示例项目1", 2022): BETTER}):  # fmt: skip
        (row,) = effects([funded()], reported, 1, 1)
        assert row.state == "none" and row.reported == 0
        assert all(line.change == "—" for line in row.lines)
        (one,) = summaries([row])
        assert one.unreported == 1 and not one.pairs
        assert all(line.before == line.after == "—" for line in one.lines)


def test_a_total_is_only_of_projects_with_both_sides() -> None:
    reported = {
        (1, "示例项目1", 2020): FULL, (1, "示例项目1", 2022): BETTER,
        (2, "示例项目2", 2020): FULL, (2, "示例项目2", 2022): {**BETTER, "tax": None},
        (3, "示例项目3", 2020): FULL,
    }  # fmt: skip
    rows = effects([funded(n) for n in (1, 2, 3)], reported, 1, 1)
    assert [row.state for row in rows] == ["all", "part", "none"]
    (one,) = summaries(rows)
    assert (one.projects, one.unreported, one.fen) == (3, 1, 300_000_00)
    assert one.counts == {"investment": 2, "output": 2, "tax": 1, "energy": 2}
    assert one.pairs["tax"].before == 100_000_00 and one.pairs["output"].after == 24_000_000_00


def test_years_are_counted_from_the_year_of_support() -> None:
    reported = {(1, "示例项目1", 2018): FULL, (1, "示例项目1", 2023): BETTER}
    assert effects([funded()], reported, 3, 2)[0].state == "all"
    assert effects([funded()], reported, 2, 2)[0].state == "none"


def test_a_project_under_two_measures_counts_for_each() -> None:
    found = summaries(effects([funded(1, "robot", "it")], {}, 1, 1))
    assert [(one.measure, one.projects) for one in found] == [("robot", 1), ("it", 1)]


def test_zero_before_is_a_figure() -> None:
    assert Pair("", Decimal(0), Decimal(0)).known and not Pair("", None, Decimal(0)).known


# as stored ---------------------------------------------------------------------------------------


@pytest.fixture
def clerk() -> User:
    make_regions()
    load("fund-performance-inputs")
    return make_user("section-clerk", name="经办人")


def put(firm: Enterprise, year: int, **more: Any) -> Entry:
    register = register_by_code("fund-performance-inputs")
    given = {"enterprise": {"id": firm.pk}, "project": "示例数控改造", "place": firm.region_code,
             "year": str(year), "source": "示例统计报表", **more}  # fmt: skip
    row = prepare_one(register, given)
    return admit_entries(register=register, admissions=[Admission(row, dt.date(year, 12, 31))])[0]


def test_a_figure_needs_its_source_and_its_year(clerk: User) -> None:
    firm = make_enterprise("示例机械有限公司")
    with pytest.raises(JigaiError, match="数据来源"):
        put(firm, 2020, source="")
    with pytest.raises(JigaiError, match="四位数"):
        register = register_by_code("fund-performance-inputs")
        prepare_one(register, {"enterprise": {"id": firm.pk}, "project": "示例", "place": COUNTY,
                               "year": "21", "source": "示例"})  # fmt: skip


@pytest.fixture
def run(clerk: User) -> EvaluationRun:
    pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    return EvaluationRun.objects.create(
        pack=pack, year=2021, region_code=COUNTY, as_of="2021-12-31", known_at=timezone.now(),
        snapshot="", snapshot_file="", root_hash="", chain_hash="示例", payable=True,
        created_at=timezone.now(), created_by=clerk,
        summary={"projects": 0, "selected": 0, "total_fen": 0, "verdicts": {}},
    )  # fmt: skip


def decide(run: EvaluationRun, firm: Enterprise, paid: int, selected: bool = True) -> Decision:
    return Decision.objects.create(
        run=run, subject="project", subject_key=str(Decision.objects.count()), label="示例数控改造",
        enterprise=firm, enterprise_name=firm.name, region_code=firm.region_code, verdict=1,
        measures=["equipment-upgrade"], amount_fen=paid, low_fen=paid, high_fen=paid,
        selected=selected, paid_fen=paid,
    )  # fmt: skip


def test_the_page_compares_what_is_funded_and_reported(
    run: EvaluationRun, clerk: User, client: Client
) -> None:
    firm, silent = make_enterprise("示例机械有限公司"), make_enterprise("示例沉默有限公司")
    out, far = make_enterprise("示例落选有限公司"), make_enterprise("示例邻县有限公司", SIBLING)
    decide(run, firm, 100_000_00)
    decide(run, silent, 50_000_00)
    decide(run, out, 0, selected=False)
    decide(run, far, 70_000_00)
    put(firm, run.year - 1, output="1000万元", tax="10万元", energy="500")
    put(firm, run.year + 1, output="1200万元", tax="13万元", energy="480")
    client.force_login(clerk)
    text = client.get(reverse("fund-effects")).content.decode()
    assert "+200.00（+20.0%）" in text and "-20.00（-4.0%）" in text
    assert "没有可比的数" in text and "1 个项目前后都没有可比的数" in text
    assert "示例落选" not in text and "示例邻县" not in text
    wide = client.get(reverse("fund-effects"), {"before": "0", "after": "0"}).content.decode()
    assert "2 个项目前后都没有可比的数" in wide
    assert client.get(reverse("fund-effects"), {"before": "9"}).status_code == 422
    assert all(word in text for word in FIGURES.values())


def test_without_a_run_the_page_says_what_to_do(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    assert "还没有可以比较的测算" in client.get(reverse("fund-effects")).content.decode()


def test_the_number_of_queries_does_not_grow(
    run: EvaluationRun, clerk: User, client: Client
) -> None:
    def grow(count: int) -> None:
        for n in range(Decision.objects.count(), count):
            firm = make_enterprise(f"示例机械{n}有限公司")
            decide(run, firm, 100_000_00 + n)
            put(firm, run.year - 1, output="1000万元")

    client.force_login(clerk)
    assert_query_count(client, reverse("fund-effects"), grow, most=25)
