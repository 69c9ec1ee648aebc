"""入库审核: the rule of the document, condition by condition, and a person who admits."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.models import PackVersion
from jigai.projects.library.judge import lacking
from jigai.projects.library.rule import rule_for
from jigai.projects.library.services.decide_entries import admit_entries
from jigai.projects.library.services.judge_projects import judge_projects
from jigai.projects.models import (
    AdmissionDecision,
    LibraryEntry,
    MainDirection,
    Project,
    ProjectInvestment,
    ProjectStep,
)
from tests.factories import make_project
from tests.projects.library.conftest import (
    CITY,
    COUNTY,
    DAY,
    WAN,
    MakeProject,
    in_library,
    let_in,
    put_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("library-admission")]
JUST_BELOW = 19_999 * WAN // 100


def said(project: Project, by: User | None = None, **given: Any) -> AdmissionDecision:
    """What the rule of the city says of a project on the day."""
    rows = list(Project.objects.filter(pk=project.pk).select_related("enterprise"))
    day = given.pop("day", DAY)
    return judge_projects(projects=rows, level="city", day=day, by=by)[project.pk]


def condition(decision: AdmissionDecision, words: str) -> dict[str, Any]:
    """The condition that holds these words."""
    return next(told for told in decision.conditions if words in told["text"])


class TestRule:
    def test_the_rule_of_the_city_is_found_for_its_counties(self, luan: PackVersion) -> None:
        rule = rule_for(COUNTY, "city", DAY)
        assert rule is not None and rule.item.id == "LA-G01"
        assert [c.text for c in rule.conditions] == [
            "规模工业企业", "已备案或核准",
            "主方向属于信息化、创新化，或者固定资产投资达到市级入库起点（200万元以上）",
        ]  # fmt: skip
        assert not rule.force.payable

    @pytest.mark.parametrize(("region", "level"), [("370812", "city"), (COUNTY, "county")])
    def test_elsewhere_and_at_other_levels_no_rule_is_installed(
        self, luan: PackVersion, region: str, level: str
    ) -> None:
        assert rule_for(region, level, DAY) is None

    def test_the_readings_of_the_clause_stand_beside_it(self, luan: PackVersion) -> None:
        rule = rule_for(CITY, "city", DAY)
        assert rule is not None
        taken = {read.issue: read.word for read in rule.readings}
        assert (taken["L12"], taken["L14"], taken["L16"], taken["L17"], taken["L18"]) == (
            "计划数", "入库时", "只管技改类", "申报前", "先备案",
        )  # fmt: skip


class TestVerdict:
    def test_one_that_fits_is_let_in_with_every_source(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        decision = said(fits())
        assert decision.verdict == "in"
        assert all(told["holds"] and told["clause"] == "三.一" for told in decision.conditions)
        scale = condition(decision, "规模工业企业")["inputs"][0]
        assert scale["value"] == "规上" and "2021 年营业收入" in scale["source"]
        assert "测试名录" in scale["source"]
        assert decision.pack_hash == luan.sha256
        assert decision.readings["admission_basis"] == "a"

    def test_just_below_the_threshold_a_green_project_stays_out(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        decision = said(fits(fixed_fen=JUST_BELOW))
        assert decision.verdict == "out"
        assert lacking(decision.conditions) == "固定资产投资还差 0.01 万元"

    def test_with_the_same_amount_an_information_project_is_in(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        assert said(fits(fixed_fen=JUST_BELOW, tags=["direction/信息化"])).verdict == "in"

    def test_the_threshold_itself_is_enough(self, luan: PackVersion, fits: MakeProject) -> None:
        assert said(fits(fixed_fen=200 * WAN)).verdict == "in"

    def test_equipment_never_stands_in_for_fixed_assets(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        """However much equipment was declared or invoiced: what was filed is unknown."""
        project = fits(fixed_fen=None, equipment_fen=900 * WAN, total_fen=1000 * WAN)
        for statement in ("invoiced", "statistical"):
            ProjectInvestment.objects.create(
                project=project, statement=statement, kind="fixed", amount_fen=900 * WAN,
                source="别的口径",
            )  # fmt: skip
        decision = said(project)
        assert decision.verdict == "missing"
        missing = condition(decision, "固定资产投资")["missing"]
        assert missing == [
            {"name": "固定资产投资", "why": "没有备案口径的固定资产投资", "holder": "申报材料"}
        ]
        low = fits(fixed_fen=100 * WAN, equipment_fen=900 * WAN)
        assert lacking(said(low).conditions) == "固定资产投资还差 100.00 万元"

    def test_the_filed_statement_stands_before_the_ledger(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        project = fits(fixed_fen=900 * WAN)
        ProjectInvestment.objects.create(
            project=project, statement="filed", kind="fixed", amount_fen=150 * WAN, source="备案证"
        )
        decision = said(project)
        assert decision.verdict == "out"
        assert condition(decision, "固定资产投资")["inputs"][1]["source"] == "备案口径，备案证"

    @pytest.mark.parametrize(
        ("change", "verdict", "words"),
        [
            ({"filing": "none"}, "out", "不符合：已备案或核准"),
            ({"filing": "unknown"}, "missing", "备案情况不明；发改或经信部门掌握"),
            ({"revenue": 1999 * WAN}, "out", "不符合：规模工业企业"),
            ({"revenue": None}, "missing", "缺 2021 年营业收入；统计部门掌握"),
            ({"cell_errors": ["fixed"]}, "missing", "台账里读不出来"),
        ],
    )
    def test_three_answers_never_two(
        self, luan: PackVersion, fits: MakeProject, change: dict[str, Any], verdict: str, words: str
    ) -> None:
        decision = said(fits(**change))
        assert decision.verdict == verdict
        assert words in lacking(decision.conditions)

    def test_old_revenue_says_nothing_about_the_day(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        project = fits()
        assert said(project, day=DAY.replace(year=2022)).verdict == "in"
        assert said(project, day=DAY.replace(year=2023)).verdict == "missing"


class TestDirections:
    def test_of_several_directions_none_counts_until_the_main_one_is_settled(
        self, luan: PackVersion, fits: MakeProject, city: User
    ) -> None:
        """A project below the threshold is not let in because one of its directions would do."""
        project = fits(fixed_fen=JUST_BELOW, tags=["direction/绿色化", "direction/信息化"])
        decision = said(project)
        assert decision.verdict == "missing"
        assert "有2个方向（绿色化、信息化），主方向没有认定" in lacking(decision.conditions)
        settled = MainDirection.objects.create(
            project=project, direction="绿色化", reason="投资主要在节能", settled_by=city,
            settled_on=DAY,
        )  # fmt: skip
        assert said(project).verdict == "out"
        settled.direction = "信息化"
        settled.save()
        assert said(project).verdict == "in"

    def test_several_that_lead_to_the_same_answer_ask_for_nothing(
        self, luan: PackVersion, fits: MakeProject
    ) -> None:
        both = ["direction/创新化", "direction/信息化"]
        assert said(fits(fixed_fen=JUST_BELOW, tags=both)).verdict == "in"
        mixed = ["direction/绿色化", "direction/信息化"]
        assert said(fits(fixed_fen=300 * WAN, tags=mixed)).verdict == "in"

    def test_under_the_other_reading_any_direction_will_do(
        self, luan: PackVersion, fits: MakeProject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _answer(monkeypatch, direction_rule="b")
        mixed = ["direction/绿色化", "direction/信息化"]
        assert said(fits(fixed_fen=JUST_BELOW, tags=mixed)).verdict == "in"
        assert said(fits(fixed_fen=JUST_BELOW, tags=["direction/绿色化"])).verdict == "out"


class TestReadings:
    def test_the_completed_amount_is_the_statistical_one(
        self, luan: PackVersion, fits: MakeProject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _answer(monkeypatch, admission_basis="b")
        project = fits(fixed_fen=900 * WAN)
        assert said(project).verdict == "missing"
        ProjectInvestment.objects.create(
            project=project, statement="statistical", kind="fixed", amount_fen=199 * WAN,
            source="统计月报",
        )  # fmt: skip
        assert said(project).verdict == "out"

    def test_a_filing_that_may_follow_does_not_hold_up(
        self, luan: PackVersion, fits: MakeProject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _answer(monkeypatch, filing_timing="b")
        decision = said(fits(filing="none"))
        assert decision.verdict == "in"
        assert "补办" in condition(decision, "备案")["note"]


def _answer(monkeypatch: pytest.MonkeyPatch, **readings: str) -> None:
    """Somebody with that duty answered these readings."""
    from jigai.policies.fact_run import Settled
    from jigai.projects.library import rule

    words = {key: {"option": option} for key, option in readings.items()}
    monkeypatch.setattr(rule, "settled_on", lambda pack, day: Settled(readings=words))


class TestPerson:
    def test_a_person_admits_what_fits_and_what_lacks_stays_with_its_reasons(
        self, luan: PackVersion, fits: MakeProject, county: User, city: User
    ) -> None:
        good, bad = fits("够的"), fits("差的", fixed_fen=JUST_BELOW)
        entries = []
        for project in (good, bad):
            let_in(put_up(project, "county", county), county)
            entries.append(put_up(project, "city", county))
        done = admit_entries(
            entries=[e.pk for e in entries], day=DAY, by=city, access=access_of(city)
        )
        assert done.count == 1
        assert done.refused == [("差的", "固定资产投资还差 0.01 万元")]
        entry = LibraryEntry.objects.get(project=good, level="city")
        assert entry.status == "in" and entry.admitted_on == DAY
        assert entry.decision is not None and entry.decision.verdict == "in"
        assert LibraryEntry.objects.get(project=bad, level="city").status == "reported"

    def test_where_no_rule_is_installed_a_person_decides_and_says_why(
        self, county: User, fits: MakeProject
    ) -> None:
        entry = put_up(fits(), "county", county)
        given: dict[str, Any] = {"entries": [entry.pk], "day": DAY, "by": county,
                                 "access": access_of(county)}  # fmt: skip
        with pytest.raises(JigaiError) as refused:
            admit_entries(**given)
        assert refused.value.code == "admit-reason"
        assert admit_entries(**given, reason="会议纪要 3 号").count == 1
        entry.refresh_from_db()
        assert entry.decision is None and entry.reason == "会议纪要 3 号"

    def test_the_first_library_is_a_step_of_the_projects_life(
        self, county: User, fits: MakeProject
    ) -> None:
        early, going = fits(state="filed"), fits(state="building")
        for project in (early, going):
            let_in(put_up(project, "county", county), county)
        step = ProjectStep.objects.get()
        assert (step.project, step.before, step.after) == (early, "filed", "admitted")
        early.refresh_from_db()
        going.refresh_from_db()
        assert (early.state, going.state) == ("admitted", "building")

    def test_a_decision_is_never_rewritten(self, luan: PackVersion, fits: MakeProject) -> None:
        decision = said(fits())
        with pytest.raises(Exception, match=r"stay|append"):
            AdmissionDecision.objects.filter(pk=decision.pk).update(verdict="out")


def test_thousands_cost_no_more_queries_than_a_few(luan: PackVersion, fits: MakeProject) -> None:
    firm = fits().enterprise
    asked = []
    for count in (3, 60):
        for _ in range(count):
            make_project(firm, fixed_fen=300 * WAN, filing="yes")
        rows = list(Project.objects.select_related("enterprise"))
        with CaptureQueriesContext(connection) as caught:
            assert len(judge_projects(projects=rows, level="city", day=DAY, by=None)) == len(rows)
        asked.append(len(caught))
    assert asked[1] <= asked[0] <= 12


def test_one_who_only_looks_decides_nothing(county: User, city: User, fits: MakeProject) -> None:
    from jigai.core.access import Denied

    project = fits()
    in_library(project)
    entry = put_up(project, "city", county)
    with pytest.raises(Denied):
        admit_entries(
            entries=[entry.pk], day=DAY, by=county, access=access_of(county), reason="自己批"
        )
    assert LibraryEntry.objects.get(pk=entry.pk).status == "reported"
