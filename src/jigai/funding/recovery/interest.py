"""Interest on money that has to come back: by the bureau's own rule, or not set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jigai.errors import JigaiError

DAYS_A_YEAR = 365
SIMPLE, OPEN = "simple", "open"
# The documents name no rate; what a bureau sets is a whole reason with its source.
_MOST = Decimal(100)


@dataclass(frozen=True, slots=True)
class Interest:
    """A rate in percent a year with its source, from one day (inclusive) to another (exclusive)."""

    rate_pct: Decimal
    source: str
    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """How many days it runs."""
        return (self.until - self.since).days

    def fen_on(self, amount_fen: int) -> int:
        """Simple interest in fen: amount × rate × days ÷ 365, half a fen upwards."""
        exact = Decimal(amount_fen) * self.rate_pct * self.days / (100 * DAYS_A_YEAR)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))

    def as_rule(self) -> dict[str, Any]:
        """For ``Recovery.interest_rule``."""
        return {
            "kind": SIMPLE, "rate_pct": str(self.rate_pct.normalize()), "source": self.source,
            "since": self.since.isoformat(), "until": self.until.isoformat(), "days": self.days,
            "basis": DAYS_A_YEAR,
        }  # fmt: skip


def interest_of(
    rate_pct: Decimal | None, source: str, since: dt.date | None, until: dt.date
) -> Interest | None:
    """The interest somebody set; ``None`` without a rate: then it is 未定, not nothing.

    Raises :class:`JigaiError` for a rate without source or out of bounds, and for days that run
    backwards.
    """
    if rate_pct is None:
        return None
    if not source.strip():
        raise JigaiError("rate-no-source", "填了利率，还没有写依据", "写明利率出自哪份文件")
    if not 0 <= rate_pct <= _MOST:
        raise JigaiError("rate-bounds", "年利率要在 0 到 100 之间", "核对后重填")
    if since is None:
        raise JigaiError("no-start", "还没有到账日期，不能计息", "先核对拨付的到账日期")
    if until < since:
        raise JigaiError("interest-days", f"计息截止日早于到账日期 {since}", "改为到账日期之后")
    return Interest(rate_pct, source.strip()[:200], since, until)


def words_of(rule: dict[str, Any]) -> str:
    """A rule in words."""
    if rule.get("kind") != SIMPLE:
        return "未定：文件没有写利率，本级也还没有确定"
    return (
        f"年利率 {rule['rate_pct']}%（{rule['source']}），{rule['since']} 至 {rule['until']} "
        f"共 {rule['days']} 天，按一年 {rule['basis']} 天单利计算"
    )
