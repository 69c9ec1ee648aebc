"""Objections: one row waits, the answer takes effect, corrected rows are published anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.cases.models import Case, Task
from jigai.cases.services.act import act
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.models import Application, Objection, PublicityLine
from jigai.funding.publicity.services.end_notices import end_notices
from jigai.funding.publicity.services.file_objection import file_objection
from jigai.funding.publicity.services.publish_again import publish_again
from tests.factories import make_user
from tests.funding.publicity.decided import FEN, fresh, nonce, published

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]
PLACE = "203.0.113.7"


def objects(line: PublicityLine, told: str = "示例：设备没有到位", **more: Any) -> Case:
    return file_objection(line=line.pk, told=told, nonce=more.pop("nonce", nonce()),
                          address=PLACE, **more)  # fmt: skip


def do(case: Case, verb: str, by: User, **more: Any) -> Case:
    task = Task.objects.filter(case=case, state="open").first()
    return act(case=case.pk, verb=verb, by=by, access=access_of(by),
               task=task.pk if task else None, **more)  # fmt: skip


def settle(
    case: Case, outcome: str, amount: str = "", pair: tuple[User, User] | None = None
) -> Case:
    """Take up, check and answer an objection by two people."""
    first, second = pair or (make_user("section-clerk"), make_user("section-chief"))
    do(case, "accept", first)
    values = {"finding": "示例核查", "outcome": outcome}
    if amount:
        values["new_amount"] = amount
    do(case, "agree", first, values=values)
    return do(case, "agree", second, values={"answer": "示例答复"})


def test_an_objection_holds_its_row_and_no_other() -> None:
    first, second = published(2).lines.order_by("place")
    case = objects(first)
    assert case.receipt and case.receipt.startswith("YY-")
    assert fresh(first.application).state == "held"
    assert fresh(second.application).state == "public"
    second.refresh_from_db()
    assert second.state == "running"


def test_the_same_form_sent_twice_is_one_objection() -> None:
    line = published(1).lines.get()
    number = nonce()
    assert objects(line, nonce=number).pk == objects(line, nonce=number).pk
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("shift", [1, 30])
def test_after_the_period_nothing_is_taken_in(shift: int) -> None:
    notice = published(1)
    notice.starts_on -= dt.timedelta(days=60)
    notice.ends_on = notice.starts_on + dt.timedelta(days=shift)
    notice.save()
    with pytest.raises(JigaiError, match="公示期不在进行中"):
        objects(notice.lines.get())
    assert not Case.objects.exists()


def test_a_trap_or_no_words_or_too_many_are_refused() -> None:
    line = published(1).lines.get()
    with pytest.raises(JigaiError, match="应当空着"):
        objects(line, trap="x")
    with pytest.raises(JigaiError, match="没有写异议"):
        objects(line, told="  ")
    for _ in range(10):
        objects(line)
    with pytest.raises(JigaiError, match="一小时内最多"):
        objects(line)
    assert Objection.objects.count() == 10


def test_upheld_lowers_the_amount_frees_the_rest_and_is_published_again() -> None:
    notice = published(2)
    first, second = notice.lines.order_by("place")
    before = balances(notice.round.programme)
    settle(objects(first), "upheld", "4000元")
    first.refresh_from_db()
    assert first.state == "changed" and first.amount_fen == FEN
    application = fresh(first.application)
    assert application.decided_fen == 4_000_00 and application.state == "held"
    after = balances(notice.round.programme)
    assert after.reserved == before.reserved - 6_000_00
    assert after.available == before.available + 6_000_00
    by = make_user("section-chief")
    again = publish_again(publicity=notice, by=by, access=access_of(by))
    line = again.lines.get()
    assert line.application_id == first.application_id and line.amount_fen == 4_000_00
    assert again.again_of == notice and again.days == notice.days
    assert fresh(application).state == "public" and fresh(second.application).state == "public"
    with pytest.raises(JigaiError, match="没有更正后待重新公示"):
        publish_again(publicity=notice, by=by, access=access_of(by))


def test_a_corrected_row_is_not_cleared_with_the_first_notice() -> None:
    """Its own full period has to run, from the day it is published again."""
    notice = published(2)
    first, second = notice.lines.order_by("place")
    settle(objects(first), "upheld", "1元")
    end_notices(notice.ends_on + dt.timedelta(days=1))
    assert fresh(first.application).state == "held"
    assert fresh(second.application).state == "cleared"
    by = make_user("section-clerk")
    again = publish_again(publicity=notice, by=by, access=access_of(by))
    end_notices(again.ends_on)
    assert fresh(first.application).state == "public"
    end_notices(again.ends_on + dt.timedelta(days=1))
    assert fresh(first.application).state == "cleared"


def test_upheld_to_nothing_drops_the_row_with_the_reason() -> None:
    notice = published(1)
    line = notice.lines.get()
    settle(objects(line), "upheld", "0元")
    line.refresh_from_db()
    application = fresh(line.application)
    assert line.state == "dropped" and application.state == "refused"
    assert application.refusal["text"] == "示例答复" and application.decided_fen == 0
    assert balances(notice.round.programme).reserved == 0


def test_not_upheld_goes_on_to_the_end_and_no_further() -> None:
    notice = published(1)
    line = notice.lines.get()
    settle(objects(line), "rejected")
    line.refresh_from_db()
    assert line.state == "running" and fresh(line.application).state == "public"
    assert fresh(line.application).decided_fen == FEN
    end_notices(notice.ends_on)
    assert fresh(line.application).state == "public"
    end_notices(notice.ends_on + dt.timedelta(days=1))
    assert fresh(line.application).state == "cleared"


def test_answered_after_the_period_it_is_cleared_at_once() -> None:
    notice = published(1)
    line = notice.lines.get()
    case = objects(line)
    notice.starts_on -= dt.timedelta(days=60)
    notice.ends_on -= dt.timedelta(days=60)
    notice.save()
    end_notices()
    assert fresh(line.application).state == "held"
    settle(case, "rejected")
    notice.refresh_from_db()
    assert fresh(line.application).state == "cleared" and notice.state == "archived"


def test_two_objections_to_a_row_both_have_to_be_answered() -> None:
    line = published(1).lines.get()
    first, second = objects(line), objects(line)
    settle(first, "rejected")
    assert fresh(line.application).state == "held"
    settle(second, "rejected")
    assert fresh(line.application).state == "public"


def test_an_amount_that_is_not_lower_or_missing_is_refused() -> None:
    line = published(1).lines.get()
    case, clerk = objects(line), make_user("section-clerk")
    do(case, "accept", clerk)
    for outcome, amount in (("upheld", "10000元"), ("upheld", ""), ("rejected", "1元")):
        values = {
            "finding": "示例",
            "outcome": outcome,
            **({"new_amount": amount} if amount else {}),
        }
        with pytest.raises(JigaiError):
            do(case, "agree", clerk, values=values)
    assert Objection.objects.get().state == "open"
    assert fresh(line.application).decided_fen == FEN


def test_whoever_checked_does_not_answer() -> None:
    line = published(1).lines.get()
    case, clerk = objects(line), make_user("section-clerk")
    do(case, "accept", clerk)
    do(case, "agree", clerk, values={"finding": "示例", "outcome": "rejected"})
    with pytest.raises(JigaiError):
        do(case, "agree", clerk, values={"answer": "示例"})
    assert fresh(line.application).state == "held"


def test_not_taken_up_lets_the_row_go_on() -> None:
    line = published(1).lines.get()
    case = objects(line)
    do(case, "refuse_acceptance", make_user("section-clerk"), reason="与公示无关")
    found = Objection.objects.get()
    assert found.state == "rejected" and "与公示无关" in found.answer
    assert fresh(line.application).state == "public"
    assert Application.objects.get().decided_fen == FEN
