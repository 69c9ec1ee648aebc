"""补正: the applicant hands in what was asked for; what changed is kept side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.checks import problems_of
from jigai.funding.applications.editing import asked_sections, locked, require_applicant
from jigai.funding.applications.receipt import changes_between, content_of, receipt_of
from jigai.funding.applications.services.move_application import note
from jigai.funding.applications.services.submit_application import require_complete
from jigai.funding.compute.estimate import estimate
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application
from jigai.funding.review.services.correct_application import answer_correction


def correct_sections(*, application: int, by: User, access: Access) -> dict[str, Any]:
    """Answer a 补正 with the application as it now stands; returns what changed, in words.

    Only the sections asked for could be changed. Raises :class:`JigaiError` where nothing is asked
    for, nothing was changed, or something is still missing.
    """
    with transaction.atomic():
        shown = Application.objects.select_related("measure", "round", "enterprise").get(
            pk=application
        )
        require_applicant(shown, access)
        asked = asked_sections(shown)
        if not asked:
            raise JigaiError("nothing-asked", "没有要求补正", "刷新页面查看状态")
        changed = changes_since(shown)
        if not changed:
            raise JigaiError("nothing-changed", "还没有按要求修改任何一处", "改好要求的部分再提交")
        said = _said(changed)
        # The case is locked before the application, as everywhere in a review.
        answer_correction(application=shown, by=by, access=access,
                          changed=dict.fromkeys(asked, said))  # fmt: skip
        row = locked(application)
        found = estimate(row)
        require_complete([p for p in problems_of(row, found) if p.part != "申报数量"])
        count_lines(application=row)
        _keep(row, changed, by)
    return changed


def changes_since(row: Application) -> dict[str, Any]:
    """What differs from what was handed in last: ``{what: [before, after]}``."""
    return changes_between(row, last_content(row), content_of(row))


def last_content(row: Application) -> dict[str, Any]:
    """The content of the last hand-in; empty before the first."""
    step = row.steps.filter(data__has_key="content").order_by("-id").first()
    return dict(step.data["content"]) if step else {}


def _keep(row: Application, changed: Mapping[str, Any], by: User) -> None:
    moment = timezone.now()
    content = content_of(row)
    row.receipt = receipt_of(content, moment, by.username)
    row.stale = "补正改动了申报内容" if row.computed_fen is not None else row.stale
    row.save(update_fields=["receipt", "stale"])
    data = {
        "changed": dict(changed), "receipt": row.receipt, "content": content,
        "at": moment.isoformat(), "by": by.username,
    }  # fmt: skip
    note(application=row, text=f"补正改动 {len(changed)} 处", by=by, data=data)


def _said(changed: Mapping[str, Any]) -> str:
    rows = [
        f"{name}：{old or '（空）'} → {new or '（空）'}" for name, (old, new) in changed.items()
    ]
    return "；".join(rows)[:900]
