"""四.1 以购置增值税发票数额为准: which invoice lines count, as what, and for how much."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.case import Case, Row
from tests.oracle.kleene import all_of, any_of, at_least, between, equal, negate, one_of
from tests.oracle.policy import DOCUMENT_FIRST, EFFECTIVE_TO, Setting

EQUIPMENT = ("equipment", "robot")
SOFT_HARD = ("software", "hardware")


def first_case(*branches: tuple[bool | None, Any], otherwise: Any) -> Any:
    """The first branch that holds; an unknown one before it makes the whole unknown."""
    for condition, result in branches:
        if condition is None:
            return None
        if condition:
            return result
    return otherwise


def counted_class(line: Row, s: Setting) -> str | None:
    """As what a line counts: Y13 ancillary costs, Y17 robots, Y10 and Y22 services."""
    kind, detail = line.get("item_class"), line.get("item_kind")
    integrated = "robot" if s.reads("robot_scope", "含集成单元") else "equipment"
    ancillary = one_of(detail, ("transport_install_training", "spare_parts"))
    return first_case(
        (equal(kind, "robot"), "robot"),
        (equal(kind, "equipment_review"), integrated),
        (equal(kind, "equipment"), "equipment"),
        (equal(kind, "software"), "software"),
        (equal(kind, "it_hardware"), "hardware"),
        (all_of(s.reads("ancillary_costs", "附属计入"), ancillary), "equipment"),
        (
            all_of(
                s.reads("service_fee_scope", "服务费计入"), equal(detail, "implementation_service")
            ),
            "software",
        ),
        (
            all_of(s.reads("software_cost_scope", "运维计入"), equal(detail, "maintenance")),
            "software",
        ),
        otherwise="none",
    )


def in_window(line: Row, project: Row | None, s: Setting) -> bool | None:
    """Y11, Y46, Y53: whether the invoice date is one of those that count."""
    day, project = line.get("invoice_date"), project or {}
    in_force = between(day, s.investment_start, EFFECTIVE_TO)
    in_time = at_least(s.deadline, day)
    if s.reads("threshold_window", "累计"):
        return all_of(in_force, in_time)
    if s.reads("invoice_window", "有效期内"):
        return in_force
    if s.reads("invoice_window", "备案后"):
        return all_of(at_least(day, project.get("filing_date")), in_time)
    if s.reads("invoice_window", "建设期内"):
        return between(day, project.get("start_date"), project.get("end_date"))
    new_year, year_end = date(s.deadline.year, 1, 1), date(s.deadline.year, 12, 31)
    return all_of(between(day, new_year, year_end), in_force)


def is_bad(line: Row, amount: int | None, s: Setting) -> bool | None:
    """Y56: 无法识别金额、日期或与税额不平."""
    bad = any_of(
        negate(line.get("date_valid")), line.get("unit_suspect"), negate(line.get("arithmetic_ok"))
    )
    if "unreadable-line-is-bad" in DOCUMENT_FIRST:
        bad = any_of(bad, amount is None, line.get("invoice_date") is None)
    return bad


class Lines:
    """The judged invoice lines of a case."""

    def __init__(self, case: Case, s: Setting) -> None:
        self.case, self.s = case, s
        self._first: dict[int, str | None] = {}
        self.classes = {key: counted_class(line, s) for key, line in case.lines.items()}
        self.amounts = {key: self._amount(line) for key, line in case.lines.items()}
        self.counted = {key: self._counted(line) for key, line in case.lines.items()}
        self.payable = {
            key: all_of(self.counted[key], negate(line.get("line_already_paid")))
            for key, line in case.lines.items()
        }

    def _amount(self, line: Row) -> int | None:
        """Y9: without tax; with tax by choice, or where the buyer cannot deduct it."""
        with_tax, without = line.get("amount_incl_tax"), line.get("amount_excl_tax")
        if self.s.reads("invoice_amount_basis", "含税"):
            return with_tax
        if self.s.reads("small_taxpayer_basis", "同一般纳税人"):
            return without
        buyer = self.case.buyer_of(line)
        if buyer is None:
            assumed = "unmatched-buyer-is-general-taxpayer" in DOCUMENT_FIRST
            return without if assumed else None
        taxpayer = buyer.get("taxpayer_type")
        return first_case((equal(taxpayer, "small_scale"), with_tax), otherwise=without)

    def _first_status(self, line: Row) -> str | None:
        """The first reason, in the stated order, why a line does not count."""
        key, s = line["key"], self.s
        if key in self._first:
            return self._first[key]
        project = self.case.projects.get(line.get("project_key"))
        lenient = s.reads("invoice_rules", "二手关联计入")
        leased: Any = "leased"
        if not s.reads("invoice_rules", "租赁也不计"):
            leased = first_case((line.get("lease_confirmed"), "counted"), otherwise="leased")
        status = first_case(
            (negate(line.get("attached")), "unattached"),
            (negate(line.get("date_valid")), "invalid_date"),
            (line.get("unit_suspect"), "unit_suspect"),
            (line.get("void"), "void"),
            (negate(line.get("arithmetic_ok")), "arithmetic"),
            (equal(self.classes[key], "none"), "not_eligible"),
            (negate(line.get("buyer_matches")), "buyer_mismatch"),
            (negate(in_window(line, project, s)), "out_of_year"),
            (line.get("duplicate_in_project"), "duplicate"),
            (line.get("duplicate_across"), "duplicate_cross"),
            (all_of(not lenient, line.get("second_hand")), "second_hand"),
            (all_of(not lenient, line.get("related_party")), "related_party"),
            (line.get("leased"), leased),
            otherwise="counted",
        )
        self._first[key] = status
        return status

    def _counted(self, line: Row) -> bool | None:
        """A blue line counts by itself; a red one only if its original is listed and counts."""
        own = equal(self._first_status(line), "counted")
        if own is not True:
            return own
        original = self.case.lines.get(line.get("original_key"))
        status = self._first_status(original) if original else None
        return first_case(
            (negate(line.get("red_letter")), True),
            (negate(line.get("original_listed")), False),
            otherwise=equal(status, "counted"),
        )

    def total(self, lines: list[Row], classes: tuple[str, ...], only_unpaid: bool) -> int:
        """Sum of the lines that surely count; the others are left out and listed (Y56)."""
        judged = self.payable if only_unpaid else self.counted
        return sum(
            self.amounts[line["key"]] or 0
            for line in lines
            if judged[line["key"]] and self.classes[line["key"]] in classes
        )

    def usable(self, lines: list[Row], project: Row | None) -> bool:
        """Whether the window can be judged (Y11) and no line sends the project back (Y56 b)."""
        if lines and not self._dated(project):
            return False
        if self.s.reads("bad_line", "该行不计"):
            return True
        bad = (is_bad(line, self.amounts[line["key"]], self.s) for line in lines)
        return all(one is False for one in bad)

    def _dated(self, project: Row | None) -> bool:
        """Y11 b, c: the dates of the project that the window hangs on are there."""
        if self.s.reads("threshold_window", "累计"):
            return True
        needs: tuple[str, ...] = ()
        if self.s.reads("invoice_window", "备案后"):
            needs = ("filing_date",)
        elif self.s.reads("invoice_window", "建设期内"):
            needs = ("start_date", "end_date")
        return all(project is not None and project.get(name) is not None for name in needs)
