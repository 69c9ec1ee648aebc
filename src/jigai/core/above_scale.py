"""规上: whether an industrial enterprise is above the designated size in a year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from jigai.core.industries import UnknownIndustryError, industry, section_of
from jigai.core.national import national_value

_FEN_PER_WAN_YUAN = 1_000_000
_WAN = re.compile(r"(\d+)万元及以上$")
# Sections of GB/T 4754 that the threshold is for: mining, manufacturing, utilities.
_INDUSTRY = frozenset("BCD")
# Until then every state-owned industrial enterprise counted whatever its revenue (see the pack).
_STATE_OWNED_UNTIL = 2006


@dataclass(frozen=True, slots=True)
class AboveScale:
    """The answer for one year. ``above`` is ``None`` where it cannot be told; ``why`` says why.

    ``threshold`` is as written, ``source`` where it stands; both empty where none is on record.
    """

    above: bool | None
    year: int
    why: str
    threshold: str = ""
    source: str = ""

    @property
    def word(self) -> str:
        """规上, 规下 or 未定."""
        return {True: "规上", False: "规下", None: "未定"}[self.above]


def above_scale(industry_code: str | None, year: int, revenue_fen: int | None) -> AboveScale:
    """By sector, year and the main-business revenue of that year (in fen).

    The threshold is the one in force at the end of the year. 未定 outside industry, before the
    first threshold on record, and without revenue. Source: ``above_scale_threshold`` of the pack
    ``national``.
    """
    if not _is_industry(industry_code):
        why = "只登记了工业（采矿、制造、电热气水）的规上起点" if industry_code else "没有行业代码"
        return AboveScale(None, year, why)
    dated = national_value("above_scale_threshold", dt.date(year, 12, 31))
    if dated is None or (found := _WAN.match(dated.value)) is None:
        return AboveScale(None, year, f"{year} 年的规上起点没有登记")
    known = (dated.value, dated.source)
    if revenue_fen is None:
        return AboveScale(None, year, f"缺 {year} 年营业收入", *known)
    if revenue_fen >= int(found[1]) * _FEN_PER_WAN_YUAN:
        return AboveScale(True, year, f"{year} 年营业收入达到起点", *known)
    if year <= _STATE_OWNED_UNTIL:
        return AboveScale(
            None, year, "没有达到起点；当时国有企业不论收入都算规上，须另行认定", *known
        )
    return AboveScale(False, year, f"{year} 年营业收入没有达到起点", *known)


def _is_industry(code: str | None) -> bool:
    try:
        return bool(code) and section_of(industry(code or "").code).code in _INDUSTRY
    except UnknownIndustryError:
        return False
