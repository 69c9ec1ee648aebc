"""A stored comparison of money as the page shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.core.screens import formats
from jigai.core.screens.context import region_name
from jigai.policies.models import Decision
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS
from jigai.rules.plan import PAY

_FIGURES = (
    ("total_fen", "拟补助合计（元）", True),
    ("individual_fen", "其中：单个项目（元）", True),
    ("consortium_fen", "其中：共同体（元）", True),
    ("selected", "入选项目（项）", False),
    ("open_high_fen", "待定项目的上限（元，未计入合计）", True),
)
_SUBJECTS = dict(Decision.Subject.choices)


def shown_money(money: dict[str, Any], *, names: bool) -> dict[str, Any] | None:
    """Totals, measures and subjects with their words; without ``names`` no subjects.

    ``None`` before anything was worked out.
    """
    if not money or "none" in money:
        return money or None
    return {
        **money,
        "region_name": region_name(money["region"]) or money["region"],
        "as_of": dt.date.fromisoformat(money["as_of"]),
        "figures": [_figure(money, *figure) for figure in _FIGURES],
        "measures": [_measure(row) for row in money["measures"]],
        "subjects": [_subject(row) for row in money["subjects"]] if names else [],
        "names": names,
        "difference_text": signed(money["difference"]),
    }


def signed(fen: int) -> str:
    """Fen as 元 with a sign: ``+1,000.00``; nothing but zero has none."""
    text = formats.yuan(fen)
    return f"+{text}" if fen > 0 and text[-1:].isdigit() else text


def _figure(money: dict[str, Any], name: str, label: str, is_money: bool) -> dict[str, Any]:
    before, after = money["before"][name], money["after"][name]
    if is_money:
        texts = formats.yuan(before), formats.yuan(after), signed(after - before)
    else:
        texts = f"{before:,}", f"{after:,}", f"{after - before:+,}" if after != before else "0"
    return {"label": label, "before": texts[0], "after": texts[1], "difference": texts[2]}


def _measure(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "difference_text": signed(row["difference"])}


def _subject(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "kind": _SUBJECTS.get(row["subject"], row["subject"]),
        "before": _decided(row["before"]),
        "after": _decided(row["after"]),
        "difference_text": signed(row["difference"]),
    }


def _decided(row: dict[str, Any] | None) -> dict[str, str] | None:
    """Verdict in words and the amount, or its bounds while it is open."""
    if row is None:
        return None
    verdict = row["verdict"]
    return {"code": VERDICT_CODES[verdict], "word": VERDICT_WORDS[verdict], "text": _amount(row)}


def _amount(row: dict[str, Any]) -> str:
    if row["amount_fen"] is None:
        low, high = (formats.yuan(row[name] or 0) for name in ("low_fen", "high_fen"))
        return f"{low} 至 {high}"
    if row["verdict"] == PAY and row["selected"] is False:
        return f"未入选（测算 {formats.yuan(row['amount_fen'])}）"
    if row["verdict"] == PAY and row["selected"] is None:
        return f"名额待定（测算 {formats.yuan(row['amount_fen'])}）"
    return formats.yuan(row["paid_fen"] or 0)
