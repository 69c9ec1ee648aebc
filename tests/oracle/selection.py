"""五.3: which measure of a project, which project of an enterprise, and the caps they share."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.oracle.case import Case, Row
from tests.oracle.kleene import add, all_of, choose, greatest, least, less, negate
from tests.oracle.policy import DOCUMENT_FIRST, Setting
from tests.oracle.projects import MEASURES, Measure

Outcome = dict[str, Any]
Track = tuple[str, ...]


def tracks(project: Row, s: Setting) -> list[Track]:
    """What an applicant may apply for: one measure, or equipment with robots if split (Y16)."""
    offered: list[Track] = [(measure,) for measure in MEASURES]
    if s.reads("allow_split_tracks", "拆分"):
        offered = [("equipment", "robot"), ("informatization",)]
    chosen = project.get("chosen_measure")
    return offered if chosen is None else [track for track in offered if chosen in track]


def outcome(
    project: Row, measures: dict[str, Measure], verdicts: dict[str, str], s: Setting
) -> Outcome:
    """The verdict of a project over the measures it may apply for, and its best track."""
    offered = tracks(project, s)
    seen = [verdicts[measure] for track in offered for measure in track]
    verdict, amount, best = "below-threshold", 0, ()
    if all(one == "excluded" for one in seen):
        verdict = "excluded"
    elif "undetermined" in seen or "missing" in seen:
        verdict = "undetermined" if "undetermined" in seen else "missing"
    elif "pay" in seen:
        verdict = "pay"

        def total(track: Track) -> int:
            return sum(measures[m].amount or 0 for m in track if verdicts[m] == "pay")

        paying = [track for track in offered if any(verdicts[m] == "pay" for m in track)]
        best = max(paying, key=total)  # the first of equals: the smaller measure number
        amount = total(best)
    return {
        "verdict": verdict,
        "amount": None if verdict in ("undetermined", "missing") else amount,
        "track": best,
        "measures": {
            name: {"when": m.when, "amount": m.amount, "verdict": verdicts[name]}
            for name, m in measures.items()
        },
    }


class Quota:
    """How many projects of its own an enterprise may still bring."""

    def __init__(self, case: Case, consortia: dict[str, str], s: Setting) -> None:
        self.case, self.s = case, s
        self._paid = {
            key: None if verdict in ("missing", "undetermined") else verdict == "pay"
            for key, verdict in consortia.items()
        }

    def _own(self, enterprise: Row) -> int | None:
        """Y31: one, or what leading a consortium leaves of two."""
        s, numbers = self.s, self.s.numbers
        led = self.case.led_by.get(enterprise["key"], [])
        if not led:
            return numbers.general_quota
        won = add(0, *(choose(self._paid[c["key"]], 1, 0) for c in led))
        if s.reads("lead_quota_rule", "任意两个"):
            return greatest(less(numbers.lead_quota, won), 0)
        used = won if s.reads("lead_quota_rule", "两个共同体") else len(led)
        return least(numbers.general_quota, greatest(less(numbers.lead_quota, used), 0))

    def _used(self, enterprise: Row) -> int | None:
        """Y34 earlier applications, Y32 membership of a paid consortium."""
        s = self.s
        if s.reads("quota_consumption", "申报即占"):
            before = enterprise.get("applications_made")
        elif s.reads("quota_consumption", "受理后占"):
            before = enterprise.get("applications_accepted")
        else:
            before = enterprise.get("applications_approved")
        if s.reads("member_quota_rule", "不占"):
            return before
        joined = (
            all_of(self._paid.get(m["consortium_key"]), negate(m.get("member_leads")))
            for m in self.case.memberships_of.get(enterprise["key"], [])
        )
        return add(before, *(choose(one, 1, 0) for one in joined))

    def left(self, enterprise_key: str | None) -> int | None:
        """What is left of the quota; an enterprise nobody matched has the general one."""
        enterprise = self.case.enterprises.get(enterprise_key)
        if enterprise is None:
            return self.s.numbers.general_quota
        return greatest(less(self._own(enterprise), self._used(enterprise)), 0)


def period(project: Row, s: Setting) -> int | None:
    """每年: the calendar year or the batch (Y35)."""
    by_year = s.reads("quota_year", "自然年")
    return project.get("application_year" if by_year else "application_batch")


def select(case: Case, outcomes: dict[int, Outcome], quota: Quota, s: Setting) -> None:
    """Mark the projects that use the quota of their enterprise in their period."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for key, found in outcomes.items():
        project = case.projects[key]
        if found["verdict"] != "pay":
            found["selected"] = False
        elif project.get("quota_exception_approved"):
            found["selected"] = True
        elif period(project, s) is None:
            found["selected"] = None
        else:
            groups[project.get("enterprise_key"), period(project, s)].append(key)

    def rank(key: int) -> tuple[Any, ...]:
        wish = case.projects[key].get("project_priority")
        return (wish is None, wish or 0, -outcomes[key]["amount"], key)

    def wish_and_amount(key: int) -> tuple[Any, ...]:
        return rank(key)[:3]

    for (enterprise_key, _), keys in groups.items():
        keys.sort(key=rank)
        limit = quota.left(enterprise_key)
        for place, key in enumerate(keys):
            outcomes[key]["selected"] = None if limit is None else place < limit
        if not s.reads("tie_order", "须申请人选") or limit is None or not 0 < limit < len(keys):
            continue
        edge = wish_and_amount(keys[limit - 1])
        if edge == wish_and_amount(keys[limit]) and edge[0]:
            for key in keys:
                if wish_and_amount(key) == edge:
                    outcomes[key]["selected"] = None


def pay_out(
    case: Case, outcomes: dict[int, Outcome], measures: dict[int, dict[str, Measure]], s: Setting
) -> None:
    """Write ``paid``: the amounts of the selected projects under the caps they share."""
    paid: dict[tuple[int, str], int] = {}
    for key in sorted(outcomes):
        found = outcomes[key]
        if found["selected"]:
            for measure in found["track"]:
                if found["measures"][measure]["verdict"] == "pay":
                    paid[key, measure] = found["measures"][measure]["amount"]

    def share(pooled: tuple[str, ...], cap_of: Any) -> None:
        left: dict[Any, int] = {}
        for key, measure in paid:
            cap = cap_of(key, measure)
            if measure not in pooled or cap is None:
                continue
            project = case.projects[key]
            pool = (project.get("enterprise_key"), period(project, s))
            given = min(paid[key, measure], left.setdefault(pool, cap))
            left[pool] -= given
            paid[key, measure] = given

    if "measure-cap-per-enterprise-year" in DOCUMENT_FIRST:
        for name in MEASURES:
            share((name,), lambda key, measure: measures[key][measure].cap)
    if s.reads("cap_scope", "每年合计"):
        share(MEASURES, lambda key, measure: s.numbers.equipment_cap)
    if s.reads("cap_sharing", "共用"):
        share(("equipment", "robot"), lambda key, measure: s.numbers.equipment_cap)
    for key, found in outcomes.items():
        total = sum(paid.get((key, measure), 0) for measure in MEASURES)
        found["paid"] = None if found["selected"] is None else total
