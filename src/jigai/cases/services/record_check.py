"""Writes down what a look at a promise found."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import HANDLE, SUPERVISE, desk_of
from jigai.cases.models import CaseRecord, FulfilmentCheck
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches

RESULTS = {"kept": "已履行", "partly": "部分履行，限期整改", "broken": "未履行承诺"}


def may_record(check: FulfilmentCheck, access: Access) -> bool:
    """Whether it is this person's to do: of the department, or supervising the region."""
    if access.user is None:
        return False
    if access.can(HANDLE) and check.department_id in desk_of(access).departments:
        return True
    return reaches(access, SUPERVISE, check.case.region_code)


def record_check(
    *, check: int, result: str, words: str, by: User, access: Access
) -> FulfilmentCheck:
    """The result with what was seen; a broken promise is told to those who may revoke.

    Raises :class:`Denied` for others and :class:`JigaiError` for an unknown result, no words, or a
    check that is done.
    """
    with transaction.atomic():
        found = (
            FulfilmentCheck.objects.select_for_update(of=("self",)).select_related("case")
            .get(pk=check)
        )  # fmt: skip
        if not may_record(found, access):
            raise Denied("not-yours", "这项核查不归您办", "请联系承办单位")
        if found.result:
            raise JigaiError(
                "check-done", f"这项核查已经登记：{found.get_result_display()}", "刷新页面看结果"
            )
        if result not in RESULTS:
            raise JigaiError("bad-result", "没有选择核查结果", "在已履行、部分履行、未履行里选一个")
        if not words.strip():
            raise JigaiError("no-words", "没有写核查情况", "写明看了什么、结果怎样")
        found.result, found.words, found.by = result, words.strip()[:2000], by
        found.done_on = timezone.localdate()
        found.save()
        CaseRecord.objects.create(
            case=found.case, verb="check", by=by, reason=found.words,
            data={"check": found.name, "result": RESULTS[result]},
        )  # fmt: skip
        if result == "broken":
            transaction.on_commit(lambda: _tell(found))
    return found


def _tell(check: FulfilmentCheck) -> None:
    for person in people_with(SUPERVISE, check.case.region_code):
        send_notice(
            user=person, event="case-check", title=f"未履行承诺：{check.case.title}",
            body=f"{check.name}：{check.words[:200]}",
            url=reverse("fulfilment-detail", args=[check.pk]),
        )  # fmt: skip
