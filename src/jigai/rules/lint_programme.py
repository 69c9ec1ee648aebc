"""Checks on targets, titles, registers, procedures, tasks, duties and sumless measures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from pydantic import BaseModel

from jigai.rules import schema_programme as shapes
from jigai.rules.errors import Problem
from jigai.rules.loader import Pack
from jigai.rules.regions import GROUP
from jigai.rules.schema_measures import Measure

_REGION = re.compile(r"\d{6}")
_RATES = ("average-growth", "yearly-growth", "change-from-base")


def programme_problems(pack: Pack) -> Iterator[Problem]:
    """What is wrong with the items of a pack that the rules engine does not compute."""
    yield from _region(pack)
    for target in pack.targets:
        yield from _target(pack, target)
    measures = {measure.id for measure in pack.measures.measures}
    for title in pack.recognitions:
        for index, measure in enumerate(title.grants):
            if measure not in measures:
                message = f"措施“{measure}”不在 measures.yaml 里"
                yield problem(
                    pack, title, "unknown-measure", message, "写措施的 id", "grants", index
                )
    for task in pack.tasks:
        yield from _task(pack, task)
    parameters = {p.id for member in pack.family() for p in member.parameters}
    for item in (*pack.obligations, *pack.procedures):
        key = "threshold" if isinstance(item, shapes.Obligation) else "limit"
        named = getattr(item, key)
        if named and named not in parameters:
            message = f"没有参数“{named}”"
            yield problem(pack, item, "unknown-parameter", message, "写参数的 id，或留空", key)
    for measure_item in pack.measures.measures:
        yield from _goes_on(pack, measure_item)
        if not measure_item.computable:
            yield from _channel(pack, measure_item)
        elif measure_item.checks:
            message = f"措施“{measure_item.name}”给金额，不能再写 checks"
            fix = "只核对的写 computable: false；给金额的把条件写成资格门或 when"
            yield problem(pack, measure_item, "amount-and-checks", message, fix, "checks")


def _region(pack: Pack) -> Iterator[Problem]:
    """A group lists the regions it is made of; a single region lists none."""
    region = pack.identity.region
    if region is None:
        return
    if (region.level == GROUP) != bool(region.members):
        message = f"“{region.name}”" + (
            "是一组地区，却没有列成员" if region.level == GROUP else "不是一组地区，却列了成员"
        )
        fix = f"一组地区写 level: {GROUP} 并在 members 里列各区划代码"
        yield problem(pack, pack.identity, "bad-region", message, fix, "region")
    codes = region.members if region.level == GROUP else [region.code]
    for code in codes:
        if not _REGION.fullmatch(code):
            message, fix = f"“{code}”不是六位区划代码", "写 GB/T 2260 代码"
            yield problem(pack, pack.identity, "bad-region", message, fix, "region")


def _target(pack: Pack, target: shapes.Target) -> Iterator[Problem]:
    numeric = target.comparator not in ("up", "down", "benchmark", "name")
    if numeric and target.value is None:
        message = f"目标“{target.name}”写了比较却没有数"
        fix = "补 value:；只有方向的写 comparator: up 或 down"
        yield problem(pack, target, "target-without-value", message, fix, "comparator")
    if target.growth == "direction" and numeric:
        message = f"目标“{target.name}”是定性的，却有可判的比较"
        fix = "comparator 写 up、down、benchmark 或 name，免得被自动判为达成"
        yield problem(pack, target, "direction-with-value", message, fix, "growth")
    if target.growth in _RATES and target.unit == "百分点":
        message = f"目标“{target.name}”是增长率，单位却是百分点"
        yield problem(pack, target, "unit-mismatch", message, "增长率的单位写 %", "unit")
    if target.growth == "yearly-increase" and target.unit in ("%", "％"):
        message = f"目标“{target.name}”是每年提高多少，单位却是百分之几"
        fix = "比重的提高写百分点；增长率写 growth: yearly-growth"
        yield problem(pack, target, "unit-mismatch", message, fix, "unit")
    values = [("value", target.value)]
    if target.baseline:
        values.append(("baseline", target.baseline.value))
    for key, text in values:
        if text is not None and not _is_number(text):
            message = f"“{text}”不是数"
            yield problem(pack, target, "bad-value", message, "只写数，单位写在 unit:", key)
    if target.since and target.to and target.since > target.to:
        yield problem(pack, target, "dates-reversed", "起日晚于止日", "核对起止", "to")


def _task(pack: Pack, task: shapes.Task) -> Iterator[Problem]:
    if bool(task.lead) == bool(task.lead_unnamed):
        message = f"任务“{task.name}”" + ("同时写了牵头与未点名" if task.lead else "没有牵头单位")
        fix = "写 lead:；文件没有点名的写 lead_unnamed: 待谁指派"
        yield problem(pack, task, "task-without-lead", message, fix)
    for index, code in enumerate(task.regions):
        if not _REGION.fullmatch(code):
            message = f"“{code}”不是六位区划代码"
            yield problem(pack, task, "bad-region", message, "写 GB/T 2260 代码", "regions", index)


def _channel(pack: Pack, measure: Measure) -> Iterator[Problem]:
    """A measure nobody can compute still says who, how far and what to count; never a sum."""
    for key, label in (("decides", "谁决定"), ("status_note", "现状"), ("counter", "计什么数")):
        if not getattr(measure, key).strip():
            message = f"措施“{measure.name}”算不出金额，却没有写{label}"
            yield problem(pack, measure, "empty-text", message, f"补 {key}:")
    for key in ("amount", "when", "deduct"):
        if getattr(measure, key):
            message = f"措施“{measure.name}”写了 computable: false，又写了 {key}"
            fix = "删去公式，或改为 computable: true"
            yield problem(pack, measure, "amount-not-computable", message, fix, key)


def _goes_on(pack: Pack, measure: Measure) -> Iterator[Problem]:
    """What a checked measure leads to is a measure or a procedure of the document."""
    known = {one.id for one in pack.measures.measures} | {one.id for one in pack.procedures}
    for index, name in enumerate(measure.then):
        if name not in known:
            message = f"没有措施或办理程序“{name}”"
            fix = "写 measures 或 procedures 里的 id"
            yield problem(pack, measure, "unknown-measure", message, fix, "then", index)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def problem(
    pack: Pack, item: BaseModel, code: str, message: str, fix: str, *path: str | int
) -> Problem:
    return Problem(code, pack.place(item, *path), message, fix, str(getattr(item, "clause", "")))
