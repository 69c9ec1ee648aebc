"""Draft and final: told apart everywhere, compared clause by clause, never mixed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jigai.core.access import access_of
from jigai.core.jobs import run_job, start_job
from jigai.core.models import Job, User
from jigai.errors import JigaiError
from jigai.outreach.consultation_compare import changed_clauses, compared, with_answers
from jigai.outreach.models import Consultation, ConsultationAnswer
from jigai.outreach.services.link_final import final_versions, mark_reflected
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.policies.policy_status import status_of
from tests.factories import (
    COUNTY,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.kept_rows import Unblock
from tests.outreach import consultations as c

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-consultation")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture
def clerk(draft: PackVersion) -> User:
    return make_user("section-clerk", c.LUAN, name="经办")


@pytest.fixture
def chief(clerk: User) -> User:
    return make_user("section-chief", c.LUAN, name="负责")


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> int:
    """The draft of the city, installed once for all tests here."""
    with kept_rows():
        make_regions()
        return c.install().pk


@pytest.fixture
def draft(installed: int, db: None) -> PackVersion:
    return PackVersion.objects.get(pk=installed)


@pytest.fixture
def item(clock: c.Clock, draft: PackVersion, clerk: User, chief: User) -> Consultation:
    """A published round: one comment adopted, one declined."""
    row = c.opened(clerk, chief, draft)
    yes, no = c.said(row), c.said(row, "取消目标", clause="一")
    for comment in (yes, no):
        c.sorted_as(comment, clerk)
    c.answered(row, [yes], clerk)
    c.answered(
        row, [no], clerk, summary="建议取消增速目标", verdict="declined", reason="目标由规划定"
    )
    clock.day = c.AFTER
    return c.published(row, chief)


@pytest.fixture
def final(item: Consultation, tmp_path: Path) -> PackVersion:
    return c.final_version(tmp_path)


@pytest.fixture
def done(item: Consultation, final: PackVersion, chief: User) -> Consultation:
    return c.finished(item, final, chief)


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(JigaiError) as error:
        act(*args, **kwargs)
    return error.value.code


def test_a_draft_is_no_final_version(item: Consultation, draft: PackVersion, chief: User) -> None:
    assert refused(c.finished, item, draft, chief) == "not-its-final"
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=item.pk).update(final=draft)


def test_a_document_from_elsewhere_is_no_final_version(item: Consultation, chief: User) -> None:
    other = c.install("yanzhou-2020")
    assert other not in final_versions(item)
    assert refused(c.finished, item, other, chief) == "not-its-final"
    item.refresh_from_db()
    assert (item.status, item.final) == ("published", None)


def test_the_final_comes_after_the_adoption(
    clock: c.Clock, draft: PackVersion, clerk: User, chief: User, tmp_path: Path
) -> None:
    row = c.opened(clerk, chief, draft)
    final = c.final_version(tmp_path)
    assert refused(c.finished, row, final, chief) == "not-published"
    assert refused(compared, row) == "no-final"


def test_the_draft_of_the_round_stays_the_draft(done: Consultation, draft: PackVersion) -> None:
    """The final takes the slug; the text people commented on is still the other version."""
    draft.refresh_from_db()
    assert (draft.is_current, draft.status, done.draft_id) == (False, "draft", draft.pk)
    assert done.final is not None and done.final.is_current and done.final.status == "issued"


def test_a_round_about_a_replaced_draft_is_not_opened(
    clock: c.Clock, draft: PackVersion, clerk: User, chief: User, tmp_path: Path
) -> None:
    row = c.drafted(clerk, draft)
    c.final_version(tmp_path)
    from jigai.outreach.services.open_consultation import open_consultation

    assert refused(open_consultation, consultation=row.pk, by=chief,
                   access=access_of(chief)) == "draft-replaced"  # fmt: skip


@pytest.mark.parametrize("day", [dt.date(2020, 6, 1), dt.date(2026, 12, 1), dt.date(2035, 1, 1)])
def test_a_draft_is_in_force_on_no_day(draft: PackVersion, day: dt.date) -> None:
    status, word = status_of(draft, day)
    assert (status.payable, word) == (False, "草案")


def evaluated(version: PackVersion, day: str = "2021-03-02") -> EvaluationRun:
    params = {"pack": version.pk, "year": 2021, "region": COUNTY, "as_of": day}
    by = make_user("section-clerk")
    job = start_job(kind="evaluate", title="测算", owner=by, params=params)
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.status == "done", (job.error_code, job.error)
    return EvaluationRun.objects.get(pk=job.result["run"])


def test_nothing_of_a_draft_is_payable_and_of_its_final_is(clerk: User, tmp_path: Path) -> None:
    """Draft and final of one document, on the same rows and the same day."""
    make_line(make_project(make_enterprise(), year=2021))
    draft = c.county_draft(tmp_path)
    simulated = evaluated(draft)
    final = c.install("yanzhou-2020")
    paid = evaluated(final)
    assert (simulated.payable, paid.payable) == (False, True)
    assert "征求意见" in simulated.simulation or "草案" in simulated.simulation
    assert (simulated.pack, paid.pack) == (draft, final)


# The comparison


def test_clause_by_clause_and_parameter_by_parameter(done: Consultation) -> None:
    found = compared(done)
    pairs = {pair.code: pair for pair in found.clauses}
    assert len(pairs) == 14
    assert {code for code, pair in pairs.items() if pair.change} == {c.CLAUSE}
    assert pairs[c.CLAUSE].before.startswith("重点项目可个案商定")
    assert pairs[c.CLAUSE].after.startswith("重点项目一事一议")
    [row] = found.parameters
    assert row["code"] == "demonstration_award"
    [[_label, before, after]] = row["fields"]
    assert (before[:4], after[:4]) == ("50万元", "60万元")
    labels = {field[0] for told in found.identity for field in told["fields"]}
    assert {"状态", "成文日期", "施行日期"} <= labels


def test_answers_lie_beside_their_clause(done: Consultation) -> None:
    answers = list(ConsultationAnswer.objects.filter(consultation=done))
    found = with_answers(compared(done), answers)
    laid = {pair.code: [a.verdict for a in pair.answers] for pair in found.clauses if pair.answers}
    assert laid == {"一": ["declined"], c.CLAUSE: ["adopted"]}


def mark(answer: ConsultationAnswer, by: User, **changes: Any) -> ConsultationAnswer:
    given = {"reflected": True, "clause": c.CLAUSE, "seen": answer.version, **changes}
    return mark_reflected(answer=answer.pk, by=by, access=access_of(by), **given)


def test_adopted_comments_are_found_again_in_the_final(done: Consultation, clerk: User) -> None:
    adopted = done.answers.get(verdict="adopted")
    assert adopted.reflected is None
    assert changed_clauses(compared(done)) == {c.CLAUSE}
    # Where draft and final say the same, nothing can have been taken up.
    assert refused(mark, adopted, clerk, clause="一") == "nothing-changed"
    assert refused(mark, adopted, clerk, reflected=False) == "no-note"
    assert refused(mark, done.answers.get(verdict="declined"), clerk) == "not-adopted"
    marked = mark(adopted, clerk)
    assert (marked.reflected, marked.reflected_clause) == (True, c.CLAUSE)
    assert refused(mark, adopted, clerk) == "changed-meanwhile"
    marked = mark(marked, clerk, reflected=False, note="财政另行安排")
    assert (marked.reflected, marked.reflected_clause) == (False, "")


def test_nothing_is_marked_without_a_final(item: Consultation, clerk: User) -> None:
    assert refused(mark, item.answers.get(verdict="adopted"), clerk) == "no-final"
