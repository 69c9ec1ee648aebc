"""Opens a ticket about a problem of a project."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.cases.models import Case, CaseEvidence
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import Access
from jigai.core.evidence import cite
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.projects.work.access import VIEW, project_in_reach
from jigai.projects.work.issues import ABOUT, CODE, KINDS


def open_issue(
    *, project: int, heading: str, kind: str, told: str, by: User, access: Access, key: str,
    wanted: str = "", file: EvidenceFile | None = None,
) -> Case:  # fmt: skip
    """A problem, handed in: it waits to be assigned from now on.

    ``key`` tells one sending of the form from another. What an enterprise raised is confirmed by
    the enterprise, what an office raised by whoever raised it. Raises :class:`Denied` out of reach
    and :class:`JigaiError` for empty words.
    """
    row = project_in_reach(access, project)
    if not heading.strip() or not told.strip():
        raise JigaiError("no-words", "没有写问题或情况", "写清是什么问题、卡在哪里")
    if kind not in KINDS:
        raise JigaiError("no-kind", "没有选问题类别", "从列表里选")
    own = {g.enterprise_id for g in access.granting(VIEW) if g.enterprise_id}
    firm = row.enterprise if row.enterprise_id in own else None
    values: dict[str, Any] = {
        "heading": heading.strip(), "project": row.name, "kind": kind, "told": told.strip(),
        "firm": row.enterprise.name if row.enterprise else row.enterprise_raw,
        "wanted": wanted.strip(),
    }  # fmt: skip
    with transaction.atomic():
        case = open_case(
            procedure=own_procedure(CODE), by=by, region=row.region_code[:6],
            key=f"{CODE}:{row.pk}:{key}"[:80], title=heading.strip(), values=values, firm=firm,
        )  # fmt: skip
        case.about = f"{ABOUT}{row.pk}"
        case.save(update_fields=["about"])
        if file is not None:
            _attach(case, file, by)
    return case


def _attach(case: Case, file: EvidenceFile, by: User) -> None:
    CaseEvidence.objects.get_or_create(
        case=case, item="proof",
        defaults={"state": CaseEvidence.State.GIVEN, "file": file, "given_on": case.submitted_on,
                  "by": by},
    )  # fmt: skip
    cite(file=file, kind="case", key=case.pk, label=case.title, purpose="照片或文件", by=by)
