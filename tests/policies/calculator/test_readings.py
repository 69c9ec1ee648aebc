"""Other readings side by side: each as if the document had been read that way from the start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.policies.calculator import programs
from jigai.policies.calculator.answers import read_answers
from jigai.policies.calculator.programs import program_of
from jigai.policies.calculator.questions import sections_of
from jigai.policies.calculator.readings import side_by_side
from jigai.policies.calculator.work_out import explain_rows
from jigai.policies.fact_run import Settled
from tests.policies.calculator.test_answers import DAY, GOOD, LINE
from tests.policies.calculator.test_examples import model_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]
CASE = {**GOOD, **LINE, "enterprise.latest_grade": "A类", "line.1.amount_excl_tax": "3000",
        "line.1.amount_incl_tax": "3390"}  # fmt: skip


def asked(slug: str = "yanzhou-2020", measure: str = "equipment", day: dt.date = DAY, **given: str):  # type: ignore[no-untyped-def]
    model = model_of(slug)
    made = program_of(model, measure, day)
    answers = read_answers({**CASE, **given}, sections_of(made), model)
    return made, answers.rows(model, day)


def test_each_option_equals_the_same_case_read_that_way() -> None:
    made, rows = asked()
    found = side_by_side(made, rows, DAY, Settled())
    assert len(found) > 15
    compared = 0
    for row in found:
        options = made.model.scope.reading_words[row.id]
        for option in row.options:
            other = program_of(made.model, "equipment", DAY, None, {row.id: options[option.word]})
            told = explain_rows(other, rows)
            assert (told.told.verdict, told.text) == (option.verdict, option.text), (row.id, option)
            compared += 1
    assert compared > 40


def test_those_that_change_the_answer_come_first_and_the_one_that_holds_is_marked() -> None:
    made, rows = asked()
    found = side_by_side(made, rows, DAY, Settled())
    changes = [row.differs for row in found]
    assert changes == sorted(changes, reverse=True) and True in changes and False in changes
    for row in found:
        taken = [option for option in row.options if option.taken]
        assert len(taken) == 1 and not taken[0].differs
        assert row.clause


def test_a_second_question_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made, rows = asked()
    side_by_side(made, rows, DAY, Settled())

    def refuse(*args: Any) -> Any:
        raise AssertionError("compiled again")

    monkeypatch.setattr(programs, "compile_plan", refuse)
    again, other = asked(**{"line.1.amount_excl_tax": "700"})
    assert side_by_side(again, other, DAY, Settled())


def test_only_so_many_programs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_MOST", 3)
    for year in range(2016, 2024):
        program_of(model_of("sunan-2017"), "city-block-grant", dt.date(year, 6, 1))
    assert len(programs._KEPT) == 3


# 用地


def land(measure: str, **given: str):  # type: ignore[no-untyped-def]
    day = dt.date(2019, 12, 31)
    model = model_of("guangdong-2019")
    made = program_of(model, measure, day)
    answers = read_answers(given, sections_of(made), model)
    return explain_rows(made, answers.rows(model, day))


LEASE = {"parcel.land_case": "弹性年期出让", "parcel.registered_land_use": "工业用地",
         "parcel.lease_reserve_price": "1000", "parcel.parcel_term": "20"}  # fmt: skip


@pytest.mark.system("term-coefficient")
@pytest.mark.parametrize("years", [1, 7, 20, 30, 49, 50])
def test_the_coefficient_is_a_ratio_of_years_never_compound_discounting(years: int) -> None:
    found = land("term-coefficient", **{**LEASE, "parcel.parcel_term": str(years)})
    assert (found.code, found.told.amount) == ("pay", 1_000_000_000 * years // 50)
    compound = (1 - 1.06**-years) / (1 - 1.06**-50)
    if years < 50:
        assert found.told.amount != round(1_000_000_000 * compound)
    steps = {step.entry.label: step.outcome for s in found.stages.stages for step in s.steps}
    assert "年期修正系数" in steps


@pytest.mark.system("term-coefficient")
@pytest.mark.parametrize("term", ["601月", "51", "0"])
def test_no_coefficient_above_one_and_none_for_no_term(term: str) -> None:
    found = land("term-coefficient", **{**LEASE, "parcel.parcel_term": term})
    assert (found.code, found.text) == ("excluded", "不适用")


WAIVER = {"parcel.land_case": "提高容积率", "parcel.fits_plan": "是",
          "parcel.registered_land_use": "工业用地", "parcel.land_use_after": "工业用地",
          "parcel.building_work": "扩建", "parcel.plot_ratio_lawful": "是",
          "parcel.land_price_difference": "300"}  # fmt: skip
REFUSED = {"parcel.fits_plan": "否", "parcel.registered_land_use": "其他用地",
           "parcel.land_use_after": "其他用地", "parcel.building_work": "其他方式",
           "parcel.plot_ratio_lawful": "否"}  # fmt: skip


@pytest.mark.system("plot-ratio-waiver")
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_all_five_conditions_are_needed_and_a_missing_one_waives_nothing(name: str) -> None:
    assert land("plot-ratio-waiver", **WAIVER).told.amount == 300_000_000
    failed = land("plot-ratio-waiver", **{**WAIVER, name: REFUSED[name]})
    assert (failed.code, failed.told.amount) == ("excluded", 0)
    missing = land("plot-ratio-waiver", **{**WAIVER, name: ""})
    assert (missing.code, missing.told.amount) == ("missing", None)
    assert (missing.told.low, missing.told.high) == (0, 300_000_000)
