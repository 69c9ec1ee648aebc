"""Findings in words, with the figures they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jigai.core.screens import formats
from jigai.projects.monthly.checks import (
    DECREASE,
    JUMP,
    MISMATCH,
    OVER_PLAN,
    UNIT,
    Entry,
    Limits,
)
from jigai.sheets.issues import codes

SHORT = {
    UNIT: "疑似单位填错", DECREASE: "累计下降", MISMATCH: "本月与累计不符",
    OVER_PLAN: "超本年计划", JUMP: "比前几月突增", "E_M_EMPTY": "缺累计数", "W_M_MISSING": "漏报",
}  # fmt: skip


def flag_words(code: str) -> str:
    """A finding in a few words."""
    return SHORT.get(code) or codes()[code].message


@dataclass(frozen=True, slots=True)
class Told:
    """One finding: its code, a sentence with figures, and whether a reason lets it pass."""

    code: str
    text: str
    reasonable: bool


def yuan(fen: int | None) -> str:
    """An amount in 元, a dash for none."""
    return "—" if fen is None else formats.yuan(fen)


def tell(
    flags: tuple[str, ...], entry: Entry, reached: int, average: int | None, limits: Limits
) -> list[Told]:
    """Findings of an entry in sentences; ``reached`` is the last accepted cumulative (fen),
    ``average`` that of the months before."""
    current, cumulative = entry.current or 0, entry.cumulative or 0
    sentences: Mapping[str, str] = {
        UNIT: f"数额超过计划总投资 {yuan(entry.total)} 元的 {limits.unit_times} 倍，"
              "疑似把元填成了万元",
        DECREASE: f"累计 {yuan(cumulative)} 元，比上次采用的 {yuan(reached)} 元少 "
                  f"{yuan(reached - cumulative)} 元",
        MISMATCH: f"累计比上次多 {yuan(cumulative - reached)} 元，本月填的是 {yuan(current)} 元，"
                  f"相差 {yuan(abs(current - (cumulative - reached)))} 元",
        OVER_PLAN: f"累计 {yuan(cumulative)} 元，超过本年计划 {yuan(entry.year_plan)} 元的 "
                   f"{limits.plan_percent}%",
        JUMP: f"本月 {yuan(current)} 元，是前几个月平均 {yuan(average)} 元的 "
              f"{limits.jump_times} 倍以上",
    }  # fmt: skip
    return [Told(code, sentences.get(code) or flag_words(code), code != UNIT) for code in flags]
