"""The few functions a formula may call."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from jigai.rules.errors import FormulaError
from jigai.rules.expr import BOOL, DATE, NUMBER, Node, Type
from jigai.rules.grammar_base import Checker
from jigai.rules.units import dimension_name

MONTHS = Type("number", (("month", 1),))


class Functions(Checker):
    """``达到``, ``已知``, ``整份`` and the date functions."""

    def functions(self) -> dict[str, Callable[[list[exp.Expression]], Node]]:
        """Every function by its name in formulas."""
        return {
            "达到": self._reach,
            "已知": self._known,
            "整份": self._steps,
            "天数": self._days,
            "加月": self._add_months,
            "年初": self._year_start,
            "年末": self._year_end,
        }

    def _call(self, tree: exp.Expression) -> Node:
        function = self.functions().get(str(tree.this))
        if function is None:
            raise FormulaError(
                "unknown-function", f"没有函数“{tree.this}”", "可用：" + "、".join(self.functions())
            )
        return function(tree.expressions)

    def _arity(self, name: str, args: list[exp.Expression], count: int) -> None:
        if len(args) != count:
            raise FormulaError(
                "wrong-arguments", f"{name} 要 {count} 个参数，给了 {len(args)} 个", "补全或删去"
            )

    def _reach(self, args: list[exp.Expression]) -> Node:
        self._arity("达到", args, 2)
        value = self._number(args[0])
        kind, identifier = self.scope.names.get(args[1].name, ("", ""))
        if kind != "param" or self.scope.parameters[identifier][0] != "threshold":
            raise FormulaError(
                "not-a-threshold",
                f"“{args[1].sql('duckdb')}”不是起点参数",
                "第二个参数须是 kind: threshold 的参数",
            )
        wanted = self.scope.parameters[identifier][1]
        if value.type.dimension != wanted.dimension:
            raise FormulaError(
                "unit-mismatch",
                f"起点“{args[1].name}”的单位是{dimension_name(wanted.dimension)}，"
                f"比较的是{dimension_name(value.type.dimension)}",
                "检查事实或起点的单位",
            )
        return Node("reach", (value,), BOOL, identifier)

    def _known(self, args: list[exp.Expression]) -> Node:
        self._arity("已知", args, 1)
        return Node("known", (self.check(args[0]),), BOOL)

    def _steps(self, args: list[exp.Expression]) -> Node:
        self._arity("整份", args, 2)
        value, size = self._number(args[0]), self._number(args[1])
        self._same_unit(value, size, "数整份")
        if not self._never_zero(size):
            raise FormulaError("division-by-zero", "每份的大小可能为零", "用大于零的参数")
        return Node("steps", (value, size), NUMBER)

    def _dates(self, name: str, args: list[exp.Expression], count: int) -> list[Node]:
        self._arity(name, args, count)
        nodes = [self.check(arg) for arg in args]
        if nodes[0].type != DATE:
            raise FormulaError("wrong-type", f"{name} 的第一个参数须是日期", "用日期类事实或参数")
        return nodes

    def _days(self, args: list[exp.Expression]) -> Node:
        nodes = self._dates("天数", args, 2)
        if nodes[1].type != DATE:
            raise FormulaError("wrong-type", "天数 的两个参数都须是日期", "用日期类事实或参数")
        return Node("days", tuple(nodes), Type("number", (("day", 1),)))

    def _add_months(self, args: list[exp.Expression]) -> Node:
        nodes = self._dates("加月", args, 2)
        if nodes[1].type != MONTHS:
            raise FormulaError("wrong-type", "加月 的第二个参数须是月数", "用单位为月或年的参数")
        return Node("add_months", tuple(nodes), DATE)

    def _year_start(self, args: list[exp.Expression]) -> Node:
        return Node("year_start", tuple(self._dates("年初", args, 1)), DATE)

    def _year_end(self, args: list[exp.Expression]) -> Node:
        return Node("year_end", tuple(self._dates("年末", args, 1)), DATE)
