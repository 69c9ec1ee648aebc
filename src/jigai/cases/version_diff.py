"""What two versions of a procedure differ in, place by place and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jigai.cases.flow.shapes import (
    APPLICANTS,
    DEEDS,
    KINDS,
    MODES,
    PAUSES,
    RUNG_TO,
    Condition,
    Evidence,
    Limit,
    Procedure,
    Step,
    Unit,
)
from jigai.cases.gates import known_gates
from jigai.core.fields.shapes import TYPES, Field

Words = Callable[[Unit], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """``what`` is ``added``, ``removed`` or ``changed``; ``before`` and ``after`` in words."""

    place: str
    what: str
    before: str = ""
    after: str = ""


def differences(old: Procedure, new: Procedure, words: Words) -> list[Difference]:
    """Everything that differs: the whole, then fields, materials, steps and conditions."""
    found = [
        Difference(label, "changed", before, after)
        for (label, before), (_label, after) in zip(_whole(old), _whole(new), strict=True)
        if before != after
    ]
    found += _rows("字段", old.fields, new.fields, lambda f: f.label, _field)
    found += _rows("材料", old.evidence, new.evidence, lambda e: e.name, _evidence)
    names = {step.id: step.name for step in (*old.steps, *new.steps)}
    labels = {item.id: item.label for item in (*old.fields, *new.fields)}
    found += _rows(
        "步骤",
        old.steps,
        new.steps,
        lambda s: s.name,
        lambda s: step_words(s, names, labels, words),
    )
    found += _conditions(old.conditions, new.conditions)
    return found


def _rows(
    kind: str, old: Sequence[Any], new: Sequence[Any], name: Callable[[Any], str],
    tell: Callable[[Any], list[tuple[str, str]]],
) -> list[Difference]:  # fmt: skip
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    found = [
        Difference(f"{kind}“{name(one)}”", "removed", _told(tell(one)))
        for key, one in before.items() if key not in after
    ]  # fmt: skip
    for key, one in after.items():
        place = f"{kind}“{name(one)}”"
        if key not in before:
            found.append(Difference(place, "added", after=_told(tell(one))))
            continue
        for (label, was), (_label, now) in zip(tell(before[key]), tell(one), strict=True):
            if was != now:
                found.append(Difference(f"{place}的{label}", "changed", was, now))
    same = [key for key in before if key in after]
    if same != [key for key in after if key in before]:
        later = [key for key in after if key in before]
        found.append(
            Difference(
                f"{kind}的先后", "changed", _order(before, same, name), _order(after, later, name)
            )
        )  # fmt: skip
    return found


def _order(rows: Mapping[str, Any], keys: Sequence[str], name: Callable[[Any], str]) -> str:
    return "、".join(name(rows[key]) for key in keys)


def _told(pairs: Sequence[tuple[str, str]]) -> str:
    return "；".join(f"{label}：{value}" for label, value in pairs if value)


def _conditions(old: Sequence[Condition], new: Sequence[Condition]) -> list[Difference]:
    gone = [one for one in old if one not in new]
    fresh = [one for one in new if one not in old]
    found = [Difference("申请条件", "removed", _condition(one)) for one in gone]
    return found + [Difference("申请条件", "added", after=_condition(one)) for one in fresh]


def _condition(one: Condition) -> str:
    return _told([("公式", one.rule), ("提示", one.say), ("条款", one.clause)])


def limit_words(limit: Limit | None) -> str:
    """A limit with its basis."""
    if limit is None:
        return ""
    return f"{limit.days} 个工作日" + (f"（{limit.basis}）" if limit.basis else "（没有写依据）")


def _whole(spec: Procedure) -> list[tuple[str, str]]:
    labels = {item.id: item.label for item in spec.fields}
    correction, extension = spec.correction, spec.extension
    silence = "视为撤回" if correction.silence == "withdrawn" else "继续办理"
    return [
        ("类别", KINDS[spec.kind]), ("申请人", APPLICANTS[spec.applicant]),
        ("办件名称", labels.get(spec.title, spec.title)),
        ("法定时限", limit_words(spec.limit)), ("承诺时限", limit_words(spec.promise)),
        ("补正", f"{'停' if correction.pauses else '不停'}计时，最多 {correction.times} 次，"
                f"{correction.days} 个工作日，逾期{silence}"),
        ("延期", f"{extension.times} 次，每次 {extension.days} 个工作日（{extension.basis}）"
         if extension.times else ""),
        ("常量", "；".join(f"{name}={value}" for name, value in sorted(spec.constants.items()))),
        ("提醒", "；".join(rung_words(rung.left, rung.to) for rung in spec.ladder)),
        ("核查", gate_words(spec)), ("跑动次数", str(spec.visits) if spec.visits else ""),
        ("承诺书", spec.commitment),
        ("事后核查", check_words(spec)),
        ("事项", spec.item),
    ]  # fmt: skip


def gate_words(spec: Procedure) -> str:
    """What other rooms are asked about the applicant."""
    known = known_gates()
    return "、".join(known.get(name, name) for name in spec.gates)


def check_words(spec: Procedure) -> str:
    """What is looked at after the conclusion."""
    return "；".join(
        f"{one.name}（办结后 {one.days} 个工作日{'，' + one.basis if one.basis else ''}）"
        for one in spec.checks
    )


def rung_words(left: int, to: str) -> str:
    """One rung of the reminders: 剩 1 个工作日提醒办理人."""
    when = f"剩 {left} 个工作日" if left >= 0 else f"超期 {-left} 个工作日"
    return f"{when}提醒{RUNG_TO[to]}"


def _field(item: Field) -> list[tuple[str, str]]:
    return [
        ("名称", item.label), ("类型", TYPES.get(item.type, item.type)), ("单位", item.unit),
        ("选项", "、".join(item.options.values())), ("必填", _yes(item.required)),
        ("可填多个", _yes(item.many)), ("说明", item.help),
    ]  # fmt: skip


def _evidence(item: Evidence) -> list[tuple[str, str]]:
    return [
        ("名称", item.name), ("必交", _yes(item.required)),
        ("容缺", f"可以，{item.days} 个工作日内补齐" if item.deferrable else ""),
        ("在什么情况下要", item.when), ("免提交来源", item.shared), ("说明", item.help),
    ]  # fmt: skip


def step_words(
    step: Step, names: Mapping[str, str], labels: Mapping[str, str], words: Words
) -> list[tuple[str, str]]:
    """A step as label and value, empty where there is nothing."""
    refuse = {"end": "办结为不予", "record": "只记录，继续办"}.get(step.refuse) or (
        f"退回“{names.get(step.refuse.removeprefix('return:'), step.refuse)}”"
    )
    vote = step.vote
    return [
        ("名称", step.name), ("前置步骤", "、".join(names.get(one, one) for one in step.after)),
        ("办理人", "、".join(words(unit) for unit in step.who)), ("方式", MODES[step.mode]),
        ("票决", f"{'超过' if vote.more_than else '达到'} {vote.numerator}/{vote.denominator}，"
                f"至少 {vote.quorum} 人" if step.mode == "vote" else ""),
        ("性质", DEEDS[step.deed]), ("时限", f"{step.days} 个工作日" if step.days else ""),
        ("依据", step.basis), ("不同意时", refuse if step.deed == "decision" else ""),
        ("填写字段", "、".join(labels.get(one, one) for one in step.write)),
        ("不显示字段", "、".join(labels.get(one, one) for one in step.hide)),
        ("在什么情况下办", step.when),
        ("等到", labels.get(step.until, step.until)),
        ("可以暂停", "、".join(PAUSES.get(p, p) for p in step.pauses)),
        ("受理步骤", _yes(step.accepts)), ("说明", step.help),
    ]  # fmt: skip


def _yes(value: bool) -> str:
    return "是" if value else ""
