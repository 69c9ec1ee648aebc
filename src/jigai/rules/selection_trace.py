"""The stages after the measures of a project: quota, selection, pooled caps."""

from __future__ import annotations

from jigai.rules.bearing import Bearing
from jigai.rules.explanation import Entry, Explanation, Input
from jigai.rules.expr import MONEY_TYPE
from jigai.rules.facts import Row
from jigai.rules.measure_trace import MeasureTracer
from jigai.rules.plan import PAY
from jigai.rules.trace import Tracer
from jigai.rules.wording import value_text, yuan

_SELECTED = {True: "选中", False: "未选中", None: "待定"}


def quota_entries(measures: MeasureTracer, row: Row) -> list[Entry]:
    """How many projects the enterprise may have in this period, and what is used up."""
    tracer, selection = measures.t, measures.t.plan.selection
    if selection is None or row.get("#enterprise") is None:
        return []
    node = measures.model.formulas.get(("selection", "", "quota"))
    if node is None:
        return []
    entries = measures.definitions("重复与名额", node, row, "project", set())
    entry = tracer.step("重复与名额", selection.quota, row, "project", "可申报项目数")
    return [*entries, entry]


def selection_entry(tracer: Tracer, row: Row, found: Explanation) -> list[Entry]:
    """Which measure of the project and whether the project itself was picked."""
    selection, declared = tracer.plan.selection, tracer.model.selection
    if selection is None or declared is None:
        return []
    totals = [
        Input(
            m.id, m.name, value_text(MONEY_TYPE, m.amount), missing=m.amount is None, computed=True
        )
        for m in found.measures
    ]
    wish = row.get(selection.measure_choice) if selection.measure_choice else None
    rule = "按企业所选措施" if wish else "企业未选，取应补金额最高者，同额取编号小者"
    names = {m.id: m.name for m in found.measures}
    picked = "、".join(names[identifier] for identifier in found.chosen) or "无"
    entries = [
        Entry(
            "选择", "同一项目选措施", declared.clause, rule, picked, found.chosen, "track", totals
        )
    ]
    if row["verdict"] != PAY:
        return entries
    chosen = Entry(
        "选择",
        "名额内选项目",
        declared.clause,
        _order(tracer),
        _SELECTED[row["selected"]],
        row["selected"],
        "selected",
        _rivals(tracer, row),
    )
    asked = (
        Bearing(tracer.model, tracer.env)
        .add([tracer.model.formulas["selection", "", "quota"]])
        .readings
    )
    chosen.readings = list(tracer.told.readings([*asked, *_stage_readings(tracer)]))
    return [*entries, chosen]


def _stage_readings(tracer: Tracer) -> list[str]:
    return ["tie_order"] if "tie_order" in tracer.model.scope.readings else []


def _order(tracer: Tracer) -> str:
    selection = tracer.plan.selection
    assert selection is not None
    first = "企业申报次序在前者优先，" if selection.project_choice else ""
    tie = "同额须企业选择" if selection.must_choose else "同额取项目编号小者"
    return f"可申报项目数之内，{first}再取金额高者，{tie}"


def _rivals(tracer: Tracer, row: Row) -> list[Input]:
    """Paying projects of the same enterprise and period, this one included."""
    selection, enterprise = tracer.plan.selection, row.get("#enterprise")
    assert selection is not None
    inputs = []
    if isinstance(enterprise, dict):
        for other in enterprise["#project"]:
            same = all(other[name] == row[name] for name in selection.group)
            if other["verdict"] == PAY and same:
                inputs.append(
                    Input(
                        str(other["key"]),
                        f"项目 {other['key']}",
                        yuan(other["amount"]),
                        computed=True,
                    )
                )
        quota = tracer.text(row, "project", selection.quota)
        inputs.append(Input(selection.quota, "可申报项目数", quota, computed=True))
    return inputs


def pooled_entries(tracer: Tracer, row: Row, chosen: list[str]) -> list[Entry]:
    """Caps over several selected items of the enterprise, and what is left to pay."""
    if row["verdict"] != PAY:
        return []
    entries = []
    for cap in tracer.plan.pooled_caps:
        if row.get("#enterprise") is not None and set(cap.measures) & set(chosen):
            entry = tracer.step("合并封顶", cap.amount, row, "project", cap.name)
            entry.note = "同一企业选中的各项合计不超过此数，按项目编号先后扣用"
            entries.append(entry)
    inputs = [Input("amount", "选中金额", value_text(MONEY_TYPE, row["amount"]), computed=True)]
    rule = "选中的项目在合并封顶以内发放" if entries else "没有合并封顶，照应补金额发放"
    declared = tracer.model.selection
    entries.append(
        Entry(
            "合并封顶",
            "本项目核定金额",
            declared.clause if declared else "",
            rule,
            value_text(MONEY_TYPE, row["paid"]),
            row["paid"],
            "paid",
            inputs,
        )
    )
    return entries


def item_cap_entries(tracer: Tracer, subject: str, row: Row) -> list[Entry]:
    """Caps over everything an enterprise gets, for a row that pays under one of them."""
    outcome = row["#outcome"]
    found = []
    for cap in tracer.plan.pooled_caps:
        if set(outcome.benefits) & set(cap.measures) and outcome.owner is not None:
            entry = tracer.step("合并封顶", cap.amount, row, subject, cap.name)
            left = "待定" if outcome.paid is None else yuan(outcome.paid)
            entry.note = f"同一企业各项合计不超过此数；本项核定 {left}"
            found.append(entry)
    return found
