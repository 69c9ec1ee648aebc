"""Draft a request for payment: what was decided and cleared, and waits for money."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Application, PaymentRequest, RequestLine, Round
from jigai.funding.numbers import next_number
from jigai.funding.payments.selectors import REQUEST, ROUND_REACH, waiting
from jigai.funding.pending_checks import checks_at_once

_CHUNK = 5000


def make_request(
    *, round_: Round, by: User, access: Access, only: Sequence[int] | None = None
) -> PaymentRequest:
    """A draft with a line for each application; all that wait, or those of ``only``.

    Set-based, however many. Raises :class:`Denied` out of reach and :class:`JigaiError` where
    nothing waits or one of ``only`` does not.
    """
    access.require(REQUEST)
    check(round_, access, REQUEST, ROUND_REACH)
    with transaction.atomic(), checks_at_once():
        rows = waiting([round_])
        if only is not None:
            rows = rows.filter(pk__in=list(only))
        keys = list(rows.order_by("id").values_list("pk", flat=True))
        if only is not None and len(keys) != len(set(only)):
            raise JigaiError(
                "not-waiting",
                "选中的申报里有的现在不能请款",
                "刷新名单，去掉已请款或待重算的再提交",
            )
        held = Application.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        # Another may have asked for them in between: look again once they are held.
        locked = list(held.order_by("id").values_list("pk", flat=True))
        told = list(
            waiting([round_]).filter(pk__in=locked).order_by("id")
            .values_list("pk", "decided_fen", "enterprise__name")
        )  # fmt: skip
        if not told:
            raise JigaiError(
                "nothing-waits", "本批次没有等待拨付的申报",
                "公示无异议之后才能请款；已在请示里的不能再列",
            )  # fmt: skip
        row = PaymentRequest.objects.create(
            round=round_, programme_id=round_.programme_id, made_by=by, rows=len(told),
            number=next_number("QS", round_.region_code, timezone.localdate().year),
            total_fen=sum(fen for _pk, fen, _name in told),
        )  # fmt: skip
        _write_lines(row, told)
    return row


def _write_lines(row: PaymentRequest, told: Sequence[tuple[int, int, str]]) -> None:
    RequestLine.objects.bulk_create(
        [
            RequestLine(
                request=row, application_id=pk, place=place, name=name[:200], amount_fen=fen
            )
            for place, (pk, fen, name) in enumerate(told, 1)
        ],
        batch_size=_CHUNK,
    )
