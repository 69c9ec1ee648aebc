"""Whether a document is in force on a day: the first and the last day count, a draft never does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.screens.list_page import list_page
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.force import NotPayable, force_on, require_payable, require_payable_run
from jigai.policies.models import PackVersion
from jigai.policies.policy_status import status_of, status_shown
from jigai.policies.services.install_pack import install_pack
from tests.policies.conftest import Evaluate
from tests.policies.packs import with_identity

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-status-gate")]
BEFORE, IN_FORCE, OVER = "未施行", "有效", "已过期"


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2020-07-13", BEFORE),  # signed
        ("2020-07-31", BEFORE),
        ("2020-08-14", BEFORE),
        ("2020-08-15", IN_FORCE),  # the first day
        ("2022-01-01", IN_FORCE),
        ("2023-08-14", IN_FORCE),  # the last day
        ("2023-08-15", OVER),
    ],
)
def test_the_days_of_yanzhou(pack: PackVersion, day: str, word: str) -> None:
    found = status_shown(pack, day)
    assert (found.word, found.payable, found.given) == (word, word == IN_FORCE, day)
    shown = render_to_string("policies/status_on.html", {"status_on": found})
    assert word in shown and ("可据以兑付。" in shown) is (word == IN_FORCE)
    assert f'value="{day}"' in shown


def test_every_day_between_signing_and_start_is_before(pack: PackVersion) -> None:
    signed, start = dt.date(2020, 7, 13), dt.date(2020, 8, 15)
    days = [signed + dt.timedelta(days=n) for n in range((start - signed).days)]
    assert len(days) == 33
    assert {status_of(pack, day)[1] for day in days} == {BEFORE}


@pytest.mark.parametrize(
    ("status", "word"),
    [("draft", "草案"), ("repealed", "已废止"), ("superseded", "已被替代"), ("issued", IN_FORCE)],
)
def test_documents_that_never_pay(
    pack: PackVersion, tmp_path: Path, status: str, word: str
) -> None:
    version = install_pack(folder=with_identity(tmp_path, status=status), check=False)
    found = status_shown(version, "2021-12-31")
    assert (found.word, found.payable) == (word, status == "issued")


@pytest.mark.parametrize("given", ["2020-13-01", "昨天", "2020/08/15"])
def test_what_is_no_day_is_told(pack: PackVersion, given: str) -> None:
    found = status_shown(pack, given)
    assert given in found.error and found.given == ""
    shown = render_to_string("policies/status_on.html", {"status_on": found})
    assert 'role="alert"' in shown


def test_a_draft_only_simulates(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, tmp_path: Path
) -> None:
    draft = install_pack(folder=with_identity(tmp_path, status="draft"), check=False)
    run = evaluate(pack=draft.pk)
    assert not run.payable and "草案" in run.simulation


@pytest.mark.parametrize(
    ("day", "payable"),
    [("2020-08-14", False), ("2020-08-15", True), ("2023-08-14", True), ("2023-08-15", False)],
)
def test_only_runs_of_days_in_force_can_be_paid_on(
    county: dict[str, Any], evaluate: Evaluate, day: str, payable: bool
) -> None:
    assert evaluate(as_of=day, deadline=day).payable is payable


def test_a_simulation_is_marked_wherever_it_is_shown(
    web: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate(as_of="2023-08-15", deadline="2023-08-15")
    assert (run.watermark, run.purpose, run.total_word) == ("模拟", "仅模拟", "模拟合计")
    decision = run.decisions.get(label="paid生产线改造")
    pages = {
        name: web.get(url).content.decode()
        for name, url in {
            "run": f"/evaluations/{run.pk}/", "decision": f"/decisions/{decision.pk}/",
            "rows": f"/decisions/?run={run.pk}", "runs": "/evaluations/",
        }.items()
    }  # fmt: skip
    for name, page in pages.items():
        assert "模拟" in page, name
    assert "模拟合计" in pages["run"] and "拟补助合计" not in pages["run"]
    assert "模拟合计" in pages["rows"] and "不产生应付" in pages["rows"]
    assert "拟补助合计" not in pages["rows"] and "拟补助合计" not in pages["runs"]
    assert "模拟金额" in pages["decision"] and "已过期" in pages["decision"]


def test_the_workbook_says_which_rows_are_simulated(
    clerk: User, county: dict[str, Any], evaluate: Evaluate
) -> None:
    evaluate(as_of="2023-08-15", deadline="2023-08-15")
    evaluate()
    page = list_page("decisions")
    columns = {column.key: column for column in page.columns if column.shown}
    rows = page.rows(access_of(clerk)).order_by("run_id", "id")
    told = [columns["watermark"].export(row) for row in rows]
    assert told == ["模拟"] * 3 + [""] * 3
    assert columns["watermark"].exported and columns["paid"].label != "拟补助"


def test_the_as_of_day_must_be_in_force_too(county: dict[str, Any], evaluate: Evaluate) -> None:
    """An application in time, evaluated with values of a day on which nothing holds any more."""
    run = evaluate(as_of="2023-08-15", deadline="2023-08-14")
    assert not run.payable and "已过期" in run.simulation
    assert evaluate(as_of="2023-08-14", deadline="2023-08-14").payable


def test_payments_are_stopped_at_the_gate(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion
) -> None:
    with pytest.raises(NotPayable, match="未施行"):
        require_payable(pack, dt.date(2020, 8, 14))
    require_payable(pack, dt.date(2020, 8, 15))
    require_payable(pack, dt.date(2023, 8, 14))
    with pytest.raises(NotPayable, match="已过期"):
        require_payable(pack, dt.date(2023, 8, 15))
    require_payable_run(evaluate())
    simulated = evaluate(overrides={"equipment_rate": "5%"})
    with pytest.raises(NotPayable, match="模拟") as refused:
        require_payable_run(simulated)
    assert isinstance(refused.value, JigaiError) and refused.value.code == "simulation"


@pytest.mark.parametrize("slug", ["luan-2020"])
@pytest.mark.parametrize("day", ["2015-01-01", "2020-12-31", "2030-01-01"])
def test_a_draft_is_never_payable(db: None, slug: str, day: str) -> None:
    draft = install_pack(folder=packs_dir() / slug, check=False)
    found = force_on(draft, dt.date.fromisoformat(day))
    assert (found.word, found.payable) == ("草案", False)


def test_the_living_document_of_a_draft_speaks_of_simulations(
    web: Client, county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, tmp_path: Path
) -> None:
    draft = install_pack(folder=with_identity(tmp_path, status="draft"), check=False)
    evaluate(pack=draft.pk)
    page = web.get("/policies/yanzhou-2020/living/").content.decode()
    assert "2021 年模拟 1 项" in page and "拟支持" not in page
