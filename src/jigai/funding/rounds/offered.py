"""Measures of an installed document that a round may open, with their evidence lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jigai.errors import JigaiError
from jigai.funding.models import Round, RoundMeasure
from jigai.policies.models import PackItem, PackVersion

Mode: Any = Round.Mode
# What can be claimed: a row of the facts of one of these.
SUBJECTS = ("project", "consortium", "enterprise")


@dataclass(frozen=True, slots=True)
class Offered:
    """A measure of the document; ``computes`` says whether a formula gives its amount."""

    code: str
    name: str
    clause: str
    subject: str
    computes: bool
    evidence: tuple[str, ...]
    case_by_case: bool = False


def offered_by(pack: PackVersion) -> list[Offered]:
    """Every measure of a document, in its order."""
    rows = PackItem.objects.filter(pack=pack, section="measures").order_by("place", "id")
    return [_offered(item) for item in rows]


def _offered(item: PackItem) -> Offered:
    data = item.data
    return Offered(
        item.code, item.name, item.clauses[0] if item.clauses else "",
        str(data.get("subject") or "project"), computes(data),
        tuple(str(name) for name in data.get("evidence") or ()),
        data.get("instrument") == "case-by-case",
    )  # fmt: skip


def computes(data: dict[str, Any]) -> bool:
    """Whether a measure as written gives an amount by a formula."""
    return data.get("computable", True) is not False and bool(data.get("amount"))


def fits(measure: Offered, mode: str) -> bool:
    """Whether a round of this kind may open the measure: 一事一议 never one that computes."""
    if mode == Mode.CASE:
        return measure.case_by_case and not measure.computes
    return measure.computes


def require_fit(measure: Offered, mode: str) -> None:
    """Raise :class:`JigaiError` for a measure that does not belong into a round of this kind."""
    if fits(measure, mode):
        return
    if measure.computes:
        raise JigaiError(
            "measure-computes", f"“{measure.name}”有计算公式，不能一事一议",
            "按公式测算的措施用其他方式开放；一事一议只收没有公式的措施",
        )  # fmt: skip
    if mode == Mode.CASE:
        raise JigaiError(
            "not-case-by-case",
            f"文件没有把“{measure.name}”定为一事一议",
            "写自己的事项和依据的条款",
        )
    raise JigaiError(
        "measure-without-formula", f"“{measure.name}”没有计算公式，不能按测算支持",
        "改用一事一议，或选有公式的措施",
    )  # fmt: skip


def evidence_of(names: Sequence[str], *, required: bool) -> list[dict[str, Any]]:
    """The evidence list of a measure as a round keeps it."""
    return [
        {"id": f"e{place:02d}", "name": name, "required": required, "help": ""}
        for place, name in enumerate(names, 1)
    ]


def opened_measure(round_: Round, measure: Offered, place: int) -> RoundMeasure:
    """A row of a round for a measure; what 免申即享 needs is held already, so nothing is asked."""
    asked = round_.mode != Round.Mode.CONFIRM
    return RoundMeasure(
        round=round_, code=measure.code, name=measure.name, clause=measure.clause,
        subject=measure.subject, place=place,
        evidence=evidence_of(measure.evidence, required=True) if asked else [],
    )  # fmt: skip
