"""Evaluations and decisions on screen."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import AccessLog, Job
from jigai.policies.models import Decision, PackVersion
from tests.factories import CITY, COUNTY, SIBLING, make_user
from tests.policies.conftest import Evaluate
from tests.policies.test_evaluate_stored import of
from tests.query_counts import queries_of

pytestmark = pytest.mark.django_db


def form(pack: PackVersion, **changes: Any) -> dict[str, Any]:
    return {"pack": pack.pk, "year": 2021, "region": COUNTY, "nonce": str(uuid.uuid4()), **changes}


def test_starting_an_evaluation(web: Client, county: dict[str, Any], pack: PackVersion) -> None:
    assert "新建测算" in web.get("/evaluations/new/").content.decode()
    sent = form(pack, **{"reading-uplift_order": "b"})
    answer = web.post("/evaluations/new/", sent)
    job = Job.objects.get(kind="evaluate")
    assert answer.status_code == 302 and answer["Location"] == f"/jobs/{job.pk}/"
    assert job.params["readings"] == {"uplift_order": "b"}
    assert web.post("/evaluations/new/", sent)["Location"] == answer["Location"]
    assert Job.objects.filter(kind="evaluate").count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"region": SIBLING}, "数据权限"),
        ({"year": "abc"}, "year"),
        ({"overrides": "不存在的参数＝4%"}, "没有叫"),
        ({"overrides": "设备补助比例"}, "应写成"),
        ({"as_of": "2021-13-01"}, "as_of"),
    ],
)
def test_wrong_choices_are_told(
    web: Client, pack: PackVersion, changes: dict[str, Any], told: str
) -> None:
    answer = web.post("/evaluations/new/", form(pack, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Job.objects.exists()


def test_a_run_and_its_rows(web: Client, county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    page = web.get(f"/evaluations/{run.pk}/").content.decode()
    assert "300,000.00" in page and run.root_hash in page
    rows = web.get(f"/decisions/?run={run.pk}&verdict=4").content.decode()
    assert "open生产线改造" in rows and "paid生产线改造" not in rows
    assert "没有符合条件的记录" in web.get("/decisions/?run=999999").content.decode()
    assert web.get("/decisions/?run=abc").status_code == 200


@pytest.mark.system("rule-trace")
def test_a_decision_shows_what_it_rests_on(
    web: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate()
    page = web.get(f"/decisions/{of(run, county['paid']).pk}/").content.decode()
    for part in ("300,000.00", "设备补助比例", "3%", "四.1", "数控机床", "未核实事项"):
        assert part in page, part
    refused = web.get(f"/decisions/{of(run, county['below']).pk}/").content.decode()
    assert "还差 400.00 万元" in refused and "四.1" in refused
    open_ = web.get(f"/decisions/{of(run, county['open']).pk}/").content.decode()
    assert "缺什么" in open_ and "亩产" in open_
    assert AccessLog.objects.filter(kind="decision").count() == 3


@pytest.mark.system("rule-trace")
def test_other_readings_are_shown_on_demand(
    web: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate()
    part = web.get(f"/decisions/{of(run, county['paid']).pk}/readings/").content.decode()
    assert "<html" not in part
    assert "339,000.00" in part  # on the amount with tax


@pytest.mark.system("role-access")
def test_reach(client: Client, county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    decision = of(run, county["paid"])
    urls = (f"/evaluations/{run.pk}/", f"/decisions/{decision.pk}/",
            f"/decisions/{decision.pk}/readings/")  # fmt: skip
    client.force_login(make_user("section-clerk", SIBLING))
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    assert "paid生产线改造" not in client.get("/decisions/").content.decode()
    client.force_login(make_user("leader", CITY))
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    client.force_login(make_user("expert"))
    assert [client.get(url).status_code for url in urls] == [403, 403, 403]


@pytest.mark.system("role-access")
def test_an_enterprise_sees_its_own_and_no_trial_runs(
    client: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    run, trial = evaluate(), evaluate(overrides={"equipment_rate": "5%"})
    own, other = of(run, county["paid"]), of(run, county["below"])
    client.force_login(make_user("enterprise-handler", enterprise=county["paid"].enterprise))
    assert client.get(f"/decisions/{own.pk}/").status_code == 200
    assert client.get(f"/decisions/{other.pk}/").status_code == 404
    assert client.get(f"/decisions/{of(trial, county['paid']).pk}/").status_code == 404
    assert client.get(f"/evaluations/{trial.pk}/").status_code == 404
    page = client.get(f"/evaluations/{run.pk}/").content.decode()
    assert "拟补助合计" not in page and "按措施" not in page
    assert not AccessLog.objects.exists()


def test_verifying_on_screen(client: Client, county: dict[str, Any], evaluate: Evaluate) -> None:
    from jigai.core.jobs import run_job

    run = evaluate()
    client.force_login(make_user("auditor"))
    client.post(f"/evaluations/{run.pk}/verify/", {"nonce": str(uuid.uuid4())})
    job = Job.objects.get(kind="verify-run")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.result["same"] is True
    assert "重算一致" in client.get(f"/evaluations/{run.pk}/").content.decode()
    client.force_login(make_user("section-clerk"))
    assert client.post(f"/evaluations/{run.pk}/verify/").status_code == 403


def test_query_counts(web: Client, county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    web.get(f"/decisions/?run={run.pk}")
    small = len(queries_of(web, f"/decisions/?run={run.pk}&verdict=1"))
    large = len(queries_of(web, f"/decisions/?run={run.pk}"))
    assert small == large <= 16
    assert len(queries_of(web, f"/evaluations/{run.pk}/")) <= 14
    web.get(f"/decisions/{of(run, county['paid']).pk}/")
    assert len(queries_of(web, f"/decisions/{of(run, county['paid']).pk}/")) <= 18
    assert Decision.objects.count() == 3
