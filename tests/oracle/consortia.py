"""四.3: the consortium, its members, its pool and how the pool is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from tests.oracle import enterprises as firm
from tests.oracle.case import Case, Row
from tests.oracle.kleene import (
    add,
    all_of,
    any_of,
    choose,
    largest_remainder,
    least,
    more,
    negate,
    times,
)
from tests.oracle.lines import EQUIPMENT, Lines
from tests.oracle.policy import DOCUMENT_FIRST, Setting
from tests.oracle.projects import Measure, rounded


class Consortia:
    """The measure of every consortium of a case and the share of every member."""

    def __init__(self, case: Case, lines: Lines, s: Setting) -> None:
        self.case, self.lines, self.s = case, lines, s
        self.counts = {key: self._counts(row) for key, row in case.members.items()}
        self.investments = {key: self._investment(row) for key, row in case.members.items()}
        self.measures = {key: self._measure(row) for key, row in case.consortia.items()}

    def _investment(self, member: Row) -> int | None:
        """The member's equipment by invoice, or as it declared it."""
        if self.s.reads("invoice_amount_basis", "申报数"):
            return member.get("member_declared_equipment")
        lines = self.case.lines_of_member.get(member["key"], [])
        return self.lines.total(lines, EQUIPMENT, True) if self.lines.usable(lines, None) else None

    def _otherwise_ok(self, member: Row) -> bool | None:
        """The conditions of 五.1 and 五.2 other than district and grade."""
        s, owner = self.s, self.case.enterprise_of(member)
        return all_of(
            firm.independent(owner),
            firm.credit_ok(owner, s),
            firm.no_major_violation(owner, s),
            firm.management_ok(owner, s),
            member.get("member_filed"),
            any_of(s.reads("stat_timing", "拨付前"), member.get("member_in_statistics")),
        )

    def _counts(self, member: Row) -> bool | None:
        """Whether the member and its investment stay in (Y7, Y27, Y55)."""
        s, owner = self.s, self.case.enterprise_of(member)
        return all_of(
            self._otherwise_ok(member),
            any_of(
                s.reads("out_of_district_member", "计起点不分钱"), firm.registered_here(owner, s)
            ),
            any_of(s.reads("d_class_member", "只不给钱"), firm.not_class_d(owner, s)),
        )

    def _may_receive(self, member: Row) -> bool | None:
        """What counts is not always paid: out of the district, class D."""
        owner = self.case.enterprise_of(member)
        return all_of(firm.registered_here(owner, self.s), firm.not_class_d(owner, self.s))

    def _entitlement(self, member: Row) -> Fraction | None:
        """The member's investment at its own rate (Y4 d, Y28 b)."""
        rate = firm.member_rate(self.case.enterprise_of(member), self.s)
        return times(self.investments[member["key"]], rate)

    def _sum(
        self,
        members: Iterable[Row],
        where: Callable[[Row], bool | None],
        value: Callable[[Row], int | Fraction | None],
    ) -> int | Fraction | None:
        """Sum over the members that belong; one open question leaves the sum open."""
        return add(0, *(choose(where(member), value(member), 0) for member in members))

    def _composed(self, consortium: Row, members: list[Row]) -> bool | None:
        """Y30: a chain leader or cluster head and a small or medium enterprise of the district."""
        s = self.s

        def stays(member: Row) -> bool | None:
            return self.counts[member["key"]]

        def sme(member: Row) -> bool | None:
            owner = self.case.enterprise_of(member)
            local = True
            if "composition-needs-local-sme" in DOCUMENT_FIRST:
                local = firm.registered_here(owner, s)
            return all_of(stays(member), firm.is_sme(owner, s), local)

        def number(where: Callable[[Row], bool | None]) -> int | Fraction | None:
            return self._sum(members, where, lambda _: 1)

        small = more(number(sme), 0)
        if "community-of-at-least-two" in DOCUMENT_FIRST:
            small = all_of(small, more(number(stays), 1))
        leads = number(lambda member: all_of(stays(member), member.get("member_leads")))
        headed = all_of(more(leads, 0), consortium.get("led_by_chain_leader"))
        return all_of(small, any_of(s.reads("consortium_min_members", "中小联合也可"), headed))

    def _sme_share_reached(self, members: list[Row], total: int | Fraction | None) -> bool | None:
        """其中，中小企业投资占50%以上 (Y24: by investment or by heads)."""
        s = self.s

        def stays(member: Row) -> bool | None:
            return self.counts[member["key"]]

        def sme(member: Row) -> bool | None:
            return all_of(stays(member), firm.is_sme(self.case.enterprise_of(member), s))

        if s.reads("sme_share_basis", "按投资额"):
            whole = total
            part = self._sum(members, sme, lambda member: self.investments[member["key"]])
        else:
            whole = self._sum(members, stays, lambda _: 1)
            part = self._sum(members, sme, lambda _: 1)
        if whole is None:
            return None
        if whole <= 0:
            return False
        return s.reached(times(part, Fraction(1) / whole), s.numbers.sme_share_threshold)

    def _uplift(self, members: list[Row]) -> Fraction | int | None:
        """Y4: all members favoured, or only the lead, or none."""
        s = self.s
        favoured = {m["key"]: firm.favoured(self.case.enterprise_of(m), s) for m in members}
        by_all = s.reads("consortium_uplift", "全体优良才加") or (
            s.reads("consortium_uplift", "不加") and s.reads("uplift_applies_to", "含共同体")
        )
        if by_all:
            earned = all_of(*(any_of(negate(self.counts[k]), yes) for k, yes in favoured.items()))
        elif s.reads("consortium_uplift", "只看牵头"):
            earned = any_of(
                *(
                    all_of(self.counts[m["key"]], favoured[m["key"]], m.get("member_leads"))
                    for m in members
                )
            )
        else:
            return 0
        return choose(earned, s.numbers.uplift_points, 0)

    def _measure(self, consortium: Row) -> Measure:
        s, numbers = self.s, self.s.numbers
        members = self.case.members_of.get(consortium["key"], [])
        stays = {member["key"]: self.counts[member["key"]] for member in members}
        total = self._sum(members, lambda m: stays[m["key"]], lambda m: self.investments[m["key"]])
        when = all_of(
            s.exceeded(total, numbers.consortium_threshold),
            self._sme_share_reached(members, total),
            self._composed(consortium, members),
        )
        class_d = [firm.not_class_d(self.case.enterprise_of(m), s) for m in members]
        gates = (
            any_of(not s.reads("d_class_member", "整体不支持"), all_of(*class_d)),
            any_of(
                s.reads("failing_member", "剔除该成员"),
                all_of(*(self._otherwise_ok(member) for member in members)),
            ),
            consortium.get("agreement_complete"),
        )
        amount = self._pool(members, total)
        return Measure(gates, when, choose(when, amount, 0), None)

    def _pool(self, members: list[Row], total: int | Fraction | None) -> int | None:
        """3% of the total, at most one million for the consortium (Y1, Y4, Y26)."""
        s, numbers = self.s, self.s.numbers
        basic = times(total, numbers.consortium_rate)
        gross: int | Fraction | None
        if s.reads("consortium_uplift", "按成员"):
            gross = self._sum(members, lambda m: self.counts[m["key"]], self._entitlement)
        else:
            gross = times(total, firm.raised(numbers.consortium_rate, self._uplift(members), s))
        if s.reads("consortium_cap_scope", "按企业"):
            return rounded(gross, s)
        cap: int | Fraction | None = numbers.consortium_cap
        if basic is None or gross is None or cap is None:
            return None
        if s.reads("uplift_order", "加点部分不封顶"):
            return rounded(min(basic, cap) + gross - basic, s)
        if s.reads("uplift_order", "封顶同步抬高") and basic > 0:
            cap = Fraction(cap) * gross / basic
        return least(rounded(gross, s), rounded(cap, s))

    def shares(self, consortium: str, verdict: str) -> dict[str, int | None]:
        """补助资金按各企业设备投资额度比例分配, to the fen (Y28, Y29)."""
        s = self.s
        members = self.case.members_of.get(consortium, [])
        open_ = verdict in ("missing", "undetermined")
        shares: dict[str, int | None] = dict.fromkeys((m["key"] for m in members), 0)
        if verdict != "pay":
            return dict.fromkeys(shares, None if open_ else 0)
        inside = [member for member in members if self.counts[member["key"]]]
        shares.update({member["key"]: None for member in inside})
        pool = self.measures[consortium].amount
        by_investment = s.reads("allocation_basis", "按投资")
        weights = {
            (member.get("enterprise_key") or "", member["key"]): (
                self.investments[member["key"]] if by_investment else self._entitlement(member)
            )
            for member in inside
        }
        if pool is None or any(w is None for w in weights.values()):
            return shares
        split = largest_remainder(pool, {key: weight or 0 for key, weight in weights.items()})
        for member in inside:
            share: int | None = split[member.get("enterprise_key") or "", member["key"]]
            if s.reads("consortium_cap_scope", "按企业"):
                share = least(share, s.numbers.consortium_cap)
            shares[member["key"]] = choose(self._may_receive(member), share, 0)
        return shares
