"""What happens to an application as its review moves on; hooks of the case.

They run in the transaction of the deed, with the case locked first and the application after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from jigai.cases.about import About
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.refusal_reason import reason_of_refusal
from jigai.cases.services.give_tasks import pool
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move
from jigai.funding.applications.states import OVER
from jigai.funding.invoices.uses import give_back
from jigai.funding.models import Application
from jigai.funding.review.readiness import require_reviewed
from jigai.funding.review.refusals import refuse
from jigai.funding.review.services.confirm_audit import confirm_audit, require_audited, unconfirm
from jigai.funding.review.words import ABOUT, FORMAL

State: Any = Application.State
_ANSWERED: ContextVar[bool] = ContextVar("answered in the application", default=False)


def application_of(case: Case) -> Application | None:
    """The application a case reviews, locked; ``None`` for a case of another matter."""
    if not case.about.startswith(ABOUT):
        return None
    rows = Application.objects.select_for_update(of=("self",)).select_related("round", "measure")
    return rows.filter(pk=int(case.about.removeprefix(ABOUT))).first()


def about(pk: int) -> About | None:
    """The application; its page checks reach."""
    from django.urls import reverse

    row = Application.objects.filter(pk=pk).only("number", "title").first()
    return About("申报", str(row), reverse("review-application", args=[pk])) if row else None


def accepted(case: Case, by: User | None) -> None:
    """受理: the review runs. Without an audit the claimed base is the base."""
    row = application_of(case)
    if row is None or row.state != State.SUBMITTED:
        return
    move(application=row, to=State.REVIEW, text="已受理，进入审核", by=by)
    if case.values.get("audit") is False:
        Application.objects.filter(pk=row.pk).update(audited_fen=row.claimed_fen)


def correction(case: Case, by: User | None) -> None:
    """补正: what was asked for, section by section, stands in the course of the application."""
    row = application_of(case)
    if row is None:
        return
    asked = case.corrections.order_by("-id")[0]
    said = "；".join(f"{one['name']}：{one['say']}" for one in asked.fields)
    data = {"asked": asked.fields, "due": str(asked.due or ""), "correction": asked.pk}
    move(application=row, to=State.CORRECTION, text=f"要求补正：{said}", by=by, data=data)


@contextmanager
def answering() -> Iterator[None]:
    """What follows answers a 补正 from the page of the application."""
    token = _ANSWERED.set(True)
    try:
        yield
    finally:
        _ANSWERED.reset(token)


def supplied(case: Case, by: User | None) -> None:
    """The 补正 is over; the application is where it was.

    Raises :class:`JigaiError` where somebody answers in the case: what is corrected lies in the
    application.
    """
    row = application_of(case)
    if row is None or row.state != State.CORRECTION:
        return
    if by is not None and not _ANSWERED.get():
        raise JigaiError(
            "answer-there", "补正要在申报页面修改后提交", "打开申报，按要求修改，再点“提交补正”"
        )
    back = State.SUBMITTED if case.accepted_on is None else State.REVIEW
    text = "补正已提交，继续审核" if by is not None else "补正期限已过，按现有材料审核"
    move(application=row, to=back, text=text, by=by)


def closed(case: Case, by: User | None) -> None:
    """The opinion stands: reviewed, or refused with the reason."""
    row = application_of(case)
    if row is None or row.state != State.REVIEW:
        return
    if case.result == Case.Result.REFUSED:
        refuse(application=row, reason=reason_of_refusal(case), by=by)
        return
    move(application=row, to=State.REVIEWED, text="审核完毕", by=by)


def ended(case: Case, by: User | None) -> None:
    """Not accepted, withdrawn, or lapsed: the application ends the same way."""
    row = application_of(case)
    if row is None or row.state in OVER:
        return
    last = case.records.exclude(reason="").order_by("-id").first()
    reason = last.reason if last else ""
    if case.state == Case.State.REFUSED:
        refuse(application=row, reason=reason or "不予受理", by=by)
        return
    move(application=row, to=State.WITHDRAWN, text=f"已撤回：{reason}" if reason else "已撤回",
         by=by)  # fmt: skip
    give_back(application=row, why="申报撤回")


def set_days(case: Case, row: CaseStep, by: User | None) -> None:
    """The limit of a step is the one promised in the timetable of the round."""
    pk = int(case.about.removeprefix(ABOUT))
    table = Application.objects.values_list("round__timetable", flat=True).get(pk=pk)
    days = table.get("formal" if row.code == FORMAL else "review")
    if days:
        row.days = int(days)
        row.save(update_fields=["days"])


def give_auditor(case: Case, row: CaseStep, by: User | None) -> None:
    """The audit goes to the auditor who was named, else to all of the role."""
    named = str(case.values.get("auditor") or "").strip()
    if not named:
        return
    held = User.objects.filter(pk__in=pool("audit-firm"))
    person = held.filter(username__iexact=named).first() or held.filter(name=named).first()
    if person is None:
        raise JigaiError(
            "no-such-auditor", f"“{named}”不是审计机构的账号", "核对账号；不指定的留空，由其领办"
        )
    Task.objects.filter(step=row, state=Task.State.OPEN).exclude(person=person).update(
        state=Task.State.CANCELLED
    )


def audited(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` where the auditor leaves a line without a figure."""
    application = application_of(case)
    if application is not None:
        require_audited(application)


def confirmed(case: Case, row: CaseStep, by: User | None) -> None:
    """The bureau confirms the auditor's figures."""
    application = application_of(case)
    if application is not None:
        confirm_audit(application=application, by=by)


def unconfirmed(case: Case, row: CaseStep, by: User | None) -> None:
    """A confirmation that is to be done again does not count."""
    application = application_of(case)
    if application is not None:
        unconfirm(application)


def concluded(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` for an agreement without an amount; keep the score."""
    application = application_of(case)
    if application is None or row.result != "agree":
        return
    score = case.values.get("score")
    if case.values.get("compete") and score in (None, ""):
        raise JigaiError("no-score", "竞争性评审的申报没有评分", "填上评分再形成审核意见")
    if score not in (None, ""):
        Application.objects.filter(pk=application.pk).update(score=Decimal(str(score)))
    require_reviewed(application)
