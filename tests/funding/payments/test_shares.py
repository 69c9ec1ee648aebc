"""Splitting to the fen: levels of government, and members of a consortium."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.funding.models import Application
from jigai.funding.payments.payees import payees_of
from jigai.funding.payments.plan import plan_batch
from jigai.funding.payments.services.set_shares import NewShare, set_shares
from jigai.funding.payments.shares import levels_of, shares_told, split, split_levels
from jigai.policies.models import Decision, EvaluationRun
from tests.factories import make_consortium, make_enterprise
from tests.funding.making import make_measure, make_pack
from tests.funding.payments.scene import Scene, make_account, states

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]
AMOUNTS = st.integers(0, 10**13)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_and_none_is_a_fen_off(fen: int, weights: list[int]) -> None:
    parts = split(fen, weights)
    assert sum(parts) == fen
    whole = sum(weights)
    assert all(abs(p * whole - fen * w) < whole for p, w in zip(parts, weights, strict=True))


@given(AMOUNTS, WEIGHTS)
def test_the_same_in_gives_the_same_out_and_nothing_for_no_weight(
    fen: int, weights: list[int]
) -> None:
    parts = split(fen, [*weights, 0])
    assert parts == split(fen, [*weights, 0]) and parts[-1] == 0


def test_equal_remainders_go_to_the_earlier() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(1, [1, 1]) == [1, 0]
    for wrong in ([0, 0], [1, -1]):
        with pytest.raises(ValueError, match="weights"):
            split(1, wrong)


def test_levels_are_split_and_without_any_the_fund_bears_all() -> None:
    levels = [("省级", Decimal("40")), ("市级", Decimal("33.3333")), ("县级", Decimal("26.6667"))]
    assert split_levels(10001, levels) == [("省级", 4000), ("市级", 3334), ("县级", 2667)]
    assert split_levels(10001, []) == [("", 10001)]


def set_(scene: Scene, *shares: tuple[str, str | None]) -> Any:
    given = [NewShare(n, None if p is None else Decimal(p), "测试办法第三条") for n, p in shares]
    return set_shares(round_=scene.round, shares=given, by=scene.clerk,
                      access=access_of(scene.clerk))  # fmt: skip


def test_an_open_share_leaves_everything_to_the_fund_and_says_so() -> None:
    scene = Scene((100_01,))
    assert "本专项资金全额负担" in shares_told([])
    shares = set_(scene, ("省级", "30"), ("县级", None))
    assert levels_of(scene.round) == []
    assert "未定（县级）" in shares_told(shares)
    request = scene.granted()
    order = scene.made(request).orders.get()
    assert (order.level, order.amount_fen) == ("", 100_01)


def test_orders_by_level_reconcile_and_all_must_arrive() -> None:
    scene = Scene((100_01, 33_33))
    set_(scene, ("省级", "30"), ("市级", "30"), ("县级", "40"))
    batch = scene.sent()
    assert batch.rows == 6 and batch.total_fen == 133_34
    for application in scene.applications:
        parts = application.orders.values_list("amount_fen", flat=True)
        assert sum(parts) == application.decided_fen
    one = scene.applications[0].orders.get(level="市级")
    scene.answer(batch, leave=[one.reference])
    assert states(*scene.applications) == ["paying", "paid"]
    first = Application.objects.get(pk=scene.applications[0].pk)
    assert first.paid_fen == 100_01 - one.amount_fen and first.paid_on is None
    scene.answer(batch, leave=[o.reference for o in batch.orders.exclude(pk=one.pk)], name="余.csv")
    assert states(*scene.applications) == ["paid", "paid"]


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((("省级", "60"), ("县级", "50")), "shares-over"),
        ((("省级", "60"), ("县级", "30")), "shares-not-whole"),
        ((("省级", "50"), ("省级", "50")), "level-twice"),
    ],
)
def test_shares_that_are_none(shares: Any, code: str) -> None:
    with pytest.raises(JigaiError) as error:
        set_(Scene((1,)), *shares)
    assert error.value.code == code


def test_shares_stay_once_there_are_orders() -> None:
    scene = Scene((100_00,))
    scene.made(scene.granted())
    with pytest.raises(JigaiError) as error:
        set_(scene, ("省级", "100"))
    assert error.value.code == "already-ordered"


@pytest.fixture
def evaluation() -> EvaluationRun:
    """A run as stored; only its decisions matter here."""
    now = timezone.now()
    return EvaluationRun.objects.create(
        pack=make_pack(), year=2021, region_code="370812", as_of=now.date(), known_at=now,
        snapshot="", snapshot_file="", root_hash="0" * 64, chain_hash="1" * 64, payable=True,
        engine="test", created_at=now,
    )  # fmt: skip


@pytest.fixture
def pool(evaluation: EvaluationRun) -> tuple[Scene, Application, list[Any]]:
    """A consortium of three whose run gave 60, 30 and 10 per cent of 1,000.00 元."""
    scene = Scene((), fund=10_000_00)
    firms = [make_enterprise() for _ in range(3)]
    consortium = make_consortium(members=tuple(firms))
    lead = Decision.objects.create(
        run=evaluation, subject="consortium", subject_key=consortium.code, label="共同体",
        region_code="370812", verdict=1, paid_fen=1000_00,
    )  # fmt: skip
    for member, fen in zip(
        consortium.members.order_by("id"), (600_00, 300_00, 100_00), strict=True
    ):
        Decision.objects.create(
            run=evaluation, subject="member", subject_key=f"{consortium.code}#{member.pk}",
            label="成员", region_code="370812", verdict=1, paid_fen=fen,
        )  # fmt: skip
    item = scene.add(1000_00, enterprise=firms[0], consortium=consortium, decision=lead,
                     measure=make_measure(scene.round, "consortium"))  # fmt: skip
    for firm in firms[1:]:
        make_account(firm, proposed_by=scene.clerk, verified_by=scene.finance)
    scene.applications = [item]
    scene.reserve([item])
    return scene, item, firms


@pytest.mark.system("consortium-subsidy")
def test_a_consortium_pays_each_member_its_share(pool: Any) -> None:
    scene, item, firms = pool
    batch = scene.sent()
    found = dict(batch.orders.values_list("enterprise", "amount_fen"))
    assert found == {firms[0].pk: 600_00, firms[1].pk: 300_00, firms[2].pk: 100_00}
    back = batch.orders.get(enterprise=firms[1])
    scene.answer(batch, back=[back.reference])
    assert states(item) == ["cleared"]
    back.account.refresh_from_db()
    back.account.state, back.account.verified_by = "verified", scene.treasury
    back.account.save()
    again = scene.sent(batch.request)
    assert again.total_fen == 300_00
    scene.answer(again, name="再.csv")
    assert states(item) == ["paid"]
    assert Application.objects.get(pk=item.pk).paid_fen == 1000_00


@pytest.mark.system("consortium-subsidy")
def test_what_the_meeting_lowered_is_shared_in_proportion(pool: Any) -> None:
    _scene, item, firms = pool
    item.decided_fen = 999_99
    assert payees_of([item])[item.pk] == [
        (firms[0].pk, 599_99), (firms[1].pk, 300_00), (firms[2].pk, 100_00)
    ]  # fmt: skip


@pytest.mark.system("consortium-subsidy")
def test_without_shares_of_members_nothing_is_paid(pool: Any) -> None:
    scene, item, firms = pool
    request = scene.granted()
    item.consortium.members.filter(enterprise=firms[2]).update(enterprise=None)
    plan = plan_batch(request)
    assert plan.payments == [] and "没有成员的分配" in plan.blocked[0].reason
