"""出具文书: one notice of a case, with its code, on record and told to the applicant."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.cases.models import CaseRecord
from jigai.cases.papers import OBJECT, letter_of, may_issue, require_paper
from jigai.cases.services.act import locked_case
from jigai.cases.services.tell import tell_applicant
from jigai.cases.viewer import Viewer, viewer_of
from jigai.core.access import Access, Denied
from jigai.core.documents import documents_of, issue_document
from jigai.core.models import IssuedDocument, User


def issue_paper(*, case: int, kind: str, by: User, access: Access) -> IssuedDocument:
    """Issue one notice of a case; each call issues another copy with a number of its own.

    Raises :class:`Denied` for somebody who neither worked on the case nor oversees it, and
    :class:`JigaiError` where the case is not so far.
    """
    with transaction.atomic():
        row = locked_case(case)
        view = viewer_of(row, access)
        if not may_issue(view):
            raise Denied("not-the-handler", "只有办理人、办过的人和督办人可以出具文书")
        one = require_paper(view, kind)
        before = documents_of(OBJECT, row.pk).filter(kind=f"case-{kind}").count()
        number = f"{row.number}-{one['word']}-{before + 1}"
        issued = issue_document(
            kind=f"case-{kind}", title=one["title"], number=number, object_kind=OBJECT,
            object_key=row.pk, by=by, region_code=row.region_code or access.home_region,
            context=letter_of(view, kind, organ_of(view)), enterprise=row.enterprise,
            # Whoever holds the code sees what it is about, not whom.
            public_summary=[("事项", row.procedure.name), ("办件编号", row.number)],
            url=reverse("case-detail", args=[row.number]),
        )  # fmt: skip
        CaseRecord.objects.create(
            case=row, verb="paper", by=by, unit=organ_of(view),
            data={"document": issued.pk, "title": str(issued), "code": issued.code},
        )  # fmt: skip
        tell_applicant(row, f"已出具{one['title']}")
    return issued


def organ_of(view: Viewer) -> str:
    """In whose name a notice goes out: the department in which the person had a task, else the one
    they belong to."""
    desk = view.desk
    own = [t for t in view.tasks if t.acted_by_id == desk.user or t in view.open_tasks]
    for task in (*own, *view.tasks):
        if task.department is not None and (task in own or task.department_id in desk.departments):
            return str(task.department)
    for grant in view.access.grants:
        if grant.department_id and grant.holder:
            return str(grant.holder)
    return "承办单位"
