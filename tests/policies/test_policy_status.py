"""Whether a document is in force on a day: the first and the last day count, a draft never does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

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
