"""Which calculators there are: every measure of every installed document, as of now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.policies.force import Force, force_on, forces_on
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.rules.model import Model
from jigai.rules.schema import Measure

# Words for how a measure helps.
INSTRUMENTS = {
    "subsidy": "补助", "award": "奖励", "interest-subsidy": "贴息", "fee-waiver": "减免收费",
    "tax": "税收", "equity": "股权投资", "loan": "信贷", "finance": "融资", "leasing": "融资租赁",
    "land": "用地", "insurance": "保险补偿", "price": "价格", "preference": "优先",
    "block-grant": "切块资金", "trading": "交易", "quota": "要素配额", "tender": "招标",
    "talent": "人才", "ranking-pressure": "倒逼", "case-by-case": "一事一议", "service": "服务",
    "burden-reduction": "降成本", "modifier": "比例上浮", "factor-allocation": "要素保障",
    "upstream-funding": "对上争取",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calculated:
    """A document with its measures, those that can be computed first."""

    version: PackVersion
    force: Force
    measures: tuple[Measure, ...]

    @property
    def count(self) -> int:
        """How many of them can be computed."""
        return sum(measure.answers for measure in self.measures)


@dataclass(frozen=True, slots=True)
class Subject:
    """One measure of one installed document on a day."""

    version: PackVersion
    model: Model
    measure: Measure
    force: Force

    @property
    def effect(self) -> str:
        """What a trial does not come to."""
        return "不作办理依据" if self.measure.checks else "不产生应付"

    @property
    def simulation(self) -> str:
        """Why figures are only a simulation; empty for a document in force."""
        if self.version.status == "draft":
            return "征求意见稿，还没有定稿，仅模拟，不能据以申报"
        if not self.force.payable:
            more = f"，{self.force.because}" if self.force.because else ""
            return f"文件{self.force.word}{more}，仅模拟，{self.effect}"
        return ""


def catalogue(today: dt.date) -> list[Calculated]:
    """All installed documents, those in force first."""
    rows = list(PackVersion.objects.filter(is_current=True).exclude(status="standard")
                .order_by("slug", "id"))  # fmt: skip
    found = [
        Calculated(version, force, _ordered(model_of(version)))
        for version, force in zip(rows, forces_on(rows, today), strict=True)
    ]
    return sorted(found, key=lambda row: not row.force.payable)


def _ordered(model: Model) -> tuple[Measure, ...]:
    return tuple(
        sorted(model.measures.values(), key=lambda m: (not m.computable, not m.checks, m.number))
    )


def subject_of(slug: str, measure: str, today: dt.date) -> Subject | None:
    """A measure of the version that is installed now; ``None`` where there is none."""
    rows = PackVersion.objects.filter(slug=slug, is_current=True).exclude(status="standard")
    version = rows.order_by("-id").first()
    model = model_of(version) if version else None
    if version is None or model is None or measure not in model.measures:
        return None
    return Subject(version, model, model.measures[measure], force_on(version, today))


def usual_day(version: PackVersion, today: dt.date) -> dt.date:
    """Today, or the nearest day on which the document holds."""
    begin, end = version.valid_from or version.issued, version.valid_to
    if begin and today < begin:
        return begin
    return end if end and today > end else today
