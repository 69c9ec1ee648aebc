"""Markdown tables of what bears on a measure: parameters, readings, facts."""

from __future__ import annotations

from collections.abc import Sequence

from jigai.rules.bearing import Bearing
from jigai.rules.binding import Environment
from jigai.rules.environment import all_readings
from jigai.rules.model import Model
from jigai.rules.wording import SUBJECT_WORDS, date_text, meaning, parameter_text

_KINDS = {
    "bool": "是否",
    "enum": "选项",
    "text": "文字",
    "date": "日期",
    "money": "金额",
    "area": "面积",
    "energy": "能源",
    "number": "数",
    "ratio": "比例",
}


def parameter_table(model: Model, env: Environment, bearing: Bearing) -> list[str]:
    """Name, value, since when, clause; what nobody has set says who decides."""
    rows = []
    for identifier in bearing.parameters:
        declared, value = model.parameters[identifier], env.parameters[identifier]
        since = date_text(value.since) if value.since else value.reference
        text = parameter_text(value)
        if value.value is None:
            since, text = "", f"未定，由{declared.decides or '有权部门'}定"
        rows.append((declared.name, text, since, declared.clause))
    return table(("参数", "取值", "自", "条款"), rows)


def reading_table(model: Model, env: Environment, bearing: Bearing) -> list[str]:
    """Question, option taken, other options, who chose."""
    rows, known = [], all_readings(model.pack)
    for identifier in bearing.readings:
        reading, chosen = known[identifier], env.readings[identifier]
        option = reading.options[chosen]
        others = "；".join(meaning(o) for key, o in reading.options.items() if key != chosen)
        by = reading.chosen_by if chosen == reading.default else "本次指定"
        taken = meaning(option)
        rows.append((reading.name, reading.clause, reading.question, taken, others or "无", by))
    return table(("读法", "条款", "问题", "取", "其他取法", "谁定的"), rows)


def facts_table(model: Model, bearing: Bearing) -> list[str]:
    """Input facts: whose, what, from whom, and what happens without them."""
    rows = []
    for identifier in bearing.facts:
        term = model.terms[identifier]
        absent = (
            "缺数据"
            if term.if_absent == "unknown"
            else (f"按“{term.if_absent.removeprefix('assume ')}”计，列入未核实事项")
        )
        kind = _KINDS[term.type]
        owner = SUBJECT_WORDS[term.subject]
        rows.append((term.term, owner, kind, term.definition, term.source, absent))
    return table(("事实", "属于", "类型", "口径", "由谁提供", "没有时"), rows)


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A Markdown table, or nothing without rows."""
    if not rows:
        return []
    lines = [header, tuple("---" for _ in header), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")
