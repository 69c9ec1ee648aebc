"""What the forms of a review bring."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django import forms

from jigai.errors import JigaiError
from jigai.funding.models import Application


class CorrectionForm(forms.Form):
    """The covering words of a 补正 and how long the applicant has."""

    reason = forms.CharField(label="说明", max_length=400, initial="请按下列要求一次补齐。")
    days = forms.IntegerField(
        label="期限（工作日）", min_value=1, max_value=60, required=False,
        help_text="不填按办事方式的默认天数",
    )  # fmt: skip


def read_marks(posted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Item to (state, words) for every item that was marked."""
    found = {}
    for name in posted:
        item = name.removeprefix("state:")
        if item != name and posted[name] in ("fine", "short"):
            found[item] = (posted[name], str(posted.get(f"words:{item}", "")))
    return found


def read_figures(posted: Mapping[str, str], application: Application) -> dict[int, tuple[int, str]]:
    """Line to (fen, reason) for every figure that was typed in 元; with ``all`` what is left
    empty counts as claimed."""
    rest = dict(application.lines.order_by("id").values_list("pk", "share_fen"))
    found = {}
    for pk, share in rest.items():
        text = str(posted.get(f"fen:{pk}", "")).strip().replace(",", "").replace("，", "")
        reason = str(posted.get(f"reason:{pk}", ""))
        if text:
            found[pk] = (fen_of(text), reason)
        elif posted.get("all"):
            found[pk] = (share, "")
    return found


def fen_of(text: str) -> int:
    """元 as typed, to the fen. Raises :class:`JigaiError` for anything else."""
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > 10**17:
        raise JigaiError("bad-amount", f"“{text}”不是金额", "以元为单位，最多两位小数，如 12345.60")
    return int(fen)
