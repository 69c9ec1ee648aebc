"""A study: its results equal those of an evaluation, are the same again, and are never payable."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jigai.core.access import Denied
from jigai.core.evidence import store_evidence
from jigai.core.models import Enterprise, EvidenceFile, Job, Notice, User
from jigai.errors import JigaiError
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.projects.models import Project
from jigai.workbench.decisions import consortium_decisions, project_decisions
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import evaluate
from jigai.workbench.models import SandboxAnalysis, SandboxResult, SandboxStudy
from jigai.workbench.sandbox import population
from jigai.workbench.sandbox.access import visible_studies
from jigai.workbench.sandbox.demo import demo_province
from jigai.workbench.sandbox.kept_rows import read_rows, rows_path
from jigai.workbench.sandbox.population import kept
from jigai.workbench.sandbox.running import run_scenario
from jigai.workbench.sandbox.services.change_scenario import (
    add_scenario,
    remove_scenario,
    save_scenario,
)
from jigai.workbench.sandbox.services.change_study import retake_population, share_study
from jigai.workbench.sandbox.services.create_study import copy_study
from jigai.workbench.sandbox.services.start_work import start_question, start_run
from jigai.workbench.sandbox.standing import standings
from jigai.workbench.sandbox.told import solved_words
from jigai.workbench.summary import totals
from tests.factories import COUNTY, SIBLING, make_user
from tests.workbench.sandbox.conftest import access, changed, finish, new_study

pytestmark = pytest.mark.django_db
SAMPLE = 4_544_190_327
BUDGET = 2_000_000_000


def clerk() -> User:
    return User.objects.get(username="clerk")


def whole(dossier: Dossier, **overrides: str) -> Any:
    """Totals of ``jigai evaluate`` with the same values."""
    from jigai.paths import packs_dir

    run = evaluate(packs_dir() / "yanzhou-2020", dossier, overrides=overrides)
    return totals(project_decisions(run), consortium_decisions(run))


def asked(study: SandboxStudy, kind: str, **values: Any) -> SandboxAnalysis:
    job = start_question(
        scenario=study.scenarios.get(place=1), kind=kind, asked=values, by=clerk(),
        access=access("clerk"),
    )  # fmt: skip
    return SandboxAnalysis.objects.get(pk=finish(job).result["analysis"])


# results ----------------------------------------------------------------------------------------


def test_results_equal_an_evaluation_to_the_fen(district: SandboxStudy, dossier: Dossier) -> None:
    """Totals, heads and open rows of both scenarios; every row adds up to its total."""
    for one, overrides in zip(standings(district), ({}, {"equipment_rate": "2%"}), strict=True):
        wanted, found = whole(dossier, **overrides), one.summary
        assert one.fresh and one.result is not None
        assert (found["total"], found["projects"], found["consortia"]) == (
            wanted.total, wanted.individual, wanted.consortium,
        )  # fmt: skip
        rows = read_rows(one.result.file)
        assert sum(row["given"] for row in rows) == wanted.total
        open_pools = sum(row["subject"] == "consortium" and row["verdict"] > 3 for row in rows)
        assert found["open"] == wanted.open + open_pools
    assert standings(district)[0].summary["total"] == SAMPLE


@pytest.mark.system("policy-status-gate")
def test_a_study_is_never_payable(district: SandboxStudy) -> None:
    """No evaluation comes of it that a payment could rest on, whatever the document's state."""
    assert not EvaluationRun.objects.exists()
    assert SandboxResult.objects.filter(study=district).count() == 2


def test_the_same_inputs_give_the_same_bytes(district: SandboxStudy) -> None:
    """Run again from the kept facts: the same rows file, decision hash and snapshot; another value
    gives others."""
    taken = kept(district)
    first, second = (one.result for one in standings(district))
    assert first is not None and second is not None
    again = run_scenario(first.scenario, district, taken, lambda _step, _share: None)
    names = ("fingerprint", "pack_hash", "snapshot", "root_hash", "file", "summary")
    assert [getattr(again, n) for n in names] == [getattr(first, n) for n in names]
    assert first.file != second.file and first.root_hash != second.root_hash
    assert first.snapshot == second.snapshot == district.facts_file


def test_a_changed_result_file_is_told_not_shown(district: SandboxStudy) -> None:
    result = standings(district)[0].result
    assert result is not None
    path = rows_path(result.file)
    content = path.read_bytes()
    try:
        read_rows.cache_clear()
        path.write_bytes(content[:-30])
        with pytest.raises(JigaiError, match="与散列不符"):
            read_rows(result.file)
    finally:
        path.write_bytes(content)
        read_rows.cache_clear()


def test_a_changed_scenario_waits_to_be_run_again(district: SandboxStudy) -> None:
    """Its old result is shown as out of date; only it is run again."""
    second = district.scenarios.get(place=2)
    save_scenario(
        scenario=second.pk, name="比例一", overrides={"equipment_rate": "1%"}, readings={},
        version=second.version, access=access("clerk"),
    )  # fmt: skip
    assert [one.fresh for one in standings(district)] == [True, False]
    job = start_run(study=district, scenarios=[], by=clerk(), access=access("clerk"))
    assert start_run(study=district, scenarios=[], by=clerk(), access=access("clerk")) == job
    finish(job)
    assert [one.fresh for one in standings(district)] == [True, True]
    assert district.results.count() == 3


@pytest.mark.system("rule-interpretation-desk")
def test_another_reading_is_another_scenario(district: SandboxStudy, dossier: Dossier) -> None:
    """What an answer about a reading would cost is seen before it is given."""
    row = add_scenario(
        study=district.pk, name="按申报数", copy_of=district.scenarios.get(place=1).pk,
        access=access("clerk"),
    )  # fmt: skip
    save_scenario(
        scenario=row.pk, name=row.name, overrides={}, readings={"invoice_amount_basis": "c"},
        version=1, access=access("clerk"),
    )  # fmt: skip
    finish(start_run(study=district, scenarios=[row.pk], by=clerk(), access=access("clerk")))
    one = standings(district)[2]
    assert one.summary["total"] == 4_587_634_127 and one.readings == ["金额口径＝申报数"]


def test_an_open_parameter_makes_amounts_undetermined_not_zero(district: SandboxStudy) -> None:
    row = changed(district, "比例未定", equipment_rate="未定")
    assert row.overrides == {"equipment_rate": None}
    finish(start_run(study=district, scenarios=[row.pk], by=clerk(), access=access("clerk")))
    found = standings(district)[2].summary
    assert found["undetermined"] > 80 and found["total"] < SAMPLE // 4
    assert standings(district)[2].changes == ["设备补助比例 3% → 未定"]


# populations ------------------------------------------------------------------------------------


def test_uploaded_workbooks_are_decided_and_nothing_is_entered(
    installed: PackVersion, sample_files: dict[str, Path]
) -> None:
    """The sample's own workbooks give the sample's own total; the ledger stays empty."""
    before = Enterprise.objects.count()
    files: dict[str, EvidenceFile] = {}
    for kind, path in sample_files.items():
        with path.open("rb") as stream:
            files[kind] = store_evidence(
                stream=stream, name=path.name, owner=clerk(), region_code=COUNTY
            )
    study = new_study(installed, population="imported", files=files)
    finish(start_run(study=study, scenarios=[], by=clerk(), access=access("clerk")))
    study.refresh_from_db()
    assert standings(study)[0].summary["total"] == SAMPLE
    assert study.taken["counts"]["project"] == 199 and study.taken["found"]["autofix"] > 0
    assert (Project.objects.count(), Enterprise.objects.count()) == (0, before)


def test_workbooks_that_are_missing_are_asked_for(installed: PackVersion) -> None:
    with pytest.raises(JigaiError, match="不全"):
        new_study(installed, population="imported", files={})


def test_the_demo_province_runs_as_a_population(
    installed: PackVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = partial(demo_province, projects=400)
    monkeypatch.setattr(population, "demo_province", small)
    study = new_study(installed, population="demo")
    finish(start_run(study=study, scenarios=[], by=clerk(), access=access("clerk")))
    summary = standings(study)[0].summary
    assert summary["decided"] == 400 and summary["heads"] > 40 and summary["open"] > 5
    labels = [g["label"] for g in summary["groups"]["region"]]
    assert len(labels) > 6 and all(label.startswith("演示") for label in labels)


def test_nothing_to_decide_ends_the_job_with_the_way_out(installed: PackVersion) -> None:
    from jigai.core.jobs import run_job

    study = new_study(installed)
    job = start_run(study=study, scenarios=[], by=clerk(), access=access("clerk"))
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.error_code) == ("failed", "nothing-to-decide") and "演示省" in job.hint


def test_facts_are_frozen_until_they_are_taken_again(district: SandboxStudy) -> None:
    retake_population(study=district.pk, access=access("clerk"))
    district.refresh_from_db()
    assert district.facts_file == "" and not any(one.fresh for one in standings(district))
    with pytest.raises(JigaiError, match="没有取数"):
        asked(district, "marginal")


# questions --------------------------------------------------------------------------------------


def test_the_solver_meets_a_budget_and_proves_it(district: SandboxStudy, dossier: Dossier) -> None:
    """2,000 万元 for the sample: the rate, its cost, and that 0.01 point more exceeds it. The cost
    is that of a full evaluation with this value, to the fen."""
    row = asked(district, "solve", parameter="equipment_rate", budget=BUDGET)
    found = row.found
    assert (found["state"], found["value"], found["beyond"]) == ("found", "0.41%", "0.42%")
    assert found["cost"] == whole(dossier, equipment_rate="0.41%").total == 1_991_489_862
    assert found["cost_beyond"] == whole(dossier, equipment_rate="0.42%").total == 2_001_163_222
    assert found["cost"] <= BUDGET < found["cost_beyond"] and found["checked"] == found["cost"]
    assert found["passes"] <= 12 and found["monotone"] and not found["alone"]
    words = solved_words(row)
    for part in ("2,000.00 万元", "0.41%", "19,914,898.62", "0.42%", "20,011,632.22", "12 项"):
        assert part in words


def test_a_budget_below_everything_else_is_unreachable(district: SandboxStudy) -> None:
    """Robots, software and consortia alone cost more than this."""
    row = asked(district, "solve", parameter="equipment_rate", budget=1_000_000_000)
    assert row.found["state"] == "unreachable" and row.found["value"] == "0%"
    assert "达不到" in solved_words(row)


def test_a_step_of_every_parameter_costs_what_a_run_says(
    district: SandboxStudy, dossier: Dossier
) -> None:
    found = asked(district, "marginal").found
    rows = {row["id"]: row for row in found["rows"]}
    assert found["total"] == SAMPLE
    assert rows["equipment_rate"]["up"]["text"] == "3.01%"
    assert rows["equipment_rate"]["up"]["total"] == whole(dossier, equipment_rate="3.01%").total
    wanted = whole(dossier, consortium_cap="99万元").total
    assert rows["consortium_cap"]["down"]["difference"] == wanted - SAMPLE
    assert "由所变的参数算出" in rows["lookback_period"]["alone"]
    assert found["passes"] <= 4


def test_two_parameters_as_a_table(district: SandboxStudy, dossier: Dossier) -> None:
    axis = {"parameter": "equipment_rate", "low": "2", "high": "4", "count": 3}
    found = asked(
        district, "heat", x=axis,
        y={"parameter": "equipment_cap", "low": "50", "high": "100", "count": 2},
    ).found  # fmt: skip
    assert (found["x"]["texts"], found["y"]["texts"]) == (["2%", "3%", "4%"], ["50万元", "100万元"])
    assert found["cells"][1][1] == SAMPLE and found["passes"] == 1
    wanted = whole(dossier, equipment_rate="2%", equipment_cap="50万元").total
    assert found["cells"][0][0] == wanted


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("solve", {"parameter": "district_codes", "budget": 1}, "no-lever"),
        ("heat", {"x": {"parameter": "equipment_rate", "low": "4", "high": "2", "count": 3},
                  "y": {"parameter": "equipment_cap", "low": "1", "high": "2", "count": 2}},
         "bad-axis"),
        ("heat", {"x": {"parameter": "equipment_rate", "low": "一", "high": "2", "count": 3},
                  "y": {"parameter": "equipment_cap", "low": "1", "high": "2", "count": 2}},
         "bad-axis"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(
    district: SandboxStudy, kind: str, values: dict[str, Any], code: str
) -> None:
    from jigai.core.jobs import run_job

    job = start_question(
        scenario=district.scenarios.get(place=1), kind=kind, asked=values, by=clerk(),
        access=access("clerk"),
    )  # fmt: skip
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.error_code) == ("failed", code) and job.hint


# who --------------------------------------------------------------------------------------------


def test_a_study_is_ones_own_until_it_is_shared(
    district: SandboxStudy, django_capture_on_commit_callbacks: Any
) -> None:
    """Colleagues of the same reach then see it; a neighbouring county never does."""

    def seen(name: str) -> bool:
        return bool(visible_studies(access(name)).filter(pk=district.pk).exists())

    assert [seen(name) for name in ("clerk", "chief", "neighbour")] == [True, False, False]
    people = [User.objects.get(username=n).pk for n in ("chief", "neighbour")]
    with django_capture_on_commit_callbacks(execute=True):
        share_study(study=district.pk, shared=True, tell=people, by=clerk(), access=access("clerk"))
    assert [seen(name) for name in ("chief", "finance", "neighbour")] == [True, True, False]
    told = Notice.objects.filter(event="sandbox-shared").values_list("user__username", flat=True)
    assert list(told) == ["chief"]


def test_only_the_owner_changes_a_study(district: SandboxStudy) -> None:
    share_study(study=district.pk, shared=True, tell=[], by=clerk(), access=access("clerk"))
    chief, first = access("chief"), district.scenarios.get(place=1)
    for act in (
        partial(retake_population, study=district.pk, access=chief),
        partial(remove_scenario, scenario=first.pk, access=chief),
        partial(add_scenario, study=district.pk, name="x", copy_of=first.pk, access=chief),
        partial(start_run, study=district, scenarios=[], by=clerk(), access=chief),
    ):
        with pytest.raises(Denied):
            act()
    made = copy_study(study=district.pk, by=User.objects.get(username="chief"), access=chief)
    assert made.created_by.username == "chief" and not made.shared
    assert made.facts_file == district.facts_file and made.scenarios.count() == 2


def test_another_county_and_another_role_make_none(installed: PackVersion) -> None:
    with pytest.raises(Denied):
        new_study(installed, region_code=SIBLING)
    make_user("statistics", username="statistics")
    with pytest.raises(Denied):
        new_study(installed, access=access("statistics"))


def test_no_more_than_six_and_never_none(district: SandboxStudy) -> None:
    for number in range(4):
        changed(district, f"第{number}个", equipment_cap=f"{80 + number}万元")
    with pytest.raises(JigaiError, match="最多 6 个"):
        changed(district, "第七个", equipment_cap="10万元")
    rows = list(district.scenarios.filter(active=True).order_by("place"))
    for row in rows[1:]:
        remove_scenario(scenario=row.pk, access=access("clerk"))
    with pytest.raises(JigaiError, match="至少"):
        remove_scenario(scenario=rows[0].pk, access=access("clerk"))
    assert changed(district, "又一个", equipment_cap="10万元").place == 2


def test_an_older_page_does_not_overwrite_a_newer_one(district: SandboxStudy) -> None:
    second = district.scenarios.get(place=2)
    given = {"name": "新", "overrides": {}, "readings": {}, "access": access("clerk")}
    save_scenario(scenario=second.pk, version=second.version, **given)
    with pytest.raises(JigaiError, match="被改过"):
        save_scenario(scenario=second.pk, version=second.version, **given)


def test_results_and_answers_cannot_be_changed(district: SandboxStudy) -> None:
    from django.db import transaction
    from django.db.utils import ProgrammingError

    result = district.results.first()
    assert result is not None
    with pytest.raises(ProgrammingError), transaction.atomic():
        SandboxResult.objects.filter(pk=result.pk).update(file="0" * 64)
