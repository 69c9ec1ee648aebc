"""Facts that only a person can say: who may, what it changes, that it stays."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.confirmable import Confirmable, confirmables, line_of
from jigai.policies.models import Confirmation, EvaluationRun
from jigai.policies.services.confirm_term import confirm_term
from jigai.rules.plan import EXCLUDED, PAY
from tests.factories import SIBLING, make_user
from tests.policies.conftest import Evaluate
from tests.policies.test_evaluate_stored import of

pytestmark = pytest.mark.django_db


def fact_of(run: EvaluationRun, term: str) -> Confirmable:
    return next(fact for fact in confirmables(run) if fact.term == term)


def test_open_facts_of_subjects_still_in_the_running(
    county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate()
    managed = fact_of(run, "well_managed")
    assert managed.manual and managed.line == "miit" and managed.subject == "enterprise"
    below = county["below"].enterprise.uscc
    assert county["paid"].enterprise.uscc in managed.keys and below not in managed.keys


@pytest.mark.parametrize(
    ("source", "line"),
    [("统计部门", "statistics"), ("税务部门", "tax"), ("备案机关", "approval"),
     ("财政部门", "finance"), ("各行政执法部门", "credit"), ("区工业和信息化局", "miit"),
     ("没写", "miit")],
)  # fmt: skip
def test_duty_follows_the_source(source: str, line: str) -> None:
    assert line_of(source) == line


def test_a_refusal_changes_the_next_run_and_not_the_last(
    county: dict[str, Any], evaluate: Evaluate, clerk: User
) -> None:
    run = evaluate()
    fact, access = fact_of(run, "well_managed"), access_of(clerk)
    key = county["paid"].enterprise.uscc
    confirm_term(
        run=run, fact=fact, keys=[key], value=False, note="管理混乱", by=clerk, access=access
    )
    after = evaluate()
    assert of(run, county["paid"]).verdict == PAY
    assert of(after, county["paid"]).verdict == EXCLUDED
    assert "not_well_managed" in of(after, county["paid"]).reason_codes
    confirm_term(run=run, fact=fact, keys=[key], value=None, note="收回", by=clerk, access=access)
    assert of(evaluate(), county["paid"]).verdict == PAY


def test_who_may(county: dict[str, Any], evaluate: Evaluate, clerk: User) -> None:
    run = evaluate()
    fact = fact_of(run, "well_managed")
    tax = make_user("tax")
    with pytest.raises(Denied):
        confirm_term(run=run, fact=fact, keys=fact.keys[:1], value=True, note="", by=tax,
                     access=access_of(tax))  # fmt: skip
    for keys, value, code in ((["nobody"], True, "not-waiting"), ([], True, "not-waiting"),
                              (fact.keys[:1], False, "no-reason")):  # fmt: skip
        with pytest.raises(JigaiError) as error:
            confirm_term(run=run, fact=fact, keys=keys, value=value, note=" ", by=clerk,
                         access=access_of(clerk))  # fmt: skip
        assert error.value.code == code
    assert not Confirmation.objects.exists()


def test_answers_stay(county: dict[str, Any], evaluate: Evaluate, clerk: User) -> None:
    run = evaluate()
    fact = fact_of(run, "well_managed")
    confirm_term(run=run, fact=fact, keys=fact.keys, value=True, note="", by=clerk,
                 access=access_of(clerk))  # fmt: skip
    for write in (
        lambda: Confirmation.objects.update(value=False),
        lambda: Confirmation.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_on_screen(web: Client, county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    listed = web.get(f"/evaluations/{run.pk}/confirmations/").content.decode()
    assert "管理规范" in listed
    url = f"/evaluations/{run.pk}/confirmations/enterprise/well_managed/"
    key = county["paid"].enterprise.uscc
    sent = {"keys": [key], "answer": "yes", "note": "实地看过", "nonce": str(uuid.uuid4())}
    assert web.post(url, sent).status_code == 302
    assert web.post(url, sent).status_code == 302  # sent twice, recorded once
    assert Confirmation.objects.count() == 1
    assert "实地看过" in web.get(url).content.decode()
    wrong = web.post(url, {"answer": "yes", "nonce": str(uuid.uuid4())})
    assert wrong.status_code == 422 and "至少勾选一个" in wrong.content.decode()
    assert web.get(f"/evaluations/{run.pk}/confirmations/enterprise/nothing/").status_code == 404


def test_another_county_sees_nothing(
    client: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate()
    client.force_login(make_user("section-clerk", SIBLING))
    assert client.get(f"/evaluations/{run.pk}/confirmations/").status_code == 404
    url = f"/evaluations/{run.pk}/confirmations/enterprise/well_managed/"
    assert client.post(url, {"nonce": str(uuid.uuid4())}).status_code == 404
