"""A person with the duty confirms a fact for some subjects."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.errors import JigaiError
from jigai.policies.confirmable import Confirmable
from jigai.policies.models import Confirmation, Decision, EvaluationRun


def confirm_term(
    *,
    run: EvaluationRun,
    fact: Confirmable,
    keys: Sequence[str],
    value: bool | None,
    note: str,
    by: User,
    access: Access,
    evidence: EvidenceFile | None = None,
) -> int:
    """Record one answer for each subject; the number recorded.

    Answers count from now on: a new evaluation sees them, old ones stay as they are. Raises
    :class:`Denied` without the duty and :class:`JigaiError` for subjects that do not wait for it,
    or a refusal without a reason.
    """
    access.require(fact.capability)
    strangers = sorted(set(keys) - set(fact.keys))
    if strangers or not keys:
        raise JigaiError(
            "not-waiting",
            f"所选对象中有 {len(strangers)} 个不在待确认之列" if strangers else "还没有选择对象",
            "请刷新页面后重新选择",
        )
    if value is False and not note.strip():
        raise JigaiError("no-reason", "确认“不符合”须写明理由", "在说明里写清依据")
    labels = _labels(run, fact, keys)
    now, department = timezone.now(), _department(access, fact.capability)
    rows = [
        Confirmation(
            term=fact.term,
            term_name=fact.name,
            year=run.year,
            subject=fact.subject,
            subject_key=key,
            label=labels[key][0],
            region_code=labels[key][1] or run.region_code,
            enterprise_id=labels[key][2],
            value=value,
            note=note.strip(),
            evidence=evidence,
            by=by,
            department=department,
            at=now,
        )
        for key in dict.fromkeys(keys)
    ]
    with transaction.atomic():
        Confirmation.objects.bulk_create(rows)
    return len(rows)


def _department(access: Access, capability: str) -> str:
    grants = access.granting(capability)
    return next((grant.department for grant in grants if grant.department), "")


def _labels(
    run: EvaluationRun, fact: Confirmable, keys: Sequence[str]
) -> dict[str, tuple[str, str, int | None]]:
    """Name, region and enterprise by key."""
    if fact.subject == "enterprise":
        found = Enterprise.objects.filter(uscc__in=keys).order_by("id")
        return {e.uscc: (e.name, e.region_code, e.pk) for e in found}
    rows = Decision.objects.filter(run=run, subject=fact.subject, subject_key__in=keys)
    return {d.subject_key: (d.label, d.region_code, d.enterprise_id) for d in rows.order_by("id")}
