"""Fills a fresh database: a hundred cases of every sort by the services, then copies of them."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from typing import Any
from unittest import mock

import django

from bench.cases.copies import multiply
from bench.cases.pages import COUNTIES, LARGE, MANY, SMALL, reader
from bench.lists.fill import PARTS, TOWNS

LINES = ("approval", "ecology", "land", "market")
# Days before today on which the same cases were handed in: some are long over.
AGES = (2, 4, 7, 10, 14, 18, 25, 32, 45, 60)
_HEAD: dict[str, Any] = {
    "title": "project",
    "fields": [
        {"id": "project", "label": "项目名称", "type": "text", "required": True},
        {"id": "invest", "label": "总投资", "type": "money"},
        {"id": "paper_no", "label": "文号", "type": "text"},
    ],
}  # fmt: skip


def _step(code: str, name: str, line: str, days: int, **more: Any) -> dict[str, Any]:
    return {"id": code, "name": name, "who": {"line": line}, "days": days, "basis": "示例依据",
            **more}  # fmt: skip


_ACCEPT = _step("accept", "受理", "approval", 5, accepts=True)
PROCEDURES: dict[str, tuple[str, dict[str, Any]]] = {
    "bench-approval": ("示例并联审批", {
        **_HEAD, "kind": "licensing", "limit": {"days": 20, "basis": "示例依据"},
        "extension": {"days": 10, "times": 1, "basis": "示例依据"},
        "steps": [
            _ACCEPT,
            _step("check", "核对", "approval", 10, after=["accept"], pauses=["expert"]),
            _step("ecology", "环评审查", "ecology", 10, after=["accept"], refuse="record"),
            _step("land", "用地审查", "land", 8, after=["accept"], refuse="record"),
            _step("decide", "决定", "approval", 3, after=["check", "ecology", "land"],
                  write=["paper_no"]),
        ],
    }),
    MANY: ("示例备案", {
        **_HEAD, "kind": "filing", "limit": {"days": 3, "basis": "示例依据"},
        "steps": [_ACCEPT, _step("decide", "备案", "approval", 3)],
    }),
    "bench-support": ("示例奖补申报", {
        **_HEAD, "kind": "service",
        "steps": [
            _ACCEPT,
            _step("joint", "会签", "market", 5, after=["accept"], deed="opinion"),
            _step("draft", "拟办", "approval", 0, after=["accept"], deed="task"),
            _step("decide", "审定", "approval", 5, after=["joint", "draft"]),
        ],
    }),
}  # fmt: skip
# Which procedure, and what is done after it was handed in: ``verb who [step]``.
STORIES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("bench-approval", ()),
    ("bench-approval", (("accept", "approval", ""),)),
    ("bench-approval", (("accept", "approval", ""), ("pause", "approval", "check"))),
    ("bench-approval", (("accept", "approval", ""), ("extend", "leader", ""),
                        ("agree", "land", "land"))),
    (MANY, ()),
    (MANY, (("accept", "approval", ""),)),
    (MANY, ()),
    (MANY, (("accept", "approval", ""),)),
    ("bench-support", (("accept", "approval", ""),)),
    ("bench-support", (("accept", "approval", ""), ("agree", "market", "joint"),
                       ("agree", "approval", "draft"))),
)  # fmt: skip
TEMPLATES = len(AGES) * len(STORIES)


def main(large: int, small: int, readers: int, password: str) -> None:
    """Reference data, both departments, their cases and readers; prints what came of it as JSON."""
    django.setup()
    from django.db import connection

    from jigai.cases.models import Case
    from jigai.core.services.install_demo_people import install_demo_people
    from jigai.core.services.install_reference import install_reference

    install_reference()
    install_demo_people(password=password)
    begun = time.perf_counter()
    procedures = {code: _published(code) for code in PROCEDURES}
    for county in COUNTIES:
        people = _people(county)
        for age in AGES:
            for code, deeds in STORIES:
                _story(procedures[code], people, age, deeds)
    wanted = {SMALL: small, LARGE: large}
    handlers = _readers(readers)
    for county in COUNTIES:
        multiply(county, wanted[county] // TEMPLATES, handlers[county], _firms(county))
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    counts = {county: Case.objects.filter(region_code=county).count() for county in COUNTIES}
    procedure = procedures[MANY].pk
    print(json.dumps({"seconds": seconds, "counts": counts, "procedure": str(procedure)}))


def _published(code: str) -> Any:
    from jigai.cases.flow.shapes import read_procedure
    from jigai.cases.models import CaseProcedure, ProcedureVersion

    name, content = PROCEDURES[code]
    spec = read_procedure(content)
    row = CaseProcedure.objects.create(
        code=code, name=name, kind=spec.kind, applicant=spec.applicant, state="active"
    )
    row.current = ProcedureVersion.objects.create(
        procedure=row, number=1, content=spec.content(), sha256=spec.sha256, published=True
    )
    row.save()
    return row


def _account(name: str, role: str, department: Any) -> Any:
    """With the password and the scope of the demo accounts of that role."""
    from jigai.core.models import Assignment, User

    given = Assignment.objects.filter(role__code=role).select_related("user").earliest("id")
    user = User.objects.create(username=name, name="示例", password=given.user.password)
    user.assignments.create(role=given.role, department=department, scope=given.scope)
    return user


def _departments(county: str) -> dict[str, Any]:
    from jigai.core.models import Department

    return {
        line: Department.objects.filter(line=line, region_code=county).first()
        or Department.objects.create(line=line, region_code=county, name=f"示例{line}局")
        for line in LINES
    }  # fmt: skip


def _people(county: str) -> dict[str, Any]:
    lines = _departments(county)
    people = {line: _account(f"{line}-{county}", "approval", lines[line]) for line in LINES}
    return {**people, "leader": _account(f"leader-{county}", "leader", lines["approval"])}


def _firms(county: str) -> list[int]:
    from jigai.core.models import Enterprise

    Enterprise.objects.bulk_create(
        Enterprise(name=f"{TOWNS[n % 4]}{PARTS[n // 4 % 10]}{n:05d}有限公司", region_code=county)
        for n in range(2000)
    )
    rows = Enterprise.objects.filter(region_code=county).order_by("id")
    return list(rows.values_list("pk", flat=True))


def _readers(count: int) -> dict[str, list[int]]:
    """One account a person: an account's oldest session ends when it has too many."""
    found: dict[str, list[int]] = {county: [] for county in COUNTIES}
    homes = {county: _departments(county)["approval"] for county in COUNTIES}
    for number in range(count):
        county, role = reader(number)
        found[county].append(_account(f"reader{number}", role, homes[county]).pk)
    return found


def _story(
    procedure: Any, people: dict[str, Any], age: int, deeds: tuple[tuple[str, str, str], ...]
) -> None:
    from django.utils import timezone

    from jigai.cases.services.start_case import start_case, submit_case
    from jigai.core.access import access_of

    starter = people["market"]
    county = starter.assignments.get().department.region_code
    values = {"project": "示例技改项目", "invest": "500万元"}
    moment = timezone.now() - dt.timedelta(days=age)
    with mock.patch("django.utils.timezone.now", lambda: moment):
        access = access_of(starter)
        case = start_case(procedure=procedure, by=starter, access=access, region_code=county)
        submit_case(case=case, by=starter, access=access, values=values)
    for place, (verb, who, step) in enumerate(deeds, 1):
        # A day or two lie between the deeds.
        then = moment + dt.timedelta(days=min(2 * place, age))
        with mock.patch("django.utils.timezone.now", lambda then=then: then):
            _do(case, verb, people, who, step)


def _do(case: Any, verb: str, people: dict[str, Any], who: str, step: str) -> None:
    from jigai.cases.models import Task
    from jigai.cases.services.act import act
    from jigai.core.access import access_of

    user = people[who]
    rows = Task.objects.filter(case=case, state="open")
    task = rows.filter(step__code=step).first() if step else None
    data: dict[str, Any] = {}
    if verb == "pause":
        data = {"kind": "expert", "expected_days": 10}
    if verb == "extend":
        data = {"days": 5}
    act(
        case=case.pk, verb=verb, by=user, access=access_of(user), reason="示例理由",
        task=task.pk if task else None, **data,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
