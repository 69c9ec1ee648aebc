"""The written forms of dates: patterns and Chinese numerals."""

from __future__ import annotations

import re

_DIGITS = {"〇": 0, "○": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
           "八": 8, "九": 9}  # fmt: skip
_YEAR_WORD = re.compile(r"([〇○零一二三四五六七八九]{4})(?=年)")
_SMALL_WORD = re.compile(
    r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])"
)

DAY = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
MONTH = re.compile(r"(\d{4})[./-](\d{1,2})月?|(\d{4})年(\d{1,2})月?份?")
YEAR = re.compile(r"(\d{4})年度?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
SHORT_YEAR = re.compile(
    r"(\d{2})([./-])(\d{1,2})(?:\2(\d{1,2}))?|(\d{2})年(\d{1,2})月(?:(\d{1,2})[日号]?)?"
)
TIME = re.compile(r"(?<=\d)[T ]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
HEDGE = re.compile(r"预计|计划|拟于?|预期|力争|争取|约|左右|前后|之前|以前|前$|底前")
UNDECIDED = re.compile(r"待定|未定|待确定|暂无|暂未确定|未确定|不详|待核实?|另行.*|视情况.*|tbd")

# Parts of a period: (first month, last month).
YEAR_PARTS = {
    "年初": (1, 1), "年中": (6, 6), "年底": (12, 12), "年末": (12, 12), "年内": (1, 12),
    "上半年": (1, 6), "下半年": (7, 12), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9),
    "四季度": (10, 12), "第一季度": (1, 3), "第二季度": (4, 6), "第三季度": (7, 9),
    "第四季度": (10, 12), "全年": (1, 12),
}  # fmt: skip
YEAR_PART = re.compile(r"(\d{4})年?(" + "|".join(sorted(YEAR_PARTS, key=len, reverse=True)) + ")")
# Parts of a month: (first day, last day; 0 = the month's last).
MONTH_PARTS = {
    "初": (1, 10),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 0),
    "底": (21, 0),
    "末": (21, 0),
}
MONTH_PART = re.compile(r"(\d{4})[年./-](\d{1,2})月?份?(初|上旬|中旬|下旬|底|末)")

RANGE = re.compile(r"(.+?)(?:起)?(?:~|至|到|--|—)(.+?)(?:止)?")
HYPHEN_RANGE = re.compile(
    r"((?:\d{4}[.年/]\d{1,2}(?:[.月/]\d{0,2}日?)?))-((?:\d{4}[.年/]\d{1,2}(?:[.月/]\d{0,2}日?)?))"
)
ISO_RANGE = re.compile(r"(\d{4}-\d{1,2})-(\d{4}-\d{1,2})")


def arabic(text: str) -> str:
    """Chinese numerals of a date as digits: 二〇二一年十二月 becomes 2021年12月."""
    text = _YEAR_WORD.sub(lambda found: "".join(str(_DIGITS[sign]) for sign in found[1]), text)
    return _SMALL_WORD.sub(lambda found: str(_small(found[1])), text)


def _small(word: str) -> int:
    tens, ten, ones = word.partition("十")
    if not ten:
        return _DIGITS[tens]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
