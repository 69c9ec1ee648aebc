"""Foreign keys are checked with each statement inside, and wait again afterwards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from jigai.funding.pending_checks import checks_at_once
from tests.funding.making import make_round

pytestmark = pytest.mark.django_db
NOWHERE = 999_999_999


def dangle(round_: int, programme: int = NOWHERE) -> None:
    """A round that points to a fund that is not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE funding_round SET programme_id = %s WHERE id = %s", [programme, round_]
        )


def test_a_dangling_row_is_refused_at_once_inside() -> None:
    row = make_round()
    with pytest.raises(IntegrityError), transaction.atomic(), checks_at_once():
        dangle(row.pk)


def test_afterwards_checks_wait_for_the_end_again() -> None:
    row = make_round()
    with transaction.atomic(), checks_at_once():
        pass
    dangle(row.pk)
    dangle(row.pk, row.programme_id)


def test_after_an_error_checks_wait_for_the_end_again() -> None:
    row = make_round()
    with pytest.raises(ValueError, match="示例"), transaction.atomic(), checks_at_once():
        raise ValueError("示例")
    dangle(row.pk)
    dangle(row.pk, row.programme_id)
