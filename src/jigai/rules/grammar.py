"""The closed formula grammar: sqlglot parses, a whitelist admits, types and units are checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from jigai.rules.errors import FormulaError
from jigai.rules.expr import BOOL, NUMBER, Node, Type, constant
from jigai.rules.grammar_base import NO_NUMBER, UNKNOWN, describe, is_zero, typed_unknown
from jigai.rules.grammar_conditions import Conditions
from jigai.rules.grammar_functions import Functions
from jigai.rules.grammar_numbers import Arithmetic
from jigai.rules.scope import Scope

_STRINGS = re.compile(r"('(?:[^']|'')*')")
_SYMBOLS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "<>", "×": "*", "÷": "/", "、": ","})
_ARITHMETIC: dict[type[exp.Expression], str] = {exp.Add: "add", exp.Sub: "sub"}
_COMPARE: dict[type[exp.Expression], str] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
}
_LOGIC: dict[type[exp.Expression], str] = {exp.And: "and", exp.Or: "or"}


def parse_formula(
    text: str,
    scope: Scope,
    subject: str | None,
    expected: Type | None = None,
    words: dict[str, str] | None = None,
) -> Node:
    """Parse, resolve and type-check a formula seen from a row of ``subject``.

    ``subject=None`` admits constants only (parameters, readings, constants of the run). ``words``
    maps option words to codes where the formula itself yields an option.
    Raises :class:`FormulaError` with a code, a Chinese sentence and a fix.
    """
    node = _Checker(scope, subject, expected, words or {}).check(_parse(text))
    if expected is not None:
        node = typed_unknown(node, expected)
    if expected is not None and node.type.kind == "number" and is_zero(node):
        node = constant(Fraction(0), expected)
    if expected is not None and node.type != expected:
        raise FormulaError(
            "wrong-type",
            f"这里要{describe(expected)}，公式给出的是{describe(node.type)}",
            "检查公式的单位与用词",
        )
    return node


def formula_names(text: str) -> list[str]:
    """Every name a formula mentions, in order, once each; raises :class:`FormulaError`."""
    columns = (node for node in _parse(text).dfs() if isinstance(node, exp.Column))
    return list(dict.fromkeys(node.name for node in columns))


def _parse(text: str) -> exp.Expression:
    pieces = _STRINGS.split(text)
    plain = "".join(
        piece if index % 2 else unicodedata.normalize("NFKC", piece).translate(_SYMBOLS)
        for index, piece in enumerate(pieces)
    )
    try:
        tree = sqlglot.parse_one(plain, read="duckdb")
    except SqlglotError as error:
        raise FormulaError(
            "formula-syntax",
            f"公式“{text}”写法有误",
            "检查括号、逗号与 case … when … then … else … end 是否成对",
        ) from error
    if not isinstance(tree, exp.Expression) or isinstance(tree, exp.Query | exp.Command):
        raise FormulaError("not-allowed", f"公式“{text}”不是一个表达式", "只写一个算式或条件")
    return tree


class _Checker(Arithmetic, Conditions, Functions):
    """All of the language."""

    def check(self, tree: exp.Expression) -> Node:
        """Dispatch on the kind of syntax node; anything unlisted is refused."""
        kind = type(tree)
        if kind is exp.Paren:
            return self.check(tree.this)
        if kind is exp.Column:
            return self._name(tree)
        if kind is exp.Literal:
            return self._literal(tree)
        if kind is exp.Boolean:
            return constant(bool(tree.this), BOOL)
        if kind in _ARITHMETIC:
            return self._sum(_ARITHMETIC[kind], self.check(tree.this), self.check(tree.expression))
        if kind in _COMPARE:
            return self._compare(_COMPARE[kind], tree.this, tree.expression)
        if kind in _LOGIC:
            return self._logic(_LOGIC[kind], tree)
        handlers: dict[type[exp.Expression], Callable[[exp.Expression], Node]] = {
            exp.Mul: self._product,
            exp.Div: self._quotient,
            exp.Neg: self._negative,
            exp.Not: self._not,
            exp.In: self._in,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Least: self._extreme,
            exp.Greatest: self._extreme,
            exp.Anonymous: self._call,
        }
        return handlers.get(kind, self._refuse)(tree)

    def _name(self, tree: exp.Expression) -> Node:
        name = tree.name
        if not isinstance(tree.this, exp.Identifier) or tree.args.get("table") is not None:
            self._refuse(tree)
        if name == "未知":
            return Node("unknown", (), UNKNOWN)
        if name in self.words and self.expected is not None:
            return constant(self.words[name], self.expected)
        found = self.scope.resolve(name, self.subject)
        if isinstance(found, Node):
            if found.op == "param" and self.scope.parameters[found.value][0] == "threshold":
                raise FormulaError(
                    "bare-threshold",
                    f"起点“{name}”只能放在 达到(…, {name}) 里",
                    f"写成 达到(事实, {name})，比较符号由参数里的“及以上/超过”决定",
                )
            return found
        if found == "subject":
            raise FormulaError(
                "wrong-subject",
                f"“{name}”不属于这一级对象，公式看不到它",
                "先在 facts.yaml 里汇总到这一级",
            )
        near = self.scope.similar(name)
        hint = f"是不是“{near}”？" if near else "先在 vocabulary.yaml 或 facts.yaml 里登记"
        raise FormulaError("unknown-term", f"不认识的名称“{name}”", hint)

    def _literal(self, tree: exp.Expression) -> Node:
        if tree.args.get("is_string"):
            return constant(str(tree.this), Type("text"))
        if str(tree.this) in ("0", "1"):
            return constant(Fraction(str(tree.this)), NUMBER)
        raise FormulaError(
            "number-literal",
            f"公式里不能直接写数“{tree.this}”",
            NO_NUMBER,
        )
