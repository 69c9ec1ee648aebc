"""四.4 and 五.1: what is judged of an enterprise. An enterprise nobody matched is unknown."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.case import Row
from tests.oracle.kleene import (
    add,
    any_of,
    at_least,
    choose,
    equal,
    greatest,
    less,
    more,
    negate,
    one_of,
    times,
)
from tests.oracle.policy import DOCUMENT_FIRST, Setting


def grade(enterprise: Row, s: Setting) -> str | None:
    """Y8: the latest published grade, or the grade of the application year."""
    latest = s.reads("rating_year", "最近公布")
    return enterprise.get("latest_grade" if latest else "application_year_grade")


def is_grade_a(enterprise: Row, s: Setting) -> bool | None:
    """Class A; a missing grade waits for its check unless Y6 settles it."""
    found = grade(enterprise, s)
    if found is None:
        return None if s.reads("missing_rating_policy", "待核") else False
    return found == "A"


def not_class_d(enterprise: Row | None, s: Setting) -> bool | None:
    """亩产效益评价为D类的企业不予支持; Y6 says what a missing grade means."""
    if enterprise is None:
        return None
    found = grade(enterprise, s)
    if found is not None:
        return found != "D"
    if s.reads("missing_rating_policy", "不加不减"):
        return True
    return False if s.reads("missing_rating_policy", "不予支持") else None


def favoured(enterprise: Row | None, s: Setting) -> bool | None:
    """A类的企业、列入梯队企业培育名单的企业."""
    if enterprise is None:
        return None
    return any_of(is_grade_a(enterprise, s), enterprise.get("on_echelon_list"))


def uplift(enterprise: Row | None, s: Setting) -> Fraction | int | None:
    """One percentage point, or one for each of the two titles (Y5)."""
    if enterprise is None:
        return None
    point = s.numbers.uplift_points
    if s.reads("double_uplift", "累加"):
        return add(
            choose(is_grade_a(enterprise, s), point, 0),
            choose(enterprise.get("on_echelon_list"), point, 0),
        )
    return choose(favoured(enterprise, s), point, 0)


def raised(rate: Fraction | None, extra: Fraction | int | None, s: Setting) -> Fraction | None:
    """Y2: 3% becomes 4% (points) or 3.03% (relative)."""
    if s.reads("uplift_unit", "百分点"):
        return add(rate, extra)
    return times(rate, add(1, extra))


def rate_of(measure: str, enterprise: Row | None, s: Setting) -> Fraction | None:
    """The rate that applies to this enterprise in one of the three project measures (Y3)."""
    if enterprise is None:
        return None
    base = {
        "equipment": s.numbers.equipment_rate,
        "robot": s.numbers.robot_rate,
        "informatization": s.numbers.it_rate,
    }[measure]
    if measure == "informatization" and s.reads("uplift_applies_to", "仅装备升级"):
        return base
    return raised(base, uplift(enterprise, s), s)


def member_rate(enterprise: Row | None, s: Setting) -> Fraction | None:
    """The rate of one consortium member where entitlement is counted member by member."""
    return raised(s.numbers.consortium_rate, uplift(enterprise, s), s)


def measure_cap(measure: str, enterprise: Row | None, s: Setting) -> Fraction | int | None:
    """最高100万元 / 50万元, less earlier awards if the cap is for the whole validity (Y18)."""
    if enterprise is None:
        return None
    cap, earlier = {
        "equipment": (s.numbers.equipment_cap, "prior_equipment_award"),
        "robot": (s.numbers.robot_cap, "prior_robot_award"),
        "informatization": (s.numbers.it_cap, "prior_it_award"),
    }[measure]
    factor: Fraction | int | None = 1
    if s.reads("uplift_order", "封顶同步抬高"):
        rate, base = rate_of(measure, enterprise, s), base_rate(measure, s)
        factor = None if rate is None or base is None else rate / base
    if not s.reads("cap_scope", "三年累计"):
        return times(cap, factor)
    if "raised-cap-less-earlier-awards" in DOCUMENT_FIRST:
        return greatest(less(times(cap, factor), enterprise.get(earlier)), 0)
    return times(greatest(less(cap, enterprise.get(earlier)), 0), factor)


def base_rate(measure: str, s: Setting) -> Fraction | None:
    """The rate of a measure before any uplift."""
    return {
        "equipment": s.numbers.equipment_rate,
        "robot": s.numbers.robot_rate,
        "informatization": s.numbers.it_rate,
    }[measure]


def registered_here(enterprise: Row | None, s: Setting) -> bool | None:
    """在兖州区行政区域内注册."""
    return (
        None
        if enterprise is None
        else one_of(enterprise.get("registered_region"), s.numbers.district_codes)
    )


def independent(enterprise: Row | None) -> bool | None:
    """独立法人."""
    return None if enterprise is None else enterprise.get("independent_entity")


def credit_ok(enterprise: Row | None, s: Setting) -> bool | None:
    """信用良好 (Y41)."""
    if enterprise is None:
        return None
    status = enterprise.get("credit_status")
    if s.reads("credit_level", "须良好"):
        return equal(status, "good")
    return negate(one_of(status, ("dishonest", "serious")))


def no_major_violation(enterprise: Row | None, s: Setting) -> bool | None:
    """近三年内未发生重大违法违规行为 (Y40): the rolling window opens the day after its start."""
    if enterprise is None:
        return None
    day, start = enterprise.get("major_violation_date"), s.lookback_start
    rolling = s.reads("lookback_rule", "滚动")
    long_ago = at_least(start, day) if rolling else more(start, day)
    return any_of(negate(enterprise.get("has_major_violation")), long_ago)


def management_ok(enterprise: Row | None, s: Setting) -> bool | None:
    """管理规范 (Y42)."""
    if enterprise is None:
        return None
    return any_of(s.reads("management_standard", "不核管理"), enterprise.get("well_managed"))


def is_sme(enterprise: Row | None, s: Setting) -> bool | None:
    """中小企业 (Y25)."""
    if enterprise is None:
        return None
    if s.reads("sme_definition", "国标划型"):
        return one_of(enterprise.get("size_class"), ("medium", "small", "micro"))
    return enterprise.get("locally_recognised_sme")
