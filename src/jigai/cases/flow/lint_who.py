"""Checks of who does the steps and of what 行政许可法 fixes for licences."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jigai.cases.flow.graph import descendants, uncounted
from jigai.cases.flow.problems import WARNING, Problem, at_step, quoted
from jigai.cases.flow.shapes import (
    LISTED_PAUSES,
    MODES,
    PAUSES,
    Correction,
    Procedure,
    Step,
    Unit,
)

_UNIT_FIX = "在部门条线、申请人、人员库、指定人员和权能里选一种"


def who_problems(procedure: Procedure, units: Callable[[Unit], str] | None) -> Iterator[Problem]:
    """Steps nobody can do, units that are nobody or two at once, and what is odd about a vote."""
    for step in procedure.steps:
        if step.deed == "wait":
            yield from _waiting(step)
            continue
        if not step.who:
            yield Problem("nobody", at_step(step), "没有办理人，办不下去", "写明由哪个部门或谁办理")
        for number, unit in enumerate(step.who, 1):
            yield from _unit(step, unit, number, units)
        if step.who:
            yield from _together(step)
        if step.mode == "vote":
            yield from _vote(step)


def _waiting(step: Step) -> Iterator[Problem]:
    if step.days < 1 and not step.until:
        yield Problem("wait-days", at_step(step), "等候的步骤没有写等几天", "填写工作日天数")
    if step.who:
        yield Problem(
            "wait-who", at_step(step), "等候的步骤到期自动通过，却写了办理人",
            "去掉办理人，或把性质改成办理",
        )  # fmt: skip


def _unit(
    step: Step, unit: Unit, number: int, units: Callable[[Unit], str] | None
) -> Iterator[Problem]:
    where = at_step(step) if len(step.who) == 1 else f"{at_step(step)}的第 {number} 个办理单位"
    chosen = sum(map(bool, (
        unit.line, unit.applicant, unit.pool, unit.person, unit.capability
    )))  # fmt: skip
    if chosen != 1:
        message = "办理单位写了不止一种" if chosen else "办理单位是空的"
        yield Problem("unit-unclear", where, message, _UNIT_FIX)
    elif units is not None and (reason := units(unit)):
        yield Problem("unit-unknown", where, reason, "改办理单位，或先在组织机构里补上")
    if unit.apart and not unit.capability:
        yield Problem("apart-who", where, "回避只用于按权能办理", "去掉回避，或改成按权能办理")


def _together(step: Step) -> Iterator[Problem]:
    # A pool may be many people; a department, the applicant and a person are one voice each.
    alone = len(set(step.who)) == 1 and not step.who[0].pool
    if step.mode != "one" and alone:
        yield Problem(
            "mode-alone", at_step(step), f"方式是{MODES[step.mode]}，办理单位却只有一个",
            "再加办理单位，或把方式改成单人办理",
        )  # fmt: skip
    if step.mode == "one" and len(step.who) > 1:
        yield Problem(
            "mode-one", at_step(step),
            f"方式是单人办理，却写了 {len(step.who)} 个办理单位，要等他们都办完",
            "只留一个，或把方式改成会签、或签、票决", WARNING,
        )  # fmt: skip


def _vote(step: Step) -> Iterator[Problem]:
    vote, where = step.vote, f"{at_step(step)}的票决"
    share = f"{vote.numerator}/{vote.denominator}"
    if not 0 < vote.numerator <= vote.denominator:
        yield Problem(
            "vote-share", where, f"通过比例 {share} 不是零到一之间的数", "如三分之二写 2/3"
        )
    elif vote.more_than and vote.numerator == vote.denominator:
        yield Problem(
            "vote-share", where, f"要超过 {share}，永远通不过", "改成“达到”，或把比例调低"
        )
    if vote.quorum < 1:
        yield Problem("vote-quorum", where, "没有写至少几人投票", "填写一以上的人数")
    people = len(set(step.who))
    if vote.quorum > people and step.who and not any(unit.pool for unit in step.who):
        yield Problem(
            "vote-quorum", where, f"至少要 {vote.quorum} 人投票，办理单位只有 {people} 个",
            "减少人数，或再加办理单位",
        )  # fmt: skip


def law_problems(procedure: Procedure) -> Iterator[Problem]:
    """Acceptance, pauses and 补正, as far as the law leaves no choice."""
    accepting = [step for step in procedure.steps if step.accepts]
    if len(accepting) > 1:
        yield Problem(
            "acceptance-twice", "受理",
            f"有 {len(accepting)} 个步骤都作受理：{quoted([step.name for step in accepting])}",
            "只留一个受理步骤",
        )  # fmt: skip
    if procedure.is_licensing and procedure.steps and not accepting:
        yield Problem(
            "licensing-acceptance", "受理", "行政许可没有受理步骤，时限无从起算",
            "把收件审查的步骤标为受理（行政许可法第三十二条）",
        )  # fmt: skip
    if procedure.is_licensing and procedure.correction != Correction():
        yield Problem(
            "licensing-correction", "补正",
            "行政许可的补正由法律规定：五个工作日内一次告知，这里的设置不起作用",
            "改回默认（行政许可法第三十二条）", WARNING,
        )  # fmt: skip
    yield from _pauses(procedure)


def _pauses(procedure: Procedure) -> Iterator[Problem]:
    early = uncounted(procedure)
    listed = "、".join(LISTED_PAUSES.values())
    for step in procedure.steps:
        for name in step.pauses:
            if name not in PAUSES:
                yield Problem(
                    "pause-unknown", at_step(step), f"没有“{name}”这种暂停",
                    f"可以写：{'、'.join(PAUSES)}",
                )  # fmt: skip
            elif procedure.is_licensing and name not in LISTED_PAUSES and step.id not in early:
                yield Problem(
                    "licensing-pause", at_step(step),
                    f"行政许可受理之后不能因“{PAUSES[name]}”暂停计时",
                    f"去掉它；行政许可法第四十五条只列了{listed}",
                )  # fmt: skip


def acceptance_problems(procedure: Procedure) -> Iterator[Problem]:
    """Steps that do not wait for acceptance; for a procedure whose order is sound."""
    accepting = [step for step in procedure.steps if step.accepts]
    if len(accepting) != 1:
        return
    behind = descendants(procedure.steps, accepting[0].id) | {accepting[0].id}
    early = [step.name for step in procedure.steps if step.id not in behind]
    if early:
        yield Problem(
            "acceptance-first", "受理", f"{quoted(early)}不在受理之后，受理之前没有人能办",
            f"让它们在“{accepting[0].name}”之后开始，受理放在最前",
        )  # fmt: skip
