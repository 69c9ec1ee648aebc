"""What comes of a visit: two inspectors, a day to put things right, a proposal to the credit
register."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.cases.models import Case, CaseRecord, CaseStep
from jigai.cases.services.step_days import last_until
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.models import Entry, Register
from jigai.registers.services.propose_entry import propose_entry

# The kind of record of the clause itself; its terms are for the credit office to fix.
KIND = "企业信用记录（地方采集）"


def check_visit(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` for one inspector named twice, or a visit yet to come."""
    given = case.values
    if str(given.get("inspector_a")).strip() == str(given.get("inspector_b")).strip():
        raise JigaiError("one-inspector", "两名检查人员写的是同一个人", "现场检查不少于两人")
    if given.get("inspected_on", "") > timezone.localdate().isoformat():
        raise JigaiError("visit-day", "检查日期还没有到", "检查以后再登记")


def check_result(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` where a correction has no day, or a credit record no words."""
    given = case.values
    if given.get("outcome") == "rectify" and not _later(given.get("rectify_by")):
        raise JigaiError("no-rectify-day", "责令改正没有写以后的改正期限", "填写今天以后的一天")
    if given.get("to_credit") and not str(given.get("credit_words") or "").strip():
        raise JigaiError("no-credit-words", "提请记入信用记录，没有写内容", "写明违反了什么")


def _later(day: object) -> bool:
    return bool(day) and str(day) > timezone.localdate().isoformat()


def set_rectify_limit(case: Case, row: CaseStep, by: User | None) -> None:
    """The step to look again lasts to the day fixed."""
    last_until(case, row, "rectify_by")


def propose_credit(case: Case, by: User | None) -> None:
    """Propose a record where the inspection asks for one; why it could not be is a line of the
    case, for the visit itself is done."""
    firm = case.values.get("firm") or {}
    if not case.values.get("to_credit"):
        return
    told = "已提请记入企业信用记录，等待审核"
    try:
        with transaction.atomic():
            _propose(case, by, firm)
    except JigaiError as problem:
        told = f"没有能提请记入信用记录：{problem.message}。{problem.hint}"
    CaseRecord.objects.create(case=case, verb="write", by=by, reason=told)


def _propose(case: Case, by: User | None, firm: dict[str, object]) -> None:
    register = Register.objects.select_related("current").filter(code="credit-records").first()
    kind = Entry.objects.filter(register__code="credit-record-types", title=KIND).first()
    if register is None or kind is None:
        raise JigaiError("no-register", "没有企业信用记录名录", "由信用主管部门登记")
    if by is None or not firm.get("id"):
        raise JigaiError("no-firm", "抽查对象不是平台里的企业", "由信用主管部门登记")
    today = timezone.localdate().isoformat()
    given = case.values
    propose_entry(
        register=register, by=by, access=access_of(by), source=f"双随机抽查 {case.number}",
        reason="抽查发现", document=str(given.get("notice_no") or ""),
        values={
            "number": case.number, "enterprise": firm,
            "type": {"id": kind.pk, "name": kind.title}, "happened": given["inspected_on"],
            "content": given["credit_words"], "collected_from": "双随机抽查", "collected_on": today,
            "merged_by": "按抽查名单里的企业并入", "merged_on": today,
        },
    )  # fmt: skip
