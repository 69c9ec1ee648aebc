"""Priorities order applications; they never let one in or keep one out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.funding.compute.run_round import run_round
from jigai.funding.models import Application
from jigai.funding.rounds.directions import directions_on, tag_directions
from jigai.funding.rounds.queue import queue_order, ranked
from jigai.registers.services.load_content import load_file as load_register
from jigai.rules.plan import PAY
from tests.factories import COUNTY, make_line, make_project, make_regions, make_user
from tests.funding.making import make_application, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.system("priority-funding-direction")]
FIRST = {"code": "YZ-1", "name": "示例方向", "document": "yanzhou-2020", "clause": "六.3"}
SECOND = {**FIRST, "code": "YZ-2", "name": "示例方向二"}


def quiet(step: str, share: float) -> None:
    """Progress nobody watches."""


def qualified(firm: Any, round_: Any, **fields: Any) -> Application:
    """An application whose project meets every condition, over 1,000 万元 of equipment."""
    enterprise = firm(f"兖州示例{Application.objects.count()}机械有限公司")
    project = make_project(enterprise, in_statistics=True, filing="yes", filing_no="370812-1",
                           nature="retrofit")  # fmt: skip
    line = make_line(project, amount_fen=1_000_000_000, total_fen=1_130_000_000,
                     buyer_matches=True, arithmetic_ok=True)  # fmt: skip
    return make_application(round_, enterprise, project=project, lines=(line,),
                            state="submitted", **fields)  # fmt: skip


def test_without_any_direction_it_is_eligible_and_in_the_list(firm: Any) -> None:
    """The toy makes the priority the only condition."""
    zone = timezone.get_current_timezone()
    round_ = make_round(priorities=[FIRST], opens_at=dt.datetime(2021, 11, 1, tzinfo=zone),
                        closes_at=dt.datetime(2021, 12, 31, tzinfo=zone))  # fmt: skip
    plain = qualified(firm, round_)
    marked = qualified(firm, round_, directions=["YZ-1"])
    run_round(round_=round_, basis="claimed", by=None, progress=quiet)
    plain.refresh_from_db()
    marked.refresh_from_db()
    for row in (plain, marked):
        assert row.decision is not None
        assert row.decision.verdict == PAY, row.decision.reasons
    assert plain.computed_fen == marked.computed_fen == 30_000_000
    assert queue_order(round_) == [marked.pk, plain.pk]


def test_order_by_score_then_direction_then_time_and_ties_are_told() -> None:
    round_ = make_round(priorities=[FIRST, SECOND], mode="compete")

    def make(score: Any, *codes: str) -> Application:
        return make_application(round_, state="review", score=score, directions=list(codes))

    late, second, first = make(80), make(80, "YZ-2"), make(80, "YZ-2", "YZ-1")
    best, twin, unscored = make(90), make(90), make(None, "YZ-1")
    make_application(round_, state="withdrawn", score=99)
    rows = ranked(round_)
    assert [row.pk for row in rows] == [best.pk, twin.pk, first.pk, second.pk, late.pk, unscored.pk]
    assert [row.standing for row in rows] == [1, 1, 3, 4, 5, 6]
    assert [row.tied for row in rows] == [True, True, False, False, False, False]


def test_a_direction_is_tagged_by_whoever_reviews_and_changes_nothing_else() -> None:
    round_ = make_round(priorities=[FIRST])
    row = make_application(round_, state="review", fen=500)
    clerk = make_user("section-clerk")
    done = tag_directions(application=row.pk, codes=["YZ-1"], by=clerk, access=access_of(clerk))
    assert done.directions == ["YZ-1"] and done.computed_fen == 500 and done.state == "review"
    with pytest.raises(JigaiError, match="不在本批次"):
        tag_directions(application=row.pk, codes=["XX"], by=clerk, access=access_of(clerk))


def test_directions_come_from_the_register_of_the_region_with_their_clause() -> None:
    from pathlib import Path

    import jigai.registers as room

    make_regions()
    load_register(Path(room.__file__).parent / "content" / "funding-directions.yaml")
    found = directions_on(dt.date(2021, 12, 31), COUNTY, "yanzhou-2020")
    assert [(item.code, item.document, item.clause) for item in found] == [
        ("YZ-1", "yanzhou-2020", "六.3")
    ]
    guangdong = directions_on(dt.date(2019, 12, 31), "440100", "guangdong-2019")
    assert {item.clause for item in guangdong} == {"四.一", "二.一"}
    assert {i.code for i in directions_on(dt.date(2021, 1, 1), "320500")} >= {
        "JS-1",
        "JS-3",
        "SN-1",
    }
