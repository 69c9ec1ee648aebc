"""A parallel approval of the county with the people of its departments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jigai.cases.flow.shapes import read_procedure
from jigai.cases.models import Case, CaseProcedure, ProcedureVersion, Task
from jigai.cases.services.act import act
from jigai.cases.services.start_case import start_case, submit_case
from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from tests.factories import COUNTY, make_department, make_enterprise, make_regions, make_user

LINES = ("approval", "land", "ecology", "market")
CONTENT: dict[str, Any] = {
    "kind": "licensing", "title": "project", "limit": {"days": 20, "basis": "行政许可法第四十二条"},
    "extension": {"days": 10, "times": 1, "basis": "行政许可法第四十二条"},
    "fields": [
        {"id": "project", "label": "项目名称", "type": "text", "required": True},
        {"id": "invest", "label": "总投资", "type": "money"},
        {"id": "new_land", "label": "新增用地", "type": "flag"},
        {"id": "opinion_no", "label": "批文号", "type": "text"},
    ],
    "evidence": [
        {"id": "application", "name": "申请书"},
        {"id": "land_paper", "name": "用地材料", "deferrable": True, "days": 10},
        {"id": "photo", "name": "现场照片", "required": False},
    ],
    "steps": [
        {"id": "accept", "name": "受理", "accepts": True, "who": {"line": "approval"}, "days": 5,
         "basis": "行政许可法第三十二条"},
        {"id": "land", "name": "用地审查", "who": {"line": "land"}, "days": 8, "basis": "承诺",
         "when": "新增用地", "pauses": ["expert"], "refuse": "record"},
        {"id": "ecology", "name": "环评审查", "after": ["accept"], "who": {"line": "ecology"},
         "days": 10, "basis": "承诺", "pauses": ["expert", "hearing"], "refuse": "record"},
        {"id": "joint", "name": "会签", "after": ["land", "ecology"], "mode": "all",
         "who": [{"line": "market"}, {"line": "land"}], "deed": "opinion", "days": 2,
         "basis": "承诺"},
        {"id": "decide", "name": "决定", "who": {"line": "approval"}, "days": 3, "basis": "承诺",
         "write": ["opinion_no"]},
    ],
}  # fmt: skip


def publish(content: dict[str, Any], code: str = "approval-test", **more: Any) -> CaseProcedure:
    """A published procedure of the county, straight into the tables."""
    spec = read_procedure(content)
    fields = {"name": "示例并联审批", "kind": spec.kind, "applicant": spec.applicant,
              "region_code": COUNTY, **more}  # fmt: skip
    row, _ = CaseProcedure.objects.update_or_create(code=code, defaults=fields)
    number = row.versions.count() + 1
    row.current = ProcedureVersion.objects.create(
        procedure=row, number=number, content=spec.content(), sha256=spec.sha256, published=True
    )
    row.state = CaseProcedure.State.PUBLISHED
    row.save()
    return CaseProcedure.objects.select_related("current").get(pk=row.pk)


class People:
    """Accounts by name, made when asked for: ``approval`` is a clerk of that line."""

    def __init__(self) -> None:
        make_regions()
        self.enterprise: Enterprise = make_enterprise()
        self.known: dict[str, User] = {}
        for line in LINES:
            make_department(line=line)

    def __getitem__(self, name: str) -> User:
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> User:
        if name == "applicant":
            return make_user("enterprise-handler", enterprise=self.enterprise, name="示例申请人")
        line, _, _number = name.partition("-")
        if line in LINES:
            return make_user("approval", department=make_department(line=line), name=f"示例{name}")
        if line in ("section", "chief", "leader", "auditor"):
            role = {"section": "section-clerk", "chief": "section-chief"}.get(line, line)
            home = make_department(line="approval") if line in ("chief", "leader") else None
            return make_user(role, department=home, name=f"示例{name}")
        raise KeyError(name)


@pytest.fixture
def people(db: None) -> People:
    """The people around a case."""
    return People()


@pytest.fixture
def procedure(people: People) -> CaseProcedure:
    """The parallel approval."""
    return publish(CONTENT)


Do = Callable[..., Case]


@pytest.fixture
def do(people: People) -> Do:
    """``do(case, "agree", "land", …)``: a verb by one of the people."""

    def act_as(case: Case, verb: str, who: str, **data: Any) -> Case:
        user = people[who]
        return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)

    return act_as


@pytest.fixture
def draft(people: People, procedure: CaseProcedure) -> Case:
    """A draft of the enterprise."""
    user = people["applicant"]
    return start_case(procedure=procedure, by=user, access=access_of(user))


VALUES = {"project": "示例技改项目", "invest": "500万元", "new_land": "是"}


@pytest.fixture
def submitted(people: People, draft: Case) -> Case:
    """Handed in, one material deferred."""
    user = people["applicant"]
    evidence = {"application": make_file(user).pk, "land_paper": "defer"}
    return submit_case(
        case=draft, by=user, access=access_of(user), values=VALUES, evidence=evidence
    )


@pytest.fixture
def opened(submitted: Case, do: Do) -> Case:
    """Accepted: two branches run side by side."""
    return do(submitted, "accept", "approval")


def make_file(user: User, name: str = "示例材料.pdf") -> Any:
    """An evidence file row (no bytes behind it)."""
    from jigai.core.models import EvidenceFile

    return EvidenceFile.objects.create(
        sha256=f"{EvidenceFile.objects.count():064d}", size=10, media_type="application/pdf",
        name=name, created_by=user,
    )  # fmt: skip


def open_tasks(case: Case) -> list[str]:
    """Steps of the open tasks, in order."""
    rows = Task.objects.filter(case=case, state="open").order_by("id")
    return [task.step.code for task in rows.select_related("step") if task.step]
