"""States follow one another by one table only; many move at once in a few statements."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move, move_many
from jigai.funding.applications.states import FOLLOWING, OVER, WITHDRAWABLE, may_follow
from jigai.funding.models import Application, ApplicationStep, Round
from tests.factories import make_enterprise, make_user
from tests.funding.making import make_application

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]
STATES = Application.State.values


def test_every_state_has_its_row_and_is_reached() -> None:
    assert set(FOLLOWING) == set(STATES)
    reached = {after for follows in FOLLOWING.values() for after in follows}
    # Objection, recovery, refusal and withdrawal are states of their own, not remarks.
    assert reached == set(STATES) - {"draft"} | {"draft"}
    assert {"held", "recovering", "refused", "withdrawn", "correction"} <= reached


def test_money_on_its_way_cannot_be_withdrawn_or_refused() -> None:
    for state in ("paying", "paid", "recovering"):
        assert not FOLLOWING[state] & set(OVER)
        assert state not in WITHDRAWABLE


@pytest.mark.parametrize("before", STATES)
def test_only_what_follows(before: str, round_: Round) -> None:
    firm = make_enterprise()
    for after in STATES:
        row = make_application(round_, firm, state=before)
        if may_follow(before, after):
            step = move(application=row, to=after, text="测试", by=None)
            row.refresh_from_db()
            assert (row.state, row.version, step.state) == (after, 2, after)
            continue
        with pytest.raises(JigaiError) as caught:
            move(application=row, to=after, text="测试", by=None)
        assert caught.value.code == "wrong-state"
        row.refresh_from_db()
        assert row.state == before and not row.steps.exists()


def test_many_move_together_or_not_at_all(round_: Round) -> None:
    rows = [make_application(round_, state="reviewed", fen=1) for _ in range(3)]
    odd = make_application(round_, state="paid", fen=1)
    keys = [row.pk for row in rows]
    with pytest.raises(JigaiError, match=odd.number), transaction.atomic():
        move_many(applications=[*keys, odd.pk], to="proposed", text="列入", by=None)
    assert not ApplicationStep.objects.exists()
    with transaction.atomic():
        assert move_many(applications=keys, to="proposed", text="列入", by=make_user()) == 3
    assert set(Application.objects.filter(pk__in=keys).values_list("state", "version")) == {
        ("proposed", 2)
    }
    assert ApplicationStep.objects.filter(state="proposed").exclude(by=None).count() == 3


def test_one_that_is_gone_stops_them_all(round_: Round) -> None:
    row = make_application(round_, state="reviewed", fen=1)
    with pytest.raises(JigaiError) as caught, transaction.atomic():
        move_many(applications=[row.pk, 10**9], to="proposed", text="列入", by=None)
    assert caught.value.code == "unknown-application"


def test_a_few_statements_however_many(round_: Round) -> None:
    firm = make_enterprise()

    def statements(count: int) -> int:
        keys = [make_application(round_, firm, state="public", fen=1).pk for _ in range(count)]
        with CaptureQueriesContext(connection) as caught:
            move_many(applications=keys, to="cleared", text="公示无异议", by=None)
        return len(caught)

    assert statements(2) == statements(15) <= 4


def test_the_course_only_grows(round_: Round) -> None:
    from django.db import DatabaseError

    row = make_application(round_, state="submitted", fen=1)
    move(application=row, to="review", text="受理", by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.steps.update(text="别的")
