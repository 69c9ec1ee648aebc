"""The verbs of approval: in which state of a case who may use which, and what is said otherwise.

The table is data; the same :func:`refusal` decides on the page, in the service and in the matrix of
the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STATES = {
    "draft": "草稿", "submitted": "待受理", "correction": "补正中", "open": "办理中",
    "done": "已办结", "refused": "不予受理", "withdrawn": "已撤回", "void": "已作废",
    "lapsed": "已失效",
}  # fmt: skip
# How a person stands to a case; one person may stand in several ways.
RELATIONS = {
    "handler": "办理人", "deputy": "受托人", "past": "办过的人", "applicant": "申请人",
    "supervisor": "督办人", "reader": "可查看的人",
}  # fmt: skip
RUNNING = frozenset({"submitted", "correction", "open"})
_WORK = frozenset({"handler", "deputy"})
_ALL = frozenset(RELATIONS)


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its word, the states and relations that allow it, whether it needs a reason and
    whether it acts on a task of one's own. ``hint`` says what to do instead."""

    code: str
    word: str
    states: frozenset[str]
    relations: frozenset[str]
    reason: bool = False
    task: bool = False
    hint: str = ""


def _verb(
    code: str, word: str, states: Iterable[str], relations: Iterable[str], *,
    reason: bool = False, task: bool = False, hint: str = "",
) -> tuple[str, Verb]:  # fmt: skip
    return code, Verb(code, word, frozenset(states), frozenset(relations), reason, task, hint)


VERBS: dict[str, Verb] = dict((
    _verb("save", "保存草稿", {"draft"}, {"applicant"}, hint="提交之后按补正修改"),
    _verb("submit", "提交", {"draft"}, {"applicant"}, hint="已经提交的不必再交"),
    _verb("claim", "领办", {"submitted", "open"}, _WORK, task=True,
          hint="已有人领办的请其转办"),
    _verb("accept", "受理", {"submitted"}, _WORK, task=True),
    _verb("refuse_acceptance", "不予受理", {"submitted"}, _WORK, reason=True, task=True,
          hint="受理之后用“不同意”并写明理由"),
    _verb("correct", "补正", {"submitted", "open"}, _WORK, reason=True, task=True,
          hint="等申请人补齐之后再办"),
    _verb("supply", "提交补正", {"correction"}, {"applicant"}),
    _verb("agree", "同意", {"open"}, _WORK, task=True, hint="先受理，再办理"),
    _verb("disagree", "不同意", {"open"}, _WORK, reason=True, task=True, hint="先受理，再办理"),
    _verb("send_back", "退回", {"open"}, _WORK, reason=True, task=True),
    _verb("transfer", "转办", {"submitted", "open"}, _WORK | {"supervisor"}, reason=True,
          task=True),
    _verb("delegate", "委托", {"submitted", "open"}, {"handler"}, reason=True, task=True,
          hint="委托不能再委托"),
    _verb("add_signer", "加签", {"open"}, _WORK, reason=True, task=True),
    _verb("withdraw", "撤回", RUNNING, {"applicant"}, reason=True, hint="已有结论的不能撤回"),
    _verb("recall", "取回", {"open"}, {"past"}, reason=True,
          hint="下一步已经办理的，请下一步退回"),
    _verb("void", "作废", RUNNING | {"draft"}, {"supervisor"}, reason=True,
          hint="已有结论的走撤销程序"),
    _verb("urge", "催办", {"submitted", "open"}, {"applicant", "supervisor", "past"}),
    _verb("copy", "抄送", RUNNING | {"done"}, _WORK | {"supervisor", "past"}),
    _verb("pause", "暂停计时", {"open"}, _WORK, reason=True, task=True),
    _verb("resume", "恢复计时", {"open"}, _WORK | {"supervisor"}),
    _verb("extend", "延期", {"open"}, {"supervisor"}, reason=True,
          hint="请本单位负责人批准"),
    _verb("supply_deferred", "补齐容缺材料", {"open", "done"}, {"applicant"}),
    _verb("visit", "登记跑动", RUNNING | {"done"}, _WORK | {"supervisor", "past"}, reason=True),
))  # fmt: skip


def refusal(verb: str, state: str, relations: Iterable[str]) -> tuple[str, str] | None:
    """Why a verb may not be used, with what to do instead; ``None`` where it may.

    Somebody without any relation to the case gets the same answer in every state, so that the
    answer tells nothing about it.
    """
    rule, held = VERBS[verb], set(relations)
    if not held:
        return "这件办件不在您的查看范围之内", "请联系承办单位"
    if state not in rule.states:
        return f"{STATES[state]}的办件不能{rule.word}", rule.hint or _when(rule)
    if not held & rule.relations:
        who = "、".join(RELATIONS[name] for name in RELATIONS if name in rule.relations)
        return f"只有{who}可以{rule.word}", rule.hint or "请联系承办单位"
    return None


def _when(rule: Verb) -> str:
    words = "、".join(word for code, word in STATES.items() if code in rule.states)
    return f"{words}的办件可以{rule.word}"


def allowed(state: str, relations: Iterable[str]) -> list[Verb]:
    """The verbs a person may use now."""
    held = set(relations)
    return [rule for code, rule in VERBS.items() if refusal(code, state, held) is None]
