"""Makes the draft the version that new cases follow; cases that run keep theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from jigai.cases.access import require_design
from jigai.cases.flow.lint import ERROR, WARNING, Problem, check
from jigai.cases.flow.shapes import Procedure
from jigai.cases.gates import known_gates
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.cases.services.edit_version import draft_of
from jigai.cases.unit_names import empty_desks, missing_unit
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError

_SHOWN = 5


class ProcedureRefused(JigaiError):
    """A procedure with problems, each with its place and fix, or with warnings nobody confirmed."""

    def __init__(self, problems: Sequence[Problem], code: str = "procedure-problems") -> None:
        self.problems = list(problems)
        told = "；".join(f"{p.where}：{p.message}" for p in problems[:_SHOWN])
        more = f"；另有 {len(problems) - _SHOWN} 处" if len(problems) > _SHOWN else ""
        super().__init__(
            code, told + more, "；".join(dict.fromkeys(p.fix for p in problems[:_SHOWN]))
        )


def publish_version(
    *, procedure: CaseProcedure, by: User, access: Access, confirmed: str = ""
) -> ProcedureVersion:
    """Publish the draft; from this moment cases begin by it.

    Warnings must have been read: ``confirmed`` is :func:`mark` of those that were shown. Raises
    :class:`ProcedureRefused` naming every problem (``procedure-problems``) or what is not confirmed
    (``procedure-warnings``), and :class:`JigaiError` without a draft or with one that changes
    nothing.
    """
    require_design(access, procedure)
    with transaction.atomic():
        found = (
            CaseProcedure.objects.select_for_update(of=("self",)).select_related("current")
            .get(pk=procedure.pk)
        )  # fmt: skip
        draft = draft_of(found)
        if draft is None:
            raise JigaiError("no-draft", "没有要发布的草稿", "先修改再发布")
        if found.current is not None and found.current.sha256 == draft.sha256:
            raise JigaiError(
                "nothing-new", f"草稿和第 {found.current.number} 版一样", "改好再发布，或放弃草稿"
            )
        problems = problems_of(found, draft.spec)
        errors = [one for one in problems if one.severity == ERROR]
        if errors:
            raise ProcedureRefused(errors)
        if problems and confirmed != mark(problems):
            raise ProcedureRefused(problems, "procedure-warnings")
        make_current(found, draft, by)
    return draft


def problems_of(procedure: CaseProcedure, spec: Procedure) -> list[Problem]:
    """What is wrong within a version, and with it in the region of the procedure."""
    found = [
        *check(spec, units=missing_unit(procedure.region_code)),
        *_gates(spec), *empty_desks(spec, procedure.region_code),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.severity != ERROR)


def _gates(spec: Procedure) -> Iterable[Problem]:
    known = known_gates()
    for name in spec.gates:
        if name not in known:
            yield Problem(
                "gate-unknown", "核查", f"没有接入“{name}”这项核查，办件会写“缺数据，待核实”",
                "去掉它，或请管理员接入", WARNING,
            )  # fmt: skip


def mark(problems: Sequence[Problem]) -> str:
    """A short mark of the warnings among these; equal warnings have equal marks."""
    told = "\n".join(str(one) for one in problems if one.severity != ERROR)
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def make_current(procedure: CaseProcedure, draft: ProcedureVersion, by: User | None) -> None:
    """The published version becomes the procedure's; the caller holds its row."""
    draft.published, draft.published_by, draft.published_at = True, by, timezone.now()
    draft.save()
    procedure.current, procedure.state = draft, CaseProcedure.State.PUBLISHED
    procedure.kind, procedure.applicant = draft.spec.kind, draft.spec.applicant
    procedure.__dict__.pop("spec", None)
    procedure.version += 1
    procedure.save(update_fields=["current", "state", "kind", "applicant", "version"])
