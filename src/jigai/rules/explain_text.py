"""An explanation as text for the terminal and as rows for the 计算过程 sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jigai.rules.bounds import UNBOUNDED
from jigai.rules.explanation import (
    Entry,
    Explanation,
    LineExplanation,
    MeasureExplanation,
    MemberExplanation,
    MissingFact,
    Unverified,
)
from jigai.rules.wording import yuan

SheetRow = tuple[str, str, str, str, str, str]
HEADER: SheetRow = ("项目", "步骤", "条款", "公式", "取值", "结果")
_SUBJECTS = {"project": "项目", "consortium": "共同体"}


def render_text(explanation: Explanation, full: bool = False) -> str:
    """The explanation as an official would read it out.

    Measures that are out of the question get one line unless ``full``.
    """
    return "\n".join(_Text(explanation, full).lines()) + "\n"


def render_rows(explanation: Explanation) -> list[SheetRow]:
    """Every step of every measure as (项目, 步骤, 条款, 公式, 取值, 结果), in stage order."""
    rows: list[SheetRow] = []
    name = f"{_SUBJECTS[explanation.subject]} {explanation.key}"
    for stage_entries in (_before(explanation), _measures(explanation), _after(explanation)):
        for owner, entry in stage_entries:
            title = f"{name} {owner}".strip()
            step = f"{entry.stage}：{entry.label}"
            rows.append((title, step, entry.clause, entry.formula, taken(entry), outcome(entry)))
    return rows


def _before(explanation: Explanation) -> list[tuple[str, Entry]]:
    return [("", e) for e in explanation.entries if e.stage in ("有效期", "重复与名额")]


def _after(explanation: Explanation) -> list[tuple[str, Entry]]:
    return [("", e) for e in explanation.entries if e.stage not in ("有效期", "重复与名额")]


def _measures(explanation: Explanation) -> list[tuple[str, Entry]]:
    return [(m.name, entry) for m in explanation.measures for entry in m.entries]


def taken(entry: Entry) -> str:
    """What went into a step: facts with source, parameters with date, readings, joined."""
    settled = entry.value is not None
    parts = []
    for item in entry.inputs:
        unneeded = item.missing and settled and not item.computed
        value = "未提供，不影响" if unneeded else item.value
        marks = [item.source] if item.source else []
        marks += ["未核实，按假定"] if item.assumed else []
        parts.append(f"{item.name} {value}" + (f"（{'，'.join(marks)}）" if marks else ""))
    for p in entry.parameters:
        about = [p.clause, _since(p.since), *([p.source] if p.source else [])]
        parts.append(f"{p.name} {p.value}（{'，'.join(about)}）")
    parts += [f"读法“{r.name}”取“{r.chosen}”" for r in entry.readings]
    return "；".join(parts)


def _since(since: str) -> str:
    return f"自 {since} 起" if since[:1].isdigit() else since


def outcome(entry: Entry) -> str:
    """Result with gap and note."""
    extra = [text for text in (entry.gap, entry.note) if text]
    return entry.result + (f"（{'；'.join(extra)}）" if extra else "")


def amount_text(amount: int | None, low: int, high: int) -> str:
    """An amount, or the range it lies in."""
    if amount is not None:
        return yuan(amount)
    if high >= UNBOUNDED:
        return f"不少于 {yuan(low)}，没有上限"
    return f"在 {yuan(low)} 与 {yuan(high)} 之间"


class _Text:
    """Writes one explanation."""

    def __init__(self, explanation: Explanation, full: bool) -> None:
        self.x, self.full = explanation, full

    def lines(self) -> Iterator[str]:
        """All lines."""
        x = self.x
        document = f"{x.title}（{x.number}）" if x.number else x.title
        yield f"{_SUBJECTS[x.subject]} {x.key}：{x.verdict}，{amount_text(x.amount, x.low, x.high)}"
        yield f"依据：{document}"
        yield f"政策状态：{x.judged_on}" + ("，只作测算，不产生应付" if x.simulated else "")
        if x.subject == "project" and x.verdict == "符合":
            state = {True: "选中", False: "未选中（名额用完）", None: "待定"}[x.selected]
            yield f"申报名额：{state}" + (f"；核定 {yuan(x.paid)}" if x.paid is not None else "")
        yield from self._steps()
        yield from self._list("成员", [_member(member) for member in x.members])
        yield from self._list("发票行", _lines(x.lines))
        yield from self._list("缺少的数据（按影响大小）", [_missing(fact) for fact in x.missing])
        yield from self._list("未核实事项", [_unverified(item) for item in x.unverified])
        different = [a for a in x.alternatives if a.differs]
        yield from self._list(
            "按另一读法",
            [
                f"{a.name}取“{a.word}”（{a.means}，{a.clause}）：{a.verdict}，"
                f"{amount_text(a.amount, a.low, a.high)}"
                for a in different
            ],
        )

    def _list(self, title: str, items: list[str]) -> Iterator[str]:
        if items:
            yield ""
            yield f"【{title}】"
            yield from (f"  {item}" for item in items)

    def _steps(self) -> Iterator[str]:
        yield ""
        yield "【共同步骤】"
        yield from self._entries([entry for _, entry in _before(self.x)])
        told: set[tuple[str, str]] = set()
        for measure in self.x.measures:
            yield ""
            yield self._headline(measure)
            if self.full or measure.verdict_code != "below-threshold":
                fresh = [e for e in measure.entries if (e.column, e.label) not in told]
                told |= {
                    (e.column, e.label)
                    for e in measure.entries
                    if e.stage in ("主体资格", "项目资格", "重复与名额")
                }
                if len(fresh) < len(measure.entries):
                    yield "  （资格与上面的措施相同的，不再列出）"
                yield from self._entries(fresh)
        rest = [entry for _, entry in _after(self.x)]
        if rest:
            yield ""
            yield "【选择与拨付】"
            yield from self._entries(rest)

    def _headline(self, measure: MeasureExplanation) -> str:
        amount = amount_text(measure.amount, measure.low, measure.high)
        title = f"【措施 {measure.number} {measure.name}】（{measure.clause}）"
        text = f"{title}{measure.verdict}，{amount}"
        reasons = [f"{r.text}（{r.clause}，{r.code}）" for r in measure.reasons]
        return text + (f"\n  原因：{'；'.join(reasons)}" if reasons else "")

    def _entries(self, entries: list[Entry]) -> Iterator[str]:
        for entry in entries:
            clause = f"（{entry.clause}）" if entry.clause else ""
            yield f"  {entry.stage}｜{entry.label}{clause}：{outcome(entry)}"
            if entry.formula and entry.formula != entry.label:
                yield f"      算法：{entry.formula}"
            values = taken(entry)
            if values:
                yield f"      取值：{values}"


def _member(member: MemberExplanation) -> str:
    state = {True: "计入", False: "剔除", None: "待核"}[member.counted]
    reasons = "；".join(f"{r.text}（{r.clause}）" for r in member.reasons)
    base = f"，投资 {yuan(member.base)}" if member.base is not None else ""
    share = f"，分得 {yuan(member.share)}" if member.share is not None else ""
    exact = f"（应得 {member.exact_share}）" if member.exact_share else ""
    note = "；".join(text for text in (reasons, member.note) if text)
    return f"{member.key}：{state}{base}{share}{exact}" + (f"；{note}" if note else "")


def _lines(lines: list[LineExplanation]) -> list[str]:
    """Lines that count in one sentence by class; every other line with its reason."""
    counted: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for line in lines:
        if line.counted:
            counted[line.kind] += 1
            totals[line.kind] += line.amount or 0
    texts = [f"计入：{kind} {counted[kind]} 行，合计 {yuan(totals[kind])}" for kind in counted]
    for line in lines:
        if not line.counted:
            missing = f"，缺 {'、'.join(line.missing)}" if line.missing else ""
            amount = yuan(line.amount) if line.amount is not None else "金额不明"
            texts.append(f"不计入：行 {line.key}，{amount}，{line.status}{missing}")
    return texts


def _unverified(item: Unverified) -> str:
    if item.what == "manual":
        trusted = f"，暂按“{item.value}”计" if item.value else ""
        return f"{item.name}：须由{item.source}确认，尚未确认{trusted}"
    many = f"，{item.count} 处" if item.count > 1 else ""
    return f"{item.name}：没有资料，按“{item.value}”计（应由{item.source}提供{many}）"


def _missing(fact: MissingFact) -> str:
    parts = [
        f"{o.value} → {o.verdict}，"
        + (yuan(o.low) if o.low == o.high else f"{yuan(o.low)} 至 {yuan(o.high)}")
        for o in fact.outcomes
    ]
    decides = f"，可定 {yuan(fact.decides)}" if fact.decides else ""
    head = f"{fact.name}（由{fact.source}提供）{decides}，影响 {len(fact.blocks)} 项"
    return head + (f"：{'；'.join(parts)}" if parts else "")
