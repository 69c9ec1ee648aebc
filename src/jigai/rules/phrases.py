"""Says a formula in Chinese, with the parameter values of a date if there are any."""

from __future__ import annotations

from collections.abc import Callable

from jigai.rules.binding import Environment
from jigai.rules.environment import all_readings
from jigai.rules.expr import MONEY_TYPE, Node
from jigai.rules.model import Model
from jigai.rules.scope import CONTEXT
from jigai.rules.values import COMPARATORS
from jigai.rules.wording import date_text, parameter_text

_OR, _AND, _TEST, _SUM, _PRODUCT, _ATOM = range(1, 7)
_RANK = {
    "or": _OR,
    "and": _AND,
    "add": _SUM,
    "sub": _SUM,
    "mul": _PRODUCT,
    "div": _PRODUCT,
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "in", "reach", "not", "known"), _TEST),
}
_SIGNS = {"add": " ＋ ", "sub": " － ", "mul": " × ", "div": " ÷ ", "and": " 且 ", "or": " 或 "}
_NUMBERS = {
    "eq": "等于",
    "ne": "不等于",
    "lt": "小于",
    "le": "不大于",
    "gt": "大于",
    "ge": "不小于",
}
_DATES = {"eq": "就是", "ne": "不是", "lt": "早于", "le": "不晚于", "gt": "晚于", "ge": "不早于"}
_WORDS = {"eq": "为", "ne": "不为"}
_OPPOSITE = {
    "known": "没有数据",
    "eq": "ne",
    "ne": "eq",
    "lt": "ge",
    "ge": "lt",
    "gt": "le",
    "le": "gt",
}


class Phraser:
    """Renders nodes of one model; with an environment, parameters show their value."""

    def __init__(self, model: Model, env: Environment | None = None) -> None:
        """Prepare the names of parameters and readings."""
        self.model, self.env = model, env
        self._readings = all_readings(model.pack)
        self._context = {key: name for name, (key, _) in CONTEXT.items()}
        self._say: dict[str, Callable[[Node], str]] = {
            "const": self._const,
            "param": lambda n: self.parameter(n.value),
            "reading": lambda n: f"读法“{self._readings[n.value].name}”",
            "context": self._named_date,
            "term": lambda n: model.scope.terms[n.value].name,
            "undetermined": lambda n: "未定",
            "unknown": lambda n: "待核",
            "reach": self._reach,
            "known": lambda n: f"“{self.say(n.args[0])}”有数据",
            "not": self._not,
            "in": self._in,
            "case": self._case,
            "neg": self._negative,
            "and": self._logic,
            "or": self._logic,
            "least": lambda n: self._extreme(n, "小"),
            "greatest": lambda n: self._extreme(n, "大"),
            "steps": lambda n: f"{self._inner(n, 0)}每满{self._inner(n, 1)}的整份数",
            "days": lambda n: f"自{self._inner(n, 0)}至{self._inner(n, 1)}的天数",
            "add_months": self._months,
            "year_start": lambda n: f"{self._inner(n, 0)}当年的首日",
            "year_end": lambda n: f"{self._inner(n, 0)}当年的末日",
            **dict.fromkeys(("add", "sub", "mul", "div"), self._arithmetic),
            **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), self._compare),
        }

    def say(self, node: Node) -> str:
        """The whole node."""
        return self._say[node.op](node)

    def _inner(self, node: Node, index: int, rank: int = _ATOM) -> str:
        """An operand, in brackets if it binds less tightly than its place wants."""
        child = node.args[index]
        text = self.say(child)
        return f"（{text}）" if _RANK.get(child.op, _ATOM) < rank else text

    # leaves -------------------------------------------------------------------------------------

    def parameter(self, identifier: str) -> str:
        """Name and value: ``设备补助比例 3%``."""
        name = self.model.parameters[identifier].name
        if self.env is None:
            return name
        return f"{name} {parameter_text(self.env.parameters.get(identifier))}"

    def _named_date(self, node: Node) -> str:
        name = self._context[node.value]
        value = self.env.context.get(node.value) if self.env else None
        if value is None:
            return name
        return f"{name}（{date_text(value) if node.type.kind == 'date' else value}）"

    def _const(self, node: Node) -> str:
        if node.type.kind == "bool":
            return "是" if node.value else "否"
        if node.type.kind == "enum":
            return self.option(node)
        if node.type == MONEY_TYPE:
            return f"{node.value}元"
        return str(node.value)

    def option(self, node: Node) -> str:
        """Word of an option constant: that of the term that has these options."""
        for info in self.model.scope.terms.values():
            if info.type == node.type and info.words:
                return info.words[info.type.options.index(node.value)]
        return str(node.value)

    # arithmetic ---------------------------------------------------------------------------------

    def _arithmetic(self, node: Node) -> str:
        rank = _RANK[node.op]
        right = rank + (node.op in ("sub", "div"))
        return self._inner(node, 0, rank) + _SIGNS[node.op] + self._inner(node, 1, right)

    def _negative(self, node: Node) -> str:
        return f"负的{self._inner(node, 0)}"

    def _extreme(self, node: Node, which: str) -> str:
        if which == "大" and len(node.args) == 2 and _is_zero(node.args[1]):
            return f"（{self.say(node.args[0])}，不足零按零计）"
        return "（" + "、".join(self.say(child) for child in node.args) + f"，取最{which}者）"

    def _months(self, node: Node) -> str:
        shift = node.args[1]
        if shift.op == "sub" and _is_zero(shift.args[0]):
            return f"{self._inner(node, 0)}前推{self.say(shift.args[1])}"
        return f"{self._inner(node, 0)}后推{self.say(shift)}"

    # conditions ---------------------------------------------------------------------------------

    def _logic(self, node: Node) -> str:
        between = self._between(node)
        if between:
            return between
        texts = [self._inner(node, i, _RANK[node.op]) for i in range(len(node.args))]
        return _SIGNS[node.op].join(texts)

    def _between(self, node: Node) -> str:
        if node.op != "and" or [child.op for child in node.args] != ["ge", "le"]:
            return ""
        low, high = node.args
        if low.args[0] != high.args[0]:
            return ""
        return f"{self.say(low.args[0])}在{self.say(low.args[1])}至{self.say(high.args[1])}之间"

    def _compare(self, node: Node) -> str:
        left, right = node.args
        kind = left.type.kind
        if left.op == "reading" and right.op == "const":
            reading = self._readings[left.value]
            word = reading.options[right.value].word
            return f"读法“{reading.name}”{'取' if node.op == 'eq' else '不取'}“{word}”"
        verbs = {"number": _NUMBERS, "date": _DATES}.get(kind, _WORDS)
        return f"{self._inner(node, 0, _SUM)}{verbs[node.op]}{self._inner(node, 1, _SUM)}"

    def _in(self, node: Node) -> str:
        subject = self._inner(node, 0)
        if node.args[1].op == "param":
            return f"{subject}属于{self.say(node.args[1])}"
        return f"{subject}属于（{'、'.join(self.say(child) for child in node.args[1:])}）"

    def _not(self, node: Node) -> str:
        child = node.args[0]
        if child.op in _OPPOSITE and child.op != "known":
            return self.say(Node(_OPPOSITE[child.op], child.args, child.type))
        if child.op == "in":
            return self.say(child).replace("属于", "不属于", 1)
        if child.op == "known":
            return f"“{self.say(child.args[0])}”没有数据"
        if child.op == "reach":
            return f"并非{self.say(child)}"
        return f"“{self.say(child)}”为否"

    def _reach(self, node: Node) -> str:
        """``设备起点额达到 500万元及以上（设备投资起点）``."""
        subject = self._inner(node, 0, _PRODUCT)
        name = self.model.parameters[node.value].name
        value = self.env.parameters.get(node.value) if self.env else None
        if self.env is None or value is None:
            return f"{subject}达到{name}"
        text = parameter_text(value)
        verb = "" if text.startswith(tuple(COMPARATORS)) else "达到 "
        if self.env.comparator(value) != (value.comparator or ">="):
            text += "，按选定读法含不含本数与通行口径相反"
        return f"{subject}{verb}{text}（{name}）"

    def _case(self, node: Node) -> str:
        parts = [
            f"若{self.say(condition)}，则{self.say(result)}"
            for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True)
        ]
        return "（" + "；".join([*parts, f"否则{self.say(node.args[-1])}"]) + "）"


def _is_zero(node: Node) -> bool:
    return node.op == "const" and node.value == 0


def describe_formula(node: Node, model: Model, env: Environment | None = None) -> str:
    """Say a formula in Chinese.

    Facts appear by name, parameters with their value as of the date of ``env`` (by name alone
    without one), options by their word: ``设备投资额 ×（设备补助比例 3% ＋ 评价上浮）``.
    """
    text = Phraser(model, env).say(node).replace(" （", "（").replace("） ", "）")
    return text[1:-1] if _wrapped(text) else text


def _wrapped(text: str) -> bool:
    """Whether the first bracket closes only at the very end."""
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter == "（") - (letter == "）")
        if depth == 0:
            return index == len(text) - 1 and index > 0
    return False
