"""What an answered objection does to its row, and only to it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move, note
from jigai.funding.budgets.money import release
from jigai.funding.invoices.uses import give_back
from jigai.funding.models import Application, Objection, PublicityLine
from jigai.funding.publicity.services.end_notices import archive_if_done
from jigai.funding.publicity.services.file_objection import held_line

Line: Any = PublicityLine.State
S: Any = Application.State
Outcome: Any = Objection.State


def require_amount(line: PublicityLine, outcome: str, fen: int | None) -> None:
    """Raise :class:`JigaiError` unless an objection that is upheld lowers the amount (0 drops the
    row) and one that is not leaves it."""
    if outcome == Outcome.UPHELD and fen is None:
        raise JigaiError("no-amount", "异议成立，没有写更正金额", "填更正后的金额；取消支持填 0元")
    if outcome == Outcome.UPHELD and fen is not None and fen >= line.amount_fen:
        raise JigaiError(
            "amount-not-lower", "更正金额不低于公示金额", "要提高金额的，重新提请审定，不能由异议改"
        )
    if outcome == Outcome.REJECTED and fen is not None:
        raise JigaiError("amount-kept", "异议不成立，不能更正金额", "清空更正金额")


def answer_objection(
    *, objection: Objection, outcome: str, amount_fen: int | None, answer: str, by: User | None
) -> Objection:
    """Settle an objection; runs in the transaction that closes its case.

    Upheld: the amount is lowered, its difference is free again, and the row waits to be published
    anew; at 0 the support is dropped. Not upheld: the row goes on to the end of its full period.
    Raises :class:`JigaiError` for an amount that does not fit.
    """
    line = held_line(objection.line_id)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.state != Outcome.OPEN:
        return row
    require_amount(line, outcome, amount_fen)
    row.state, row.answer, row.amount_fen = outcome, answer, amount_fen
    row.save()
    application = Application.objects.select_for_update(of=("self",)).get(pk=line.application_id)
    if outcome == Outcome.UPHELD and amount_fen is not None:
        _correct(row, line, application, amount_fen, by)
    elif line.state == Line.HELD and not _others(line):
        _resume(line, application, by)
    archive_if_done(line.publicity)
    return row


def _others(line: PublicityLine) -> bool:
    return line.objections.filter(state=Outcome.OPEN).exists()


def _correct(
    row: Objection, line: PublicityLine, application: Application, fen: int, by: User | None
) -> None:
    before = application.decided_fen or 0
    if application.state != S.HELD or line.state not in (Line.HELD, Line.CHANGED) or fen >= before:
        # Another objection dropped the row or lowered it further: there is nothing left to do.
        return
    line.state, line.cleared_on = (Line.CHANGED if fen else Line.DROPPED), timezone.localdate()
    line.save(update_fields=["state", "cleared_on"])
    release(
        programme=application.round.programme, application=application.pk, fen=before - fen,
        key=f"objection:{row.pk}", text=f"公示异议成立，{application.number}",
        on=timezone.localdate(), by=by,
    )  # fmt: skip
    application.decided_fen = fen
    if fen:
        application.save(update_fields=["decided_fen"])
        note(application=application, text="公示异议成立，金额更正，待重新公示", by=by,
             data={"审定金额": [before, fen]})  # fmt: skip
        return
    application.refusal = _refusal(line, row)
    application.save(update_fields=["decided_fen", "refusal"])
    move(application=application, to=S.REFUSED, text="公示异议成立，取消支持", by=by)
    give_back(application=application, why="公示异议成立，取消支持")


def _refusal(line: PublicityLine, row: Objection) -> dict[str, Any]:
    return {"code": "objection-upheld", "text": row.answer, "clause": line.clause,
            "number": line.publicity.number}  # fmt: skip


def _resume(line: PublicityLine, application: Application, by: User | None) -> None:
    today = timezone.localdate()
    over = line.publicity.state != "running" or today > line.publicity.ends_on
    line.state, line.cleared_on = (Line.CLEARED, today) if over else (Line.RUNNING, None)
    line.save(update_fields=["state", "cleared_on"])
    text = "公示异议不成立" + ("，公示期已满，待拨付" if over else "，公示继续到期满")
    move(application=application, to=S.CLEARED if over else S.PUBLIC, text=text, by=by)
