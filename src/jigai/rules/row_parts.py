"""The conditions that a formula over one row joins by ``and``, each to be answered by itself.

``规上 and 已备案 and (主方向 in (信息化) or 达到(固定资产投资, 起点))`` has three. A formula that
joins by ``or`` at the top is one condition.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"'(?:[^']|'')*'|\(|\)|[A-Za-z_]+|[^\s()'A-Za-z_]+|\s+")
_REACH = re.compile(r"达到\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)")
_ONE_OF = re.compile(r"\s*\bin\s*\(([^()]*)\)")


def joined_conditions(formula: str) -> list[str]:
    """The parts between the ``and`` of the outermost level, without brackets around the whole."""
    parts, depth, between = [""], 0, False
    for token in _TOKEN.findall(formula.strip()):
        word = token.lower()
        depth += (word in ("(", "case")) - (word in (")", "end"))
        if depth == 0 and word == "or":
            return [formula.strip()]
        if depth == 0 and word == "between":
            between = True
        if depth == 0 and word == "and" and not between:
            parts.append("")
            continue
        if depth == 0 and word == "and":
            between = False
        parts[-1] += token
    return [_bare(part) for part in parts]


def _bare(part: str) -> str:
    """Without a pair of brackets around everything."""
    text = part.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return _bare(text[1:-1])


def reached(condition: str) -> list[tuple[str, str]]:
    """(field, parameter) of every ``达到`` in a condition: what may fall short of what."""
    return [(found[1], found[2]) for found in _REACH.finditer(condition)]


def in_words(condition: str) -> str:
    """A condition as people read it."""
    text = _REACH.sub(r"\1达到\2", condition)
    text = _ONE_OF.sub(lambda found: f"属于{_listed(found[1])}", text)
    for sign, word in ((r"\s+or\s+", "，或者"), (r"\s+and\s+", "，并且"), (r"\bnot\s+", "不是")):
        text = re.sub(sign, word, text)
    return text.strip()


def _listed(options: str) -> str:
    return "、".join(word.strip() for word in options.split(","))
