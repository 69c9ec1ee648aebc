"""Whether a document is in force, on both sides of each of its dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.rules.environment import Status, status_on
from jigai.rules.loader import load_pack
from jigai.rules.schema import Identity

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2020, 8, 15), dt.date(2023, 8, 14)


def identity(**changes: object) -> Identity:
    """A document like the one of Yanzhou."""
    fields: dict[str, object] = {
        "id": "x",
        "title": "办法",
        "issuer": "某区",
        "issued": dt.date(2020, 7, 13),
        "effective_from": FIRST,
        "effective_to": LAST,
        "status": "issued",
    }
    return Identity.model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (dt.date(2020, 7, 12), Status.NOT_YET),
        (dt.date(2020, 7, 13), Status.NOT_YET),
        (FIRST - DAY, Status.NOT_YET),
        (FIRST, Status.IN_FORCE),
        (FIRST + DAY, Status.IN_FORCE),
        (LAST - DAY, Status.IN_FORCE),
        (LAST, Status.IN_FORCE),
        (LAST + DAY, Status.EXPIRED),
    ],
)
def test_yanzhou_on_each_side_of_each_date(day: dt.date, status: Status) -> None:
    pack = load_pack(Path(__file__).parents[2] / "packs" / "yanzhou-2020")
    assert status_on(pack.identity, day) is status
    assert status_on(identity(), day) is status


@pytest.mark.parametrize("day", [FIRST - DAY, FIRST, LAST, LAST + DAY])
def test_a_draft_or_a_repealed_document_is_never_in_force(day: dt.date) -> None:
    assert status_on(identity(status="draft"), day) is Status.DRAFT
    assert status_on(identity(status="repealed"), day) is Status.REPEALED
    assert status_on(identity(status="superseded"), day) is Status.REPEALED


def test_an_open_end_never_expires() -> None:
    assert status_on(identity(effective_to=None), dt.date(2999, 1, 1)) is Status.IN_FORCE


def test_without_a_date_of_its_own_a_document_begins_with_its_issue() -> None:
    issued = identity(effective_from=None).issued
    assert issued is not None
    assert status_on(identity(effective_from=None), issued) is Status.IN_FORCE
    assert status_on(identity(effective_from=None), issued - DAY) is Status.NOT_YET
    undated = identity(effective_from=None, issued=None)
    assert status_on(undated, dt.date(1999, 1, 1)) is Status.IN_FORCE


@given(st.dates())
def test_only_a_document_in_force_pays(day: dt.date) -> None:
    status = status_on(identity(), day)
    assert status.payable == (FIRST <= day <= LAST)
