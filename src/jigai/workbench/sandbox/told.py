"""A study in words and tables: what the page, the paper and the workbook all say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jigai.core.screens import formats
from jigai.core.screens.context import region_name
from jigai.workbench.models import SandboxAnalysis, SandboxStudy
from jigai.workbench.sandbox.comparing import KINDS, Change, changes, tally
from jigai.workbench.sandbox.kept_rows import read_rows
from jigai.workbench.sandbox.population import told_counts, whose_words
from jigai.workbench.sandbox.standing import Standing

WARNING = "【模拟】政策沙盘的结果只供研究，不产生应付，不得据以兑付"
STATES = {
    "found": "求得", "unreachable": "达不到", "unspent": "用不完", "flat": "与这个参数无关",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the comparison: its name and how it stands under each scenario."""

    label: str
    values: list[str]
    money: bool = True


def comparison(listed: Sequence[Standing]) -> list[Line]:
    """Figures of the scenarios beside one another; amounts in 万元 with two decimals."""
    summaries = [one.summary for one in listed]
    first = summaries[0] if summaries else {}

    def wan(name: str) -> list[str]:
        return [formats.wan(s[name]) for s in summaries]

    def count(name: str) -> list[str]:
        return [f"{s[name]:,}" for s in summaries]

    def share(name: str) -> list[str]:
        return [percent(s[name]) for s in summaries]

    return [
        Line("成本（万元）", wan("total")),
        Line("比第一个情景（万元）", [signed_wan(s["total"] - first["total"]) for s in summaries]),
        Line("其中：单个项目（万元）", wan("projects")),
        Line("其中：共同体（万元）", wan("consortia")),
        *([Line("其中：其他（万元）", wan("items"))] if any(s["items"] for s in summaries) else []),
        Line("受益企业（家）", count("heads"), False),
        Line("得到钱的项（项）", count("awards"), False),
        Line("户均（万元）", wan("mean")),
        Line("中位数（万元）", [_quantile(s, 50) for s in summaries]),
        Line("九成以下（万元）", [_quantile(s, 90) for s in summaries]),
        Line("最多一家（万元）", wan("most")),
        Line("前十家占比", share("top_share"), False),
        Line("基尼系数", [ratio(s["gini"]) for s in summaries], False),
        Line("赫芬达尔指数", [ratio(s["hhi"]) for s in summaries], False),
        Line("不符合（项）", count("refused"), False),
        Line("缺数据或未定（项，不计入成本）", count("open"), False),
        Line("缺数据或未定的上限（万元）", [_open(s["open_high"]) for s in summaries]),
    ]


def _open(fen: int) -> str:
    text = formats.yuan(fen)
    return formats.wan(fen) if text[-1:].isdigit() else text


def _quantile(summary: dict[str, Any], percent_: int) -> str:
    found = dict((p, fen) for p, fen in summary["quantiles"])
    return formats.wan(found[percent_]) if percent_ in found else formats.ABSENT


def percent(ten_thousandths: int | None) -> str:
    """Ten-thousandths as per cent with two decimals."""
    return formats.ABSENT if ten_thousandths is None else f"{formats.grouped(ten_thousandths, 2)}%"


def ratio(ten_thousandths: int | None) -> str:
    """Ten-thousandths as a number with four decimals."""
    return formats.ABSENT if ten_thousandths is None else formats.grouped(ten_thousandths, 4)


def signed_wan(fen: int) -> str:
    """万元 with a sign; nothing but zero has none."""
    return f"+{formats.wan(fen)}" if fen > 0 else formats.wan(fen)


def signed_yuan(fen: int) -> str:
    """元 to the fen with a sign."""
    return f"+{formats.yuan(fen)}" if fen > 0 else formats.yuan(fen)


@dataclass(frozen=True, slots=True)
class Against:
    """One scenario against the first: every enterprise whose amount differs."""

    name: str
    changes: list[Change]

    @property
    def tally(self) -> list[tuple[str, str, int, int]]:
        """Kind, word, heads, fen."""
        found = tally(self.changes)
        return [(k, word, found[k]["heads"], found[k]["fen"]) for k, word in KINDS.items()]

    @property
    def total(self) -> int:
        """Difference of the cost in fen."""
        return sum(change.difference for change in self.changes)


def against_first(listed: Sequence[Standing]) -> list[Against]:
    """Winners and losers of every further scenario that was run."""
    done = [one for one in listed if one.result is not None]
    if len(done) < 2:
        return []
    return [between(done[0], other) for other in done[1:]]


def between(one: Standing, other: Standing) -> Against:
    """Winners and losers between two scenarios that were run."""
    assert one.result is not None and other.result is not None
    return Against(
        other.scenario.name, changes(read_rows(one.result.file), read_rows(other.result.file))
    )


def about(study: SandboxStudy, listed: Sequence[Standing]) -> list[tuple[str, str]]:
    """What the study rests on, label by label."""
    region = region_name(study.region_code) or study.region_code
    counts = "，".join(f"{word} {n:,}" for word, n in told_counts(study.taken.get("counts", {})))
    titles = dict.fromkeys(f"《{one.title}》" for one in listed)
    day = next((one.result.as_of for one in listed if one.result), study.as_of)
    return [
        ("政策文件", "、".join(titles)),
        ("对象", whose_words(study, region)),
        ("年度", f"{study.year} 年"),
        ("取值日", formats.day(day)),
        ("取数时间", formats.moment(study.known_at)),
        ("取到", counts or formats.ABSENT),
    ]


def solved_words(row: SandboxAnalysis) -> str:
    """The answer of the solver as a sentence, with its proof."""
    found = row.found
    budget, name = formats.wan(found["budget"]), found["name"]
    cost = formats.yuan(found["cost"])
    if found["state"] == "found":
        text = (
            f"预算 {budget} 万元，{name}取 {found['value']}，成本 {cost} 元；"
            f"再多一步（{found['step']}）取 {found['beyond']}，"
            f"成本 {formats.yuan(found['cost_beyond'])} 元，超过预算。"
        )
    elif found["state"] == "unreachable":
        text = f"预算 {budget} 万元达不到：{name}取 {found['value']} 时仍要 {cost} 元。"
    elif found["state"] == "unspent":
        text = f"预算 {budget} 万元用不完：{name}取 {found['value']} 时只要 {cost} 元。"
    else:
        text = f"{name}从 {found['low']} 到 {found['high']}，成本都是 {cost} 元，与它无关。"
    if not found["monotone"]:
        text += "看过的取值里成本不是一路升或降，这个结果只在这两个取值之间成立，别处可能还有。"
    if found["open"]:
        text += f"另有 {found['open']} 项缺数据或未定，没有计入。"
    return text
