"""四.1, 四.2, 五: the bases, conditions, amounts and verdicts of one project's three measures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle import enterprises as firm
from tests.oracle.case import Case, Row
from tests.oracle.kleene import (
    add,
    all_of,
    any_of,
    choose,
    equal,
    less,
    more,
    negate,
    one_of,
    times,
    to_fen,
    to_wan,
    to_yuan_down,
)
from tests.oracle.lines import EQUIPMENT, SOFT_HARD, Lines
from tests.oracle.policy import DOCUMENT_FIRST, Setting

MEASURES = ("equipment", "robot", "informatization")


def rounded(value: Fraction | int | None, s: Setting) -> int | None:
    """U11: how an amount is rounded."""
    if s.reads("money_rounding", "到分四舍五入"):
        return to_fen(value)
    return to_yuan_down(value) if s.reads("money_rounding", "到元舍去") else to_wan(value)


@dataclass(frozen=True)
class Measure:
    """What one measure gives one project, before anything is selected.

    ``amount`` is before the gates: zero below the threshold. ``cap`` is the rounded cap of the
    enterprise, or ``None`` where the reading leaves none (or it is unknown).
    """

    gates: tuple[bool | None, ...]
    when: bool | None
    amount: int | None
    cap: int | None

    @property
    def verdict(self) -> str:
        """Excluded before below-threshold before pay before missing."""
        if False in self.gates:
            return "excluded"
        if self.when is False:
            return "below-threshold"
        paid = all_of(*self.gates, self.when) is True and self.amount is not None
        return "pay" if paid else "missing"


class Projects:
    """The measures of every project of a case."""

    def __init__(self, case: Case, lines: Lines, s: Setting) -> None:
        self.case, self.lines, self.s = case, lines, s
        self._bases = {
            key: {name: self._base(row, name, True) for name in MEASURES}
            for key, row in case.projects.items()
        }
        self._thresholds = {
            key: {name: self._base(row, name, False) for name in MEASURES}
            for key, row in case.projects.items()
        }
        self.measures = {
            key: {name: self._measure(row, name) for name in MEASURES}
            for key, row in case.projects.items()
        }

    def _base(self, project: Row, measure: str, only_unpaid: bool) -> int | None:
        """设备投资额, 机器人购置额, 软硬件投资额 (Y9, Y10, Y56)."""
        reads = self.s.reads
        declared = reads("invoice_amount_basis", "申报数")
        if measure == "informatization" and (declared or reads("soft_hard_evidence", "按申报数")):
            return add(project.get("declared_software"), project.get("declared_hardware"))
        if declared:
            return project.get(f"declared_{measure}")
        lines = self.case.lines_of_project.get(project["key"], [])
        if not self.lines.usable(lines, project):
            return None
        classes = {"equipment": EQUIPMENT, "robot": ("robot",), "informatization": SOFT_HARD}
        return self.lines.total(lines, classes[measure], only_unpaid)

    def _when(self, project: Row, measure: str) -> bool | None:
        """Whether the project, or all projects of its enterprise (Y14), reach the threshold."""
        value: Any = self._thresholds[project["key"]][measure]
        if self.s.reads("threshold_scope", "企业全年"):
            owner = self.case.enterprise_of(project)
            others = self.case.projects_of[owner["key"]] if owner else []
            value = add(*(self._thresholds[p["key"]][measure] for p in others)) if owner else None
        numbers = self.s.numbers
        thresholds = {
            "equipment": numbers.equipment_threshold,
            "robot": numbers.robot_threshold,
            "informatization": numbers.it_threshold,
        }
        return self.s.reached(value, thresholds[measure])

    def _award_base(self, project: Row, measure: str) -> int | None:
        """Y15: robots alone or all equipment; Y16: what is left for the equipment track."""
        bases, reads = self._bases[project["key"]], self.s.reads
        if measure == "informatization":
            return bases[measure]
        whole = reads("robot_base", "全部设备")
        robot = bases["equipment"] if whole else bases["robot"]
        if measure == "robot":
            return robot
        if not reads("allow_split_tracks", "拆分"):
            return bases["equipment"]
        taken = robot if "no-double-base-when-split" in DOCUMENT_FIRST else bases["robot"]
        rest = less(bases["equipment"], taken)
        return choose(self._when(project, "robot"), rest, bases["equipment"])

    def _measure(self, project: Row, measure: str) -> Measure:
        s, owner = self.s, self.case.enterprise_of(project)
        when = self._when(project, measure)
        base = self._award_base(project, measure)
        rate = firm.rate_of(measure, owner, s)
        cap = firm.measure_cap(measure, owner, s)
        raw, limit = times(base, rate), rounded(cap, s)
        if s.reads("uplift_order", "加点部分不封顶"):
            plain = times(base, firm.base_rate(measure, s))
            known = raw is not None and plain is not None and cap is not None
            amount = rounded(min(plain, cap) + raw - plain, s) if known else None
            limit = None
        else:
            known = raw is not None and limit is not None
            amount = min(rounded(raw, s), limit) if known else None
        amount = rounded(less(amount, self._deduction(project)), s)
        if amount is not None:
            amount = max(amount, 0)
        gates = self._gates(project, owner)
        if measure == "informatization":
            gates = (*gates, self._system_ok(project))
        return Measure(gates, when, choose(when, amount, 0), limit)

    def _gates(self, project: Row, owner: Row | None) -> tuple[bool | None, ...]:
        """五.1 to 五.3 and the last sentence of 四.4."""
        s, reads = self.s, self.s.reads
        return (
            self._in_district(project, owner),
            firm.independent(owner),
            firm.credit_ok(owner, s),
            firm.no_major_violation(owner, s),
            firm.management_ok(owner, s),
            project.get("filed"),
            self._statistics_ok(project),
            any_of(
                reads("exclude_new_build", "不排除"),
                negate(equal(project.get("construction_nature"), "new")),
            ),
            any_of(reads("overlap_mode", "补差"), negate(self._overlapping(project))),
            any_of(
                reads("same_project_rule", "不核"),
                negate(project.get("suspected_same_project")),
                project.get("confirmed_distinct"),
            ),
            firm.not_class_d(owner, s),
        )

    def _in_district(self, project: Row, owner: Row | None) -> bool | None:
        registered, located = (
            firm.registered_here(owner, self.s),
            project.get("project_in_district"),
        )
        if self.s.reads("jurisdiction_rule", "仅注册地"):
            return registered
        if self.s.reads("jurisdiction_rule", "仅项目地"):
            return located
        return all_of(registered, located)

    def _statistics_ok(self, project: Row) -> bool | None:
        """纳入联网直报平台 (Y43, Y44)."""
        s, marked = self.s, project.get("in_statistics")
        if s.reads("stat_timing", "拨付前"):
            return True
        if s.reads("stat_entry_threshold", "以入统标记为准"):
            return marked
        large = s.reached(project.get("planned_total"), s.numbers.statistics_entry_threshold)
        if s.reads("stat_entry_threshold", "须达统计起点"):
            return all_of(marked, large)
        return any_of(marked, negate(large))

    def _overlapping(self, project: Row) -> bool | None:
        """已获其它财政资金支持 (Y36)."""
        kind, reads = project.get("other_funds_kind"), self.s.reads
        if reads("other_funds_scope", "全部财政"):
            public = negate(one_of(kind, ("equity", "tax")))
        elif reads("other_funds_scope", "仅本级"):
            public = equal(kind, "same_level")
        else:
            public = negate(equal(kind, "tax"))
        return all_of(project.get("has_other_funds"), public)

    def _deduction(self, project: Row) -> int | None:
        """Y37 b: only the difference is paid."""
        if self.s.reads("overlap_mode", "全拒"):
            return 0
        return choose(self._overlapping(project), project.get("other_funds_amount"), 0)

    def _system_ok(self, project: Row) -> bool | None:
        """系统集成应用 (Y20, Y21)."""
        listed = project.get("system_listed")
        if self.s.reads("system_list_open", "开放"):
            listed = any_of(listed, project.get("system_approved"))
        if self.s.reads("single_system_ok", "单个即可"):
            return all_of(listed, project.get("integration_proven"))
        return all_of(listed, more(project.get("integrated_systems"), 1))
