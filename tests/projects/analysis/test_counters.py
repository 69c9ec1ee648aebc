"""The counters out of stored rows, and on screen with the targets they answer to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import EnterpriseFigure, User
from jigai.metrics.coverage import Coverage
from jigai.metrics.lives import states
from jigai.metrics.penetration import LARGE_MEDIUM
from jigai.paths import packs_dir
from jigai.policies.services.install_pack import install_pack
from jigai.projects.analysis.counters.content import questions, targets_of
from jigai.projects.analysis.counters.coverage import coverage_of
from jigai.projects.analysis.counters.digital import Answered, digital
from jigai.projects.analysis.counters.lives import lives_of
from jigai.projects.analysis.counters.machines import spread
from jigai.projects.analysis.counters.targets import Beside, targets_beside, whole_region
from jigai.projects.models import LibraryEntry, ProjectStep
from tests.factories import COUNTY, SIBLING, make_enterprise, make_line, make_user
from tests.projects.analysis.made import made_project
from tests.query_counts import queries_of
from tests.registers.content.loaded import load

pytestmark = pytest.mark.django_db

WAN = 1_000_000
BIG = {"revenue": 5000 * WAN}
COVERAGE, PROJECTS = "enterprise-coverage-counter", "project-count-tracker"
MACHINES, DIGITAL = "equipment-diffusion-counter", "digital-penetration-counter"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def covered(user: User) -> list[Coverage]:
    access = access_of(user)
    return coverage_of(access, lives_of(access), 2020, 2021)


@pytest.fixture
def builders(everywhere: User) -> dict[str, Any]:
    """One enterprise of two years and two projects, one small one, one that left the register."""
    twice = make_enterprise(
        industry_code="3421", figures={2020: BIG, 2021: {"revenue": 1900 * WAN}}
    )
    small = make_enterprise(industry_code="1411", figures={2021: {"revenue": 100 * WAN}})
    idle = make_enterprise(industry_code="1411", figures={2020: BIG, 2021: BIG})
    gone = make_enterprise(industry_code="1411", figures={2020: BIG})
    shop = make_enterprise(industry_code="5211", figures={2021: BIG})
    new = make_enterprise(industry_code="1411", figures={2021: BIG})
    made_project(twice, "long", start=day("2020-03-01"), end=day("2021-05-01"))
    made_project(twice, "short", start=day("2021-02-01"), end=day("2021-06-01"))
    made_project(small, "small", start=day("2021-02-01"))
    made_project(gone, "gone", start=day("2020-02-01"), end=day("2020-06-01"))
    made_project(new, "only filed", filing="yes")
    made_project(new, "new build", nature="new", start=day("2019-01-01"))
    made_project(None, "nobody's", start=day("2021-02-01"))
    return {"twice": twice, "idle": idle, "shop": shop}


@pytest.mark.system("enterprise-coverage-counter")
def test_enterprises_count_once_a_year_and_once_for_all(
    everywhere: User, builders: dict[str, Any]
) -> None:
    first, second = covered(everywhere)
    assert (first.own, first.new, first.cumulative) == (2, 2, 2)
    # twice comes again; small and the one that only filed are new.
    assert (second.own, second.new, second.cumulative, second.turns) == (3, 2, 4, 5)


@pytest.mark.system("enterprise-coverage-counter")
def test_the_denominator_moves_with_the_register(
    everywhere: User, builders: dict[str, Any]
) -> None:
    first, second = covered(everywhere)
    assert first.register == 3 and first.yearly_share == Fraction(2, 3)
    # twice fell below 2000万元, gone left; idle and new are 规上, the shop is no industry.
    assert (second.register, second.own_registered, second.outside) == (2, 1, 2)
    assert second.yearly_share == Fraction(1, 2)
    EnterpriseFigure.objects.filter(year=2021).update(withdrawn_at=dt.datetime.now(dt.UTC))
    _, second = covered(everywhere)
    assert second.register is None and second.yearly_share is None and second.own == 3


def beside_targets(yearly: Any, distinct: Any, region: str = "440000") -> dict[str, Beside]:
    found = targets_beside(COVERAGE, {"yearly": yearly, "distinct": distinct}, region)
    return {one.name: one for one in found}


@pytest.mark.system("enterprise-coverage-counter")
def test_25000_is_not_reached_by_the_sum_of_the_years(everywhere: User) -> None:
    """8200 + 8300 + 8500 is exactly 25000: 超过25000 is short of one, and of all who came twice."""
    install_pack(folder=packs_dir() / "guangdong-2019", check=False)
    yearly = {2018: Fraction(8200), 2019: Fraction(8300), 2020: Fraction(8500)}
    found = beside_targets(yearly, yearly)
    verdicts = [found[f"开展技改的工业企业数（{year}）"].verdict for year in yearly]
    assert verdicts == ["达成", "达成", "达成"]
    total = found["开展技改的工业企业数（三年合计）"]
    assert (total.verdict, total.reached, total.gap) == ("未达成", "25000 家", "1 家")
    # Somebody who came in two years is one enterprise.
    fewer = {**yearly, 2020: Fraction(8000)}
    found = beside_targets(yearly, fewer)
    assert found["开展技改的工业企业数（三年合计）"].gap == "501 家"


@pytest.mark.system("enterprise-coverage-counter")
def test_a_document_of_elsewhere_is_shown_and_not_judged(everywhere: User) -> None:
    """What a county of 山东 counts says nothing of a target of 广东."""
    install_pack(folder=packs_dir() / "guangdong-2019", check=False)
    yearly = {2018: Fraction(9000), 2019: Fraction(9000), 2020: Fraction(9000)}
    for region in (COUNTY, ""):
        found = beside_targets(yearly, yearly, region)
        assert {(one.verdict, one.reached, one.gap) for one in found.values()} == {
            ("不判：不是本地区的文件", "—", "—")
        }
    clerk = access_of(make_user("section-clerk", region=COUNTY))
    assert whole_region(clerk, "") == COUNTY and whole_region(clerk, SIBLING) == ""


@pytest.mark.system("project-count-tracker")
def test_carried_over_projects_stand_apart_from_new_ones(
    everywhere: User, builders: dict[str, Any]
) -> None:
    lives = lives_of(access_of(everywhere))
    names = {x.life.key: x for x in lives}
    assert len(names) == len(lives) == 6
    found = states([x.life for x in lives], 2021)
    assert (len(found.carried), len(found.begun), len(found.completed)) == (1, 3, 2)
    assert len(found.implemented("a")) == 4 and len(found.implemented("b")) == 3
    assert len(found.undated) == 1


@pytest.mark.system("project-count-tracker")
def test_a_recorded_step_outweighs_the_ledgers_day(everywhere: User) -> None:
    project = made_project(make_enterprise(), start=day("2021-02-01"), ledger_years=[2020, 2021])
    step = ProjectStep.objects.create(
        project=project, before="admitted", after="started", happened_on=day("2020-11-01")
    )
    (lived,) = lives_of(access_of(everywhere))
    assert lived.life.started == day("2020-11-01") and lived.recorded
    assert lived.life.years == {2020, 2021}
    ProjectStep.objects.create(
        project=project, before="started", after="admitted", takes_back=step, reason="误报"
    )
    (lived,) = lives_of(access_of(everywhere))
    assert lived.life.started == day("2021-02-01") and not lived.recorded


@pytest.mark.system("project-count-tracker")
def test_in_the_library_is_not_in_the_ledger(everywhere: User) -> None:
    project = made_project(make_enterprise(), ledger_years=[2020])
    made_project(make_enterprise(), ledger_years=[2021])
    for level, out in (("county", "2022-03-01"), ("city", "2021-05-01")):
        LibraryEntry.objects.create(
            project=project, level=level, region_code=COUNTY, status="out", reason="竣工",
            reported_on=day("2020-02-01"), admitted_on=day("2020-03-01"), left_on=day(out),
        )  # fmt: skip
    lives = [x.life for x in lives_of(access_of(everywhere))]
    kept = {year: len(states(lives, year).library) for year in (2019, 2020, 2021, 2022, 2023)}
    assert kept == {2019: 0, 2020: 1, 2021: 1, 2022: 1, 2023: 0}
    assert len(states(lives, 2021).listed) == 1


@pytest.mark.system("project-count-tracker")
def test_a_stopped_project_is_not_under_way(everywhere: User) -> None:
    made_project(
        make_enterprise(), start=day("2020-02-01"), state="stopped", state_since=day("2021-03-01")
    )
    lives = [x.life for x in lives_of(access_of(everywhere))]
    assert len(states(lives, 2021).stopped) == 1 and not states(lives, 2022).carried


@pytest.mark.system("equipment-diffusion-counter")
def test_machines_by_unit_and_origin_without_repeats(everywhere: User) -> None:
    project = made_project(make_enterprise())

    def line(item: str, quantity: int, unit: str = "台", **more: Any) -> Any:
        given = {"item_class": "robot", "quantity": quantity, "unit": unit, **more}
        return make_line(project, item=item, **given)

    bought = line("六轴工业机器人", 5)
    line("二手焊接机器人", 2)
    line("机器人工作站", 1, "套")
    line("立式加工中心", 3, item_class="equipment")
    line("数控机床", 9, item_class="equipment")
    line("六轴工业机器人", 4, duplicate_of=bought)
    line("六轴工业机器人", 1, status="void")
    line("六轴工业机器人", 1, status="red", amount_fen=-5)
    line("六轴工业机器人", 5, invoice_no=bought.invoice_no, date=day("2021-09-01"))
    line("码垛机器人", 7, date=day("2020-03-01"))
    found = spread(access_of(everywhere), 2020, 2021)
    robots = found.years[2021]["robot"]
    assert robots.by_unit == {"台": {"unsaid": Decimal(4), "second-hand": Decimal(2)},
                              "套": {"unsaid": Decimal(1)}}  # fmt: skip
    assert len(robots.repeated) == 1
    assert found.years[2021]["cnc"].total("台") == 3
    assert found.bought(2021, "robot", "台") == 4 and found.bought(2020, "robot", "台") == 7


@pytest.mark.system("equipment-diffusion-counter")
def test_a_target_in_two_units_at_once_is_not_judged(everywhere: User) -> None:
    """500台（套）: neither does the document say how 台 and 套 add up nor do we."""
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    (found,) = targets_beside(MACHINES, {"robots": {2021: Fraction(600)}}, "341500")
    assert found.verdict == "待定读法" and found.reached == "—" and "台（套）" in found.asked


@pytest.mark.system("equipment-diffusion-counter")
def test_invoices_are_for_those_who_may_see_them(everywhere: User) -> None:
    make_line(made_project(make_enterprise()), item_class="robot", item="机器人", quantity=1)
    assert not spread(access_of(make_user("approval")), 2021, 2021).visible
    sibling = spread(access_of(make_user("section-clerk", region=SIBLING)), 2021, 2021)
    assert sibling.visible and not sibling.bought(2021, "robot", "台")


@pytest.fixture
def survey(everywhere: User) -> dict[str, Any]:
    """The register of the survey with four enterprises of the register and their answers."""
    load("digital-survey")
    big = {"revenue": 5000 * WAN, "size_declared": "large"}
    return {
        "large": make_enterprise("示例大型企业", industry_code="3421", figures={2021: big}),
        "above": make_enterprise("示例规上小型企业", industry_code="1411", figures={
            2021: {"revenue": 3000 * WAN, "size_computed": "small"}}),
        "silent": make_enterprise("示例未答企业", industry_code="1411", figures={2021: big}),
        "unplaced": make_enterprise("示例缺收入企业", industry_code="1411", figures={
            2021: {"employees": 5}}),
    }  # fmt: skip


def answer(enterprise: Any, year: int, **answers: bool) -> None:
    from jigai.registers.models import Entry, EntrySpan, Register

    register = Register.objects.get(code="digital-survey")
    values = {"year": str(year), **answers}
    entry = Entry.objects.create(
        register=register, key=f"{enterprise.pk}-{year}", title=enterprise.name,
        enterprise=enterprise, region_code=enterprise.region_code, values=values,
    )  # fmt: skip
    EntrySpan.objects.create(
        entry=entry, register=register, enterprise=enterprise, starts=day("2021-12-01"),
        region_code=enterprise.region_code, values=values,
    )  # fmt: skip


def by_question(user: User, year: int = 2021) -> dict[str, Answered]:
    return {one.asked.key: one for one in digital(access_of(user), year)}


@pytest.mark.system("digital-penetration-counter")
def test_each_question_keeps_its_denominator(everywhere: User, survey: dict[str, Any]) -> None:
    answer(survey["large"], 2021, ecommerce=True, cloud=True)
    answer(survey["above"], 2021, ecommerce=True, cloud=True)
    answer(survey["unplaced"], 2021, ecommerce=False, cloud=True)
    answer(survey["silent"], 2020, ecommerce=True)
    found = by_question(everywhere)
    ecommerce = found["ecommerce"].found
    assert ecommerce.denominator == LARGE_MEDIUM
    # The small one said yes and does not belong; of the silent one only last year is known.
    assert (ecommerce.size, ecommerce.yes, ecommerce.silent, ecommerce.outside) == (2, 1, 1, 1)
    assert (ecommerce.low, ecommerce.high) == (Fraction(1, 2), 1)
    assert found["cloud"].found.yes == 3 and found["cloud"].found.size == 4
    others = {one.denominator: one for one in found["ecommerce"].other}
    assert others["above-scale"].low == Fraction(2, 3) and others["above-scale"].unplaced == 1


@pytest.mark.system("digital-penetration-counter")
def test_every_question_is_a_field_of_the_survey(survey: dict[str, Any]) -> None:
    from jigai.registers.selectors import register_by_code

    fields = {field.id for field in register_by_code("digital-survey").schema.fields}
    assert {asked.field for asked in questions()} <= fields


URLS = ["coverage", "project-count", "machines", "digital"]


def test_every_target_a_counter_names_is_in_its_document(everywhere: User) -> None:
    systems = (COVERAGE, PROJECTS, MACHINES, DIGITAL)
    for slug in {one.pack for system in systems for one in targets_of(system)}:
        install_pack(folder=packs_dir() / slug, check=False)
    for system in systems:
        assert len(targets_beside(system, {})) == len(targets_of(system))


@pytest.mark.system("enterprise-coverage-counter")
@pytest.mark.system("project-count-tracker")
@pytest.mark.system("equipment-diffusion-counter")
@pytest.mark.system("digital-penetration-counter")
@pytest.mark.parametrize("name", URLS)
def test_counters_on_screen_and_as_files(
    client: Client, everywhere: User, builders: dict[str, Any], survey: dict[str, Any], name: str
) -> None:
    client.force_login(everywhere)
    url = f"/projects/analysis/{name}/?year=2021"
    assert "还没有项目" not in client.get(url).content.decode()
    few = len(queries_of(client, url))
    for n in range(10):
        owner = make_enterprise(industry_code="3421", figures={2021: BIG})
        project = made_project(owner, start=day("2021-01-01"))
        make_line(project, item_class="robot", item="机器人", quantity=n + 1, unit="台")
    assert len(queries_of(client, url)) <= few <= 25
    text = client.get(f"{url}&form=csv").content.decode("utf-8-sig")
    assert text.count("\n") >= 2
    assert client.get(f"{url}&form=xlsx").content[:2] == b"PK"


@pytest.mark.system("project-count-tracker")
def test_every_number_opens_its_projects(
    client: Client, everywhere: User, builders: dict[str, Any]
) -> None:
    client.force_login(everywhere)
    page = client.get("/projects/analysis/project-count/?year=2021").content.decode()
    assert "当年在实施（含续建）" in page
    rows = "/projects/analysis/project-count/rows/?year=2021&state="
    assert "共 4 个" in client.get(f"{rows}implemented").content.decode()
    assert "共 3 个" in client.get(f"{rows}implemented&basis=b").content.decode()
    assert "共 1 个" in client.get(f"{rows}carried").content.decode()
    assert "共 0 个" in client.get(f"{rows}nonsense").content.decode()
    assert "共 0 个" in client.get(f"{rows}begun&region={SIBLING}").content.decode()
    assert "共 3 个" in client.get(f"{rows}begun&region={COUNTY}").content.decode()


@pytest.mark.system("digital-penetration-counter")
def test_without_answers_nothing_is_zero_per_cent(
    client: Client, everywhere: User, survey: dict[str, Any]
) -> None:
    client.force_login(everywhere)
    page = client.get("/projects/analysis/digital/?year=2021").content.decode()
    assert "还没有调查结果" in page and "0.0%" not in page
    answer(survey["large"], 2021, cloud=False)
    page = client.get("/projects/analysis/digital/?year=2021").content.decode()
    assert "还没有调查结果" not in page and "0.0%" in page
