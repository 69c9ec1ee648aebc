"""入库是奖补前提: what an evaluation sees of the library, and that titles do not ask for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.jobs import run_job, start_job
from jigai.core.models import Job, User
from jigai.policies.fact_run import Choices, evaluate_facts
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.providers import Population, collect
from jigai.policies.stored_packs import model_of
from jigai.projects.library.library_facts import add_library_facts
from jigai.projects.models import LibraryEntry, MainDirection, ProjectInvestment, ProjectStep
from jigai.rules.plan import PAY
from tests.projects.library.conftest import CITY, COUNTY, DAY, OTHER, WAN, MakeProject, in_library

pytestmark = [pytest.mark.django_db, pytest.mark.system("library-subsidy-precondition")]


def facts_of(*projects: Any, known_at: dt.datetime | None = None) -> list[dict[str, Any]]:
    """The library's terms for these projects."""
    rows = [{"key": project.pk} for project in projects]
    add_library_facts(rows, known_at)
    return rows


def evaluated(luan: PackVersion, by: User) -> EvaluationRun:
    """An evaluation of the city as the clerk's job does it."""
    given = {"pack": luan.pk, "year": 2021, "region": CITY}
    job = start_job(kind="evaluate", title="测算", owner=by, params=given)
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.status == "done", (job.error_code, job.error)
    return EvaluationRun.objects.get(pk=job.result["run"])


def reasons(run: EvaluationRun, project: Any) -> dict[str, str]:
    """Clause by reason code."""
    row = Decision.objects.get(run=run, subject="project", subject_key=str(project.pk))
    return {each["code"]: each["clause"] for each in row.reasons}


class TestEvaluation:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Any, settings: Any) -> None:
        settings.DATA_DIR = tmp_path

    def test_one_outside_the_library_is_refused_with_the_clause(
        self, luan: PackVersion, fits: MakeProject, city: User
    ) -> None:
        inside, outside = fits("在库的"), fits("不在库的")
        in_library(inside)
        run = evaluated(luan, city)
        assert reasons(run, outside).get("not_in_library") == "三.一"
        assert "not_in_library" not in reasons(run, inside)
        assert "library_missing" not in reasons(run, inside)

    def test_where_nobody_keeps_a_library_it_is_asked_for_not_refused(
        self, luan: PackVersion, fits: MakeProject, city: User
    ) -> None:
        project = fits()
        found = reasons(evaluated(luan, city), project)
        assert "not_in_library" not in found and found.get("library_missing") == "三.一"


class TestTitles:
    """Titles are not gated: an enterprise without a project in the library keeps its reward."""

    @pytest.mark.parametrize(("reading", "pays"), [("a", True), ("b", False)])
    def test_a_title_asks_for_the_library_only_under_the_wide_reading(
        self, luan: PackVersion, fits: MakeProject, reading: str, pays: bool
    ) -> None:
        project = fits()
        in_library(fits(region=OTHER))
        population = Population(CITY, 2021, timezone.now())
        facts = collect(population).facts
        model = model_of(luan)
        key = next(row["enterprise_key"] for row in facts["project"] if row["key"] == project.pk)
        said: dict[str, Any] = {
            "称号": "LA-R02", "认定级别": "province", "认定日期": dt.date(2021, 6, 1),
            "新认定": True, "称号有效": True, "同称号已获奖励": 0, "称号叠加已确认": True,
        }  # fmt: skip
        ids = {term.term: term.id for term in model.terms.values()}
        row = {ids[name]: value for name, value in said.items()}
        facts["award"] = [{"key": "t1", "enterprise_key": key, **row}]
        for firm in facts["enterprise"]:
            firm[ids["登记区划"]] = COUNTY
        run = evaluate_facts(
            model, facts, year=2021, has_lines=False,
            choices=Choices(readings={"library_precondition_scope": reading}),
        )  # fmt: skip
        outcome = next(item for item in run.result.items if item.subject == "award")
        assert (outcome.verdict == PAY) is pays
        assert (outcome.amount or 0) == (50 * WAN if pays else 0)


class TestFacts:
    def test_membership_date_scale_and_statements(self, fits: MakeProject) -> None:
        project = fits(fixed_fen=300 * WAN)
        in_library(project, admitted_on=dt.date(2021, 3, 1))
        in_library(project, "city", admitted_on=dt.date(2021, 5, 1))
        ProjectInvestment.objects.create(
            project=project, statement="statistical", kind="fixed", amount_fen=80 * WAN,
            source="月报",
        )  # fmt: skip
        assert facts_of(project) == [
            {
                "key": project.pk, "in_rolling_library": True,
                "library_date": dt.date(2021, 3, 1), "large_when_admitted": True,
                "planned_fixed_assets": 300 * WAN, "completed_fixed_assets": 80 * WAN,
                "main_direction": "green", "partly_information_or_innovation": False,
            }
        ]  # fmt: skip

    def test_the_day_of_filing_is_that_of_the_recorded_step(self, fits: MakeProject) -> None:
        project = fits()
        wrong = ProjectStep.objects.create(
            project=project, before="planned", after="filed", happened_on=dt.date(2020, 1, 1)
        )
        ProjectStep.objects.create(
            project=project, before="filed", after="planned", takes_back=wrong, reason="记错"
        )
        assert "filing_date" not in facts_of(project)[0]
        ProjectStep.objects.create(
            project=project, before="planned", after="filed", happened_on=dt.date(2021, 2, 1)
        )
        assert facts_of(project)[0]["filing_date"] == dt.date(2021, 2, 1)

    @pytest.mark.parametrize("status", ["reported", "returned"])
    def test_waiting_is_not_yet_in(self, fits: MakeProject, status: str) -> None:
        project = fits()
        in_library(project, status=status, admitted_on=None)
        assert facts_of(project)[0]["in_rolling_library"] is False

    def test_where_nobody_keeps_a_library_nothing_is_known(self, fits: MakeProject) -> None:
        project = fits()
        in_library(fits(region="340102"))
        assert "in_rolling_library" not in facts_of(project)[0]
        in_library(fits(region=OTHER))
        assert facts_of(project)[0]["in_rolling_library"] is False

    def test_several_directions_have_no_main_one_until_it_is_settled(
        self, fits: MakeProject, city: User
    ) -> None:
        project = fits(tags=["direction/绿色化", "direction/创新化", "industry/34"])
        row = facts_of(project)[0]
        assert "main_direction" not in row and row["partly_information_or_innovation"] is True
        MainDirection.objects.create(
            project=project, direction="创新化", reason="为主", settled_by=city, settled_on=DAY
        )
        assert facts_of(project)[0]["main_direction"] == "innovation"

    def test_an_unreadable_amount_stays_unknown(self, fits: MakeProject) -> None:
        project = fits(fixed_fen=300 * WAN, cell_errors=["fixed"])
        assert "planned_fixed_assets" not in facts_of(project)[0]

    def test_it_is_told_as_it_was_known_then(self, fits: MakeProject) -> None:
        """What was recorded later than a moment is not seen from it; the newest state is now."""
        project = fits()
        entry = in_library(project)
        LibraryEntry.objects.filter(pk=entry.pk).update(status="out", left_on=DAY, reason="退出")
        now = timezone.now()
        assert facts_of(project, known_at=now)[0]["in_rolling_library"] is False
        long_ago = now - dt.timedelta(days=400)
        assert facts_of(project, known_at=long_ago) == [{"key": project.pk}]

    def test_a_fixed_number_of_queries(
        self, fits: MakeProject, django_assert_max_num_queries: Any
    ) -> None:
        projects = [fits() for _ in range(12)]
        for project in projects:
            in_library(project)
        with django_assert_max_num_queries(12):
            assert len([r for r in facts_of(*projects) if r["in_rolling_library"]]) == 12


def test_the_navigator_sees_the_library(fits: MakeProject, city: User) -> None:
    from jigai.core.access import access_of
    from jigai.funding.held_facts import held_facts

    project = fits()
    in_library(project)
    held = held_facts(project.enterprise, 2021, access_of(city))
    assert held.library[project.pk]["in_rolling_library"] is True
