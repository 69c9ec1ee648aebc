"""A line of 流转记录 in words, for one reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jigai.cases.flow.shapes import RUNG_TO
from jigai.cases.flow.verbs import VERBS
from jigai.cases.gates import STATE_WORDS
from jigai.cases.inbox_lines import DECISIONS
from jigai.cases.models import CaseRecord
from jigai.cases.viewer import INTERNAL, OPINIONS, Viewer

# What is written besides the verbs of people.
MORE = {
    "write": "填写", "skip": "不需办理", "close": "办结", "gate": "核查", "receipt": "出具回执",
    "paper": "出具文书", "lapse": "逾期失效", "silence": "逾期未告知，视为受理",
    "remind": "催办提醒", "late": "容缺逾期", "pass": "等候期满",
    "commit": "签署承诺书", "check": "履约核查", "revoke": "撤销结论", "credit": "提出信用记录",
    "unanswered": "逾期未补正", "recompute": "时限重算", "move": "部门合并，待办转移",
    "land-day": "土地交付提醒",
}  # fmt: skip
RESULTS = {"agreed": "准予", "refused": "不予", "": ""}


def told_record(view: Viewer, row: CaseRecord) -> dict[str, Any] | None:
    """One entry as the timeline takes it; ``None`` for what this reader is not told."""
    if view.as_applicant and row.verb in INTERNAL:
        return None
    notes = [] if row.verb in OPINIONS and not view.tells_opinions else [row.reason]
    notes += _data(view, row)
    verb = VERBS[row.verb].word if row.verb in VERBS else MORE.get(row.verb, row.verb)
    if row.verb == "agree" and view.tells_opinions and row.data.get("decision") == "abstain":
        verb = DECISIONS["abstain"]
    if row.verb in OPINIONS and not view.tells_opinions:
        verb = "办理"
    where = f"{row.step.name} · " if row.step else ""
    return {
        "verb": f"{where}{verb}", "code": "", "at": row.at, "who": _who(view, row),
        "note": "；".join(note for note in notes if note),
    }  # fmt: skip


def _who(view: Viewer, row: CaseRecord) -> str:
    name = str(row.by or "平台")
    if view.as_applicant and row.by is not None and row.by_id != view.desk.user:
        name = row.unit or "承办单位" if row.verb != "submit" else name
    elif row.unit:
        name = f"{row.unit} {name}"
    return f"{name}（代{row.on_behalf}）" if row.on_behalf and not view.as_applicant else name


def _data(view: Viewer, row: CaseRecord) -> list[str]:
    """What a verb noted besides its reason, as sentences."""
    data, found = row.data, _changed(view, row.data)
    names = {step.id: step.name for step in view.spec.steps}
    to = data.get("to")
    if row.verb == "send_back":
        found.append(f"退回到“{names.get(str(to), to)}”")
    elif row.verb == "remind":
        found.append(f"提醒{RUNG_TO.get(str(to), to)}")
    elif to:
        found.append(f"给{'、'.join(to) if isinstance(to, list) else to}")
    teller = _TELLERS.get(row.verb)
    return found + (teller(view, data) if teller else [])


def _changed(view: Viewer, data: dict[str, Any]) -> list[str]:
    hidden = {item.label for item in view.spec.fields if item.id in view.hidden}
    changed = data.get("changed") or {}
    return [
        f"{label}：{pair[0] or '（空）'} → {pair[1] or '（空）'}"
        for label, pair in changed.items() if label not in hidden
    ]  # fmt: skip


def _gate(view: Viewer, data: dict[str, Any]) -> list[str]:
    state = STATE_WORDS.get(data.get("state", ""), "")
    return [f"{state}，来源：{data.get('source') or '—'}，截至 {data.get('as_of', '')}"]


def _accept(view: Viewer, data: dict[str, Any]) -> list[str]:
    names = {item.id: item.name for item in view.spec.evidence}
    promised = data.get("promised") or []
    return [f"容缺：{'、'.join(names.get(one, one) for one in promised)}"] if promised else []


def _pause(view: Viewer, data: dict[str, Any]) -> list[str]:
    expected = data.get("expected_days")
    return [str(data.get("kind", "")), str(data.get("basis", "")),
            f"预计 {expected} 个工作日" if expected else ""]  # fmt: skip


def _resume(view: Viewer, data: dict[str, Any]) -> list[str]:
    return [f"{data.get('kind', '')}，不计入期限 {data.get('days', 0)} 个工作日"]


def _extend(view: Viewer, data: dict[str, Any]) -> list[str]:
    return [f"延长 {data.get('days', 0)} 个工作日", str(data.get("basis", ""))]


def _correct(view: Viewer, data: dict[str, Any]) -> list[str]:
    until = data.get("due")
    return [*(data.get("said") or []), f"{until} 前补齐" if until else ""]


def _supplied(view: Viewer, data: dict[str, Any]) -> list[str]:
    return [f"补齐：{'、'.join(data.get('items') or [])}",
            f"还差：{'、'.join(data['left'])}" if data.get("left") else ""]  # fmt: skip


def _visit(view: Viewer, data: dict[str, Any]) -> list[str]:
    over = "，超过承诺" if data.get("exceeding") else ""
    return [f"{data.get('on', '')}，第 {data.get('count', '')} 次{over}"]


_TELLERS: dict[str, Callable[[Viewer, dict[str, Any]], list[str]]] = {
    "gate": _gate, "accept": _accept, "pause": _pause, "resume": _resume, "extend": _extend,
    "silence": _accept, "correct": _correct, "supply_deferred": _supplied, "visit": _visit,
    "close": lambda view, data: [RESULTS.get(data.get("result", ""), "")],
    "receipt": lambda view, data: [f"回执散列 {data.get('sha256', '')}"],
    "paper": lambda view, data: [f"{data.get('title', '')}（查验码 {data.get('code', '')}）"],
    "delegate": lambda view, data: [
        "收回委托" if data.get("end") else f"委托到 {data.get('until', '')}"
    ],
}  # fmt: skip
