"""A decision names the files it rests on."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.evidence import store_evidence
from jigai.core.models import EvidenceFile, ImportBatch, User
from jigai.policies.confirmable import confirmables
from jigai.policies.models import Decision, EvaluationRun
from jigai.policies.services.confirm_term import confirm_term
from tests.factories import COUNTY, make_line, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("rule-trace")]
Evaluate = Callable[..., EvaluationRun]


def keep(name: str) -> EvidenceFile:
    return store_evidence(
        stream=io.BytesIO(f"列,{name}\n".encode()), name=name, owner=None, region_code=COUNTY
    )


def batch_of(file: EvidenceFile) -> ImportBatch:
    return ImportBatch.objects.create(file=file, year=2021, region_code=COUNTY, status="committed")


def page_of(client: Client, run: EvaluationRun, project: Any) -> str:
    found = Decision.objects.get(run=run, subject="project", subject_key=str(project.pk))
    return client.get(f"/decisions/{found.pk}/").content.decode()


def test_rows_figures_and_confirmations_lead_to_their_files(
    web: Client, county: dict[str, Any], evaluate: Evaluate, clerk: User
) -> None:
    project, firm = county["paid"], county["paid"].enterprise
    ledger, bills, register = keep("项目台账.csv"), keep("发票.csv"), keep("企业名录.csv")
    type(project).objects.filter(pk=project.pk).update(batch=batch_of(ledger))
    second = make_line(project, amount_fen=100, buyer_matches=True, arithmetic_ok=True)
    type(second).objects.filter(project=project).update(batch=batch_of(bills))
    firm.figures.filter(withdrawn_at=None).update(batch=batch_of(register))
    proof = keep("现场核查.csv")
    run = evaluate()
    fact = next(f for f in confirmables(run) if f.term == "well_managed")
    confirm_term(run=run, fact=fact, keys=[firm.uscc], value=True, note="", by=clerk,
                 access=access_of(clerk), evidence=proof)  # fmt: skip
    page = page_of(web, run, project)
    for name, what in (("项目台账.csv", "项目台账 1 行"), ("发票.csv", "发票明细 2 行"),
                       ("企业名录.csv", "企业年度数据")):  # fmt: skip
        assert name in page and what in page, name
    assert ledger.sha256[:8] in page and f"/evidence/{bills.pk}/" in page
    # It was confirmed after that run, so only the next one rests on it.
    assert "现场核查.csv" not in page
    assert "人工确认：" in page_of(web, evaluate(), project)
    assert "依据的文件" not in page_of(web, run, county["below"])


def test_who_may_not_open_files_sees_their_names_only(
    client: Client, county: dict[str, Any], evaluate: Evaluate
) -> None:
    project, file = county["paid"], keep("项目台账.csv")
    type(project).objects.filter(pk=project.pk).update(batch=batch_of(file))
    run = evaluate()
    viewer = make_user("leader")
    client.force_login(viewer)
    page = page_of(client, run, project)
    assert "项目台账.csv" in page and f"/evidence/{file.pk}/" not in page
