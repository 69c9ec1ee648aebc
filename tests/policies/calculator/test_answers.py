"""What is typed: unknown is never nought, nor no; what cannot be read is told; rows are counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.policies.calculator.answers import UNKNOWN, Answers, read_answers
from jigai.policies.calculator.planned_line import PASSED
from jigai.policies.calculator.programs import Program, program_of
from jigai.policies.calculator.questions import MOST_ROWS, Section, sections_of
from jigai.policies.calculator.told import amount_text
from jigai.policies.calculator.typed import problem_of, read_value, units_of
from jigai.policies.calculator.work_out import Result, work_out
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.facts import UNREADABLE
from tests.policies.calculator.test_examples import model_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 12, 31)
LINE = {"line.1.item_class": "设备", "line.1.amount_excl_tax": "600"}
GOOD = {
    "enterprise.registered_region": "370812", "enterprise.independent_entity": "是",
    "enterprise.credit_status": "良好", "enterprise.has_major_violation": "否",
    "enterprise.latest_grade": "B类", "enterprise.on_echelon_list": "否",
    "project.filed": "是", "project.in_statistics": "是",
    "project.construction_nature": "改建和技术改造", "project.has_other_funds": "否",
}  # fmt: skip


def yanzhou(measure: str = "equipment") -> Program:
    return program_of(model_of("yanzhou-2020"), measure, DAY)


def read(given: dict[str, str], made: Program) -> Answers:
    return read_answers(given, sections_of(made), made.model)


def result(given: dict[str, str], measure: str = "equipment") -> Result:
    made = yanzhou(measure)
    return work_out(made, read(given, made), DAY)


def rows(given: dict[str, str], subject: str, measure: str = "equipment") -> list[dict[str, Any]]:
    made = yanzhou(measure)
    return read(given, made).rows(made.model, DAY)[subject]


def section(subject: str, measure: str = "equipment") -> Section:
    return next(s for s in sections_of(yanzhou(measure)) if s.subject == subject)


def test_an_ordinary_case_to_the_fen() -> None:
    found = result({**GOOD, **LINE})
    assert (found.code, found.told.amount, found.text) == ("pay", 18_000_000, "180,000.00")
    assert not found.conditions and not found.missing and not found.unfilled


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("enterprise.latest_grade", "", "missing"),
        ("enterprise.latest_grade", "D类", "excluded"),
        ("enterprise.independent_entity", "", "missing"),
        ("enterprise.independent_entity", "否", "excluded"),
        ("project.in_statistics", "", "missing"),
        ("project.in_statistics", "否", "excluded"),
        ("line.1.amount_excl_tax", "", "missing"),
        ("line.1.amount_excl_tax", "0", "below-threshold"),
    ],
)
def test_not_known_is_neither_no_nor_nought(name: str, value: str, code: str) -> None:
    found = result({**GOOD, **LINE, name: value})
    assert found.code == code
    if code == "missing":
        assert found.text != "0.00"
        assert found.missing or found.unfilled


def test_a_blank_form_refuses_nobody() -> None:
    found = result({})
    assert found.code == "missing" and found.text == "待填发票"
    assert not any(c.known for c in found.conditions)
    assert [line.key for line in found.unfilled] == [1]


def test_no_invoice_at_all_is_an_answer() -> None:
    found = result({**GOOD, "line.rows": "0"})
    assert (found.code, found.told.amount) == ("below-threshold", 0)
    assert "还差 500.00 万元" in found.gaps[0].gap


def test_an_invoice_left_half_filled_is_not_counted_and_named() -> None:
    found = result({**GOOD, **LINE, "line.rows": "2", "line.2.item_class": "设备"})
    assert found.told.amount == 18_000_000
    assert [(line.key, line.missing) for line in found.unfilled] == [(2, ["不含税金额"])]


def test_the_gap_to_the_threshold_is_told() -> None:
    found = result({**GOOD, **LINE, "line.1.amount_excl_tax": "420"})
    assert found.code == "below-threshold"
    assert found.gaps[0].gap == "还差 80.00 万元（设备投资起点 500万元及以上）"


def test_what_is_assumed_is_told_and_may_be_said_not_to_be_known() -> None:
    told = {u.name: u.value for u in result({**GOOD, **LINE}).found.unverified}
    assert told["二手设备"] == "否"
    blank = rows({**LINE}, "line")[0]
    assert "second_hand" not in blank
    unknown = rows({**LINE, "line.1.second_hand": UNKNOWN}, "line")[0]
    assert unknown["second_hand"] is UNREADABLE
    assert result({**GOOD, **LINE, "line.1.second_hand": UNKNOWN}).code == "missing"


def test_the_box_for_not_known_goes_before_what_is_typed() -> None:
    given = {"enterprise.prior_equipment_award": "5", "enterprise.prior_equipment_award~x": "1"}
    assert rows(given, "enterprise")[0]["prior_equipment_award"] is UNREADABLE


def test_not_known_of_what_nobody_assumes_is_blank() -> None:
    assert "latest_grade" not in rows({"enterprise.latest_grade": UNKNOWN}, "enterprise")[0]


def test_checks_of_an_invoice_pass_unless_told() -> None:
    row = rows(LINE, "line")[0]
    assert (row["attached"], row["void"], row["invoice_date"]) == (True, False, DAY)
    assert rows({**LINE, "line.1.void": "是"}, "line")[0]["void"] is True
    assert result({**GOOD, **LINE, "line.1.void": "是"}).code == "below-threshold"


def test_every_check_is_a_term_of_the_shared_vocabulary() -> None:
    terms = model_of("yanzhou-2020").scope.terms
    for term, word in PASSED.items():
        assert terms[term].subject == "line"
        assert problem_of(terms[term], word, "") == ""


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [("600", "万元", 600_000_000), ("600", "元", 60_000), ("1234.56", "元", 123_456),
     ("500万元", "元", 500_000_000), ("６００", "万元", 600_000_000),
     ("1,200", "万元", 1_200_000_000), ("0", "万元", 0)],
)  # fmt: skip
def test_money_takes_the_unit_chosen_unless_it_says_its_own(text: str, unit: str, fen: int) -> None:
    info = model_of("yanzhou-2020").scope.terms["amount_excl_tax"]
    assert read_value(info, text, unit) == fen


@pytest.mark.parametrize(
    ("term", "text", "told"),
    [
        ("amount_excl_tax", "六百万", "读不懂"),
        ("amount_excl_tax", "30亩", "单位不对"),
        ("amount_excl_tax", "0.001", "最小单位"),
        ("planned_total", "-5", "超出"),
        ("major_violation_date", "2021-13-01", "不是日期"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_reckoned_with(term: str, text: str, told: str) -> None:
    info = model_of("yanzhou-2020").scope.terms[term]
    assert told in problem_of(info, text, "元")
    name = f"{'line.1' if info.subject == 'line' else info.subject}.{term}"
    given = read({name: text, f"{name}~u": "元"}, yanzhou())
    assert [f.name for f in given.problems] == [name]
    found = given.rows(model_of("yanzhou-2020"), DAY)
    assert all(term not in row for row in found[info.subject])


def test_only_answers_there_are_may_be_chosen() -> None:
    given = read({"enterprise.latest_grade": "S类"}, yanzhou())
    assert "没有“S类”" in given.problems[0].problem


def test_units_belong_to_the_kind_of_quantity() -> None:
    terms, declared = (getattr(model_of("guangdong-2019"), n) for n in ("scope", "terms"))
    names = ("lease_reserve_price", "parcel_area", "parcel_term", "loan_rate", "land_case")
    units = {t: units_of(terms.terms[t], declared[t].unit) for t in names}
    assert units["lease_reserve_price"][0] == "万元"
    assert units["parcel_area"][0] == "亩"
    assert units["parcel_term"] == ("年", "月")
    assert units["loan_rate"] == ("%",)
    assert units["land_case"] == ()


# Rows of which there may be several


def test_a_consortium_has_a_row_for_each_member_with_its_enterprise() -> None:
    given = {"member.rows": "3", "member.2.latest_grade": "A类", "member.3.member_filed": "是",
             "line.rows": "2", "line.2.of": "3"}  # fmt: skip
    made = yanzhou("consortium")
    found = read(given, made).rows(made.model, DAY)
    assert [row["key"] for row in found["enterprise"]] == ["E1", "E2", "E3"]
    assert found["enterprise"][1]["latest_grade"] == 0
    assert found["member"][2]["member_filed"] is True
    assert [row["member_key"] for row in found["line"]] == ["M1", "M3"]
    assert found["project"] == []


@pytest.mark.parametrize(
    ("given", "count"),
    [({}, 1), ({"line.rows": "3"}, 3), ({"line.rows": "3", "add": "line"}, 4),
     ({"line.rows": "3", "drop": "line"}, 2), ({"line.rows": "0", "drop": "line"}, 0),
     ({"line.rows": "999", "add": "line"}, MOST_ROWS), ({"line.rows": "x"}, 1)],
)  # fmt: skip
def test_rows_are_added_and_taken_away(given: dict[str, str], count: int) -> None:
    assert len(rows(given, "line")) == count


def test_a_consortium_never_loses_its_last_member() -> None:
    found = rows({"member.rows": "1", "drop": "member"}, "member", "consortium")
    assert len(found) == 1


def test_the_same_question_can_be_asked_again() -> None:
    given = {
        **GOOD,
        **LINE,
        "line.1.amount_excl_tax~u": "元",
        "line.rows": "2",
        "line.2.void": "是",
    }
    made = yanzhou()
    once = read(given, made)
    again = read(dict(once.pairs), made)
    assert once.rows(made.model, DAY) == again.rows(made.model, DAY)


# What is asked


def test_what_decides_comes_first_and_what_is_assumed_may_be_left_alone() -> None:
    enterprise = section("enterprise")
    assert "latest_grade" in [q.term for q in enterprise.questions]
    assert all(not q.assumed for q in enterprise.questions)
    assert "taxpayer_type" in [q.term for q in enterprise.more]
    assert section("line").many and not section("project").many


def test_nothing_is_asked_that_the_measure_does_not_need() -> None:
    asked = [q.term for s in sections_of(yanzhou()) for q in s.all]
    assert len(asked) == len(set(asked))
    assert not {"chosen_measure", "project_priority", "application_year"} & set(asked)


def test_the_place_is_chosen_by_name_and_elsewhere_is_possible() -> None:
    place = next(q for q in section("enterprise").all if q.term == "registered_region")
    assert [value for value, _word in place.words] == ["370812", "-"]
    assert result({**GOOD, **LINE, "enterprise.registered_region": "-"}).code == "excluded"


def test_a_title_is_chosen_by_its_name_not_by_its_number() -> None:
    made = program_of(model_of("guangdong-2019"), "first-set-premium", DAY)
    title = next(q for s in sections_of(made) for q in s.all if q.term == "title_code")
    assert title.words[0][0] == "GD-R16" and title.words[0][1] != "GD-R16"


def test_what_may_be_anything_is_no_number() -> None:
    """Nothing is known of an amount without a limit: no zero is shown for it."""
    assert amount_text("missing", None, 0, UNBOUNDED) == "还算不出"
    assert amount_text("missing", None, 100, UNBOUNDED) == "不少于 1.00 元，没有上限"
    assert amount_text("undetermined", None, 0, UNBOUNDED) == "未定"
