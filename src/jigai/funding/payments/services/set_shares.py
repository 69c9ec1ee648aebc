"""Say what each level of government bears of a round's money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import CostShare, PaymentOrder, Round
from jigai.funding.payments.selectors import REQUEST, ROUND_REACH
from jigai.funding.payments.shares import WHOLE


@dataclass(frozen=True, slots=True)
class NewShare:
    """A level, its percent (``None``: 未定) and the document or parameter it comes from."""

    level: str
    percent: Decimal | None
    source: str = ""
    parameter: str = ""


def set_shares(
    *, round_: Round, shares: Sequence[NewShare], by: User, access: Access
) -> list[CostShare]:
    """Replace the shares of a round; none means its fund bears everything.

    Raises :class:`JigaiError` where settled percents are not a hundred together, a level comes
    twice, a share has no basis, or payments were made already.
    """
    access.require(REQUEST)
    check(round_, access, REQUEST, ROUND_REACH)
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round_.pk)
        if PaymentOrder.objects.filter(batch__request__round=round_).exclude(state="void").exists():
            raise JigaiError(
                "already-ordered", "这个批次已经制单，分级负担比例不能再改", "先作废未送出的支付批"
            )
        _check(shares)
        # Row by row: the history keeps what stood there.
        for row in round_.cost_shares.order_by("id"):
            row.delete()
        return [
            CostShare.objects.create(
                round=round_, place=place, level=share.level, percent=share.percent,
                source=share.source, parameter=share.parameter, set_by=by,
            )
            for place, share in enumerate(shares, 1)
        ]  # fmt: skip


def _check(shares: Sequence[NewShare]) -> None:
    if len({share.level for share in shares}) != len(shares):
        raise JigaiError("level-twice", "同一层级填了两次", "合成一行")
    if any(not share.source.strip() for share in shares):
        raise JigaiError("no-basis", "每一层级都要写依据", "写文号和条款，或者商定的纪要")
    percents = [share.percent for share in shares if share.percent is not None]
    if any(percent < 0 for percent in percents) or sum(percents, Decimal(0)) > WHOLE:
        raise JigaiError("shares-over", "各层级的比例合计超过 100%", "核对文件写的比例")
    if shares and len(percents) == len(shares) and sum(percents, Decimal(0)) != WHOLE:
        raise JigaiError("shares-not-whole", "各层级的比例合计不是 100%", "未定的留空，不要填 0")
