"""Writes docs/guide/办件动作对照.md from the table of verbs: each verb × each state × each person.

``python tools/verb_table.py`` writes it; a test compares it with what the code says.
"""

from __future__ import annotations

from pathlib import Path

from jigai.cases.flow.verbs import RELATIONS, STATES, VERBS, Verb, refusal

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "办件动作对照.md"
OUTSIDER = "无关的人"


def page() -> str:
    """The page: who may use a verb in a state, and what is said to whoever may not."""
    lines = [
        "# 办件动作对照",
        "",
        "由 `python tools/verb_table.py` 从动作表（`jigai.cases.flow.verbs`）生成，不要手改；"
        "测试逐格核对。",
        "",
        "## 谁在什么状态下可以做什么",
        "",
        "格子里是可以做的人；“—”表示这个状态下谁也不能。“要理由”的动作不写理由办不成。",
        "",
        f"| 动作 | 要理由 | {' | '.join(STATES.values())} |",
        f"|---|---|{'---|' * len(STATES)}",
    ]
    for rule in VERBS.values():
        cells = " | ".join(_cell(rule, state) for state in STATES)
        lines.append(f"| {rule.word} | {'要' if rule.reason else ''} | {cells} |")
    lines += [
        "",
        "## 不能做时怎样说",
        "",
        f"{OUTSIDER}在任何状态下得到同一句话：{_said('agree', 'open', ())}。"
        "不因状态而异，免得从答复里猜出办件的情形。",
        "",
        "| 动作 | 状态不对（以第一个不行的状态为例） | 人不对 |",
        "|---|---|---|",
    ]
    for rule in VERBS.values():
        lines.append(f"| {rule.word} | {_wrong_state(rule)} | {_wrong_person(rule)} |")
    return "\n".join([*lines, ""])


def _cell(rule: Verb, state: str) -> str:
    held = [word for code, word in RELATIONS.items() if refusal(rule.code, state, (code,)) is None]
    return "、".join(held) or "—"


def _said(verb: str, state: str, relations: tuple[str, ...]) -> str:
    said = refusal(verb, state, relations)
    return "。".join(part for part in said if part) if said else ""


def _wrong_state(rule: Verb) -> str:
    state = next((state for state in STATES if state not in rule.states), "")
    return _said(rule.code, state, tuple(rule.relations)) if state else "—"


def _wrong_person(rule: Verb) -> str:
    other = next((code for code in RELATIONS if code not in rule.relations), "")
    return _said(rule.code, sorted(rule.states)[0], (other,)) if other else "—"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
