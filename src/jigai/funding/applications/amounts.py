"""The amounts of an application side by side, and an estimate in words."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.funding.applications.checks import asked_for, reasons_of
from jigai.funding.compute.estimate import Estimate
from jigai.funding.models import Application
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS
from jigai.rules.explanation import Explanation, Reason


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in fen, ``None`` where it is not known yet, with what it rests on."""

    name: str
    fen: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """An estimate for the screen: verdict, amount, what is lacking and by how much."""

    verdict: tuple[str, str]
    amount: int | None
    low: int | None
    high: int | None
    reasons: list[Reason]
    gaps: list[tuple[str, str]]
    missing: list[tuple[str, str]]


def amounts_of(application: Application) -> list[Amount]:
    """Every amount it has come to, in order; those not reached yet are left out."""
    rows = [
        Amount("申报基数", application.claimed_fen, "所选发票不含税"),
        Amount("审定基数", application.audited_fen, "审计核定"),
        Amount("提交时预估", application.estimate_fen, "平台测算，供参考"),
        Amount("按申报基数测算", application.computed_fen, "审核时测算"),
        Amount("按审定基数测算", application.reviewed_fen, "审核金额"),
        Amount("审定金额", application.decided_fen, "会议审定"),
        Amount("已拨付", application.paid_fen, "到账金额"),
    ]
    return [row for row in rows if row.fen is not None]


def outlook_of(found: Estimate | None, measure: str) -> Outlook | None:
    """What is told about the measure asked for; ``None`` where there are no data of the year."""
    if found is None:
        return None
    told = found.explanation
    return Outlook(
        _verdict(told), found.amount, found.low, found.high, reasons_of(found, measure)[:6],
        _gaps(found, measure), [(m.name, m.source) for m in told.missing[:6]],
    )  # fmt: skip


def _verdict(told: Explanation) -> tuple[str, str]:
    for key, word in VERDICT_WORDS.items():
        if told.verdict in (word, key):
            return VERDICT_CODES[key], word
    return "neutral", str(told.verdict)


def _gaps(found: Estimate, measure: str) -> list[tuple[str, str]]:
    """What is short by how much (``起点 还差 80.00 万元``), unless a reason says so already."""
    told = asked_for(found, measure)
    entries = [entry for one in told for entry in one.entries] + found.explanation.entries
    said = " ".join(reason.text for one in told for reason in one.reasons)
    gaps = {entry.label: (entry.label, entry.gap) for entry in entries if entry.gap}
    return [row for row in gaps.values() if row[1] not in said]
