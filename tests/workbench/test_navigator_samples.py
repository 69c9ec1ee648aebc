"""政策匹配 over the sample district: every enterprise equals the expected results to the fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.config import first_start
from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.core.services.install_demo_people import install_demo_people
from jigai.core.services.install_reference import install_reference
from jigai.paths import packs_dir
from jigai.policies.services.install_pack import install_pack
from jigai.projects.models import Project
from jigai.workbench.navigator.navigate import Answer, Question, navigate

pytestmark = pytest.mark.system("policy-navigator")

MEASURES = {"M01": "equipment", "M02": "robot", "M03": "informatization"}
Rows = list[dict[str, str]]


def yuan(fen: int | None) -> str:
    return "" if fen is None else f"{Decimal(fen) / 100:.2f}"


def found_match(answer: Answer, measure: str, key: Any) -> Any:
    return next(m for m in answer.matches if (m.measure.id, m.key) == (measure, key))


def test_every_sample_enterprise_equals_the_expected_results(
    own_database: str,
    samples: Path,
    expected: Callable[[str], list[dict[str, str]]],
    settings: Any,
    tmp_path: Path,
) -> None:
    """The 199 projects of the samples, A class, D class and missing grades among them."""
    settings.DATA_DIR = tmp_path
    install_reference()
    install_demo_people(password="shili-0000", enterprise=None)
    install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    first_start.load_samples(samples, lambda text: None)
    clerk = User.objects.get(username="clerk")
    wanted = {int(r["ledger_row"]): r for r in expected("subsidy_by_project")
              if r["basis"] == "invoice_excl_tax"}  # fmt: skip
    shares = {(r["consortium"], r["uscc"]): r["share"]
              for r in expected("subsidy_consortium_members")
              if r["basis"] == "invoice_excl_tax"}  # fmt: skip
    rows = dict(Project.objects.values_list("id", "source_row"))
    seen: set[int] = set()
    grades: set[tuple[str, str]] = set()
    divided = 0
    for enterprise in Enterprise.objects.order_by("id"):
        answer = navigate(Question(enterprise, dt.date(2021, 12, 31)), access_of(clerk))
        for (subject, key), found in answer.decided[0].found.items():
            if subject == "project":
                want = wanted[rows[key]]
                seen.add(rows[key])
                grades.add((want["grade"], want["status"]))
                assert yuan(found.amount) == want["amount"], want
                assert (yuan(found.low), yuan(found.high)) == (want["low"], want["high"]), want
                assert {True: "yes", False: "no"}.get(bool(found.selected)) == (
                    "yes" if want["selected"] == "yes" else "no"
                ), want
                for column, measure in MEASURES.items():
                    if want["status"] == "pay":
                        assert yuan(found_match(answer, measure, key).amount) == want[column], want
            elif (share := shares.get((key, enterprise.uscc or ""))) is not None:
                assert yuan(found_match(answer, "consortium", key).amount) == share, (key, share)
                divided += 1
    # Rows whose enterprise is not in the register belong to nobody's page.
    lost = {row for row in wanted if row not in seen}
    assert lost == {row for row, want in wanted.items() if not want["uscc"]}
    assert divided > 30
    assert len(seen) > 180
    assert {("A", "pay"), ("D", "excluded"), ("", "undetermined")} <= grades
    for grade, status in (("A", "pay"), ("D", "excluded"), ("", "undetermined")):
        want = next(r for r in wanted.values()
                    if r["uscc"] and (r["grade"], r["status"]) == (grade, status))  # fmt: skip
        on_screen(clerk, want, rows)


def on_screen(clerk: User, want: dict[str, str], rows: dict[Any, Any]) -> None:
    """The page of one enterprise shows the same amounts as the command line."""
    client = Client()
    client.force_login(clerk)
    enterprise = Enterprise.objects.get(uscc=want["uscc"])
    page = client.get(reverse("navigator-of", args=[enterprise.pk]), {"day": "2021-12-31"})
    text = page.content.decode()
    assert enterprise.name in text
    if want["status"] == "pay":
        assert f"{Decimal(want['amount']):,.2f}" in text
    elif want["status"] == "excluded":
        assert "不是亩产效益D类" in text
    else:
        low, high = (f"{Decimal(want[name]):,.2f}" for name in ("low", "high"))
        assert f"{low} 至 {high}" in text or f"{high} 元" in text
        assert "缺 最近公布评价等级" in text
