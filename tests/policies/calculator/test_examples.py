"""Every worked example of every shipped document, filled into its calculator as people would."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from jigai.paths import packs_dir
from jigai.policies.calculator.answers import read_answers
from jigai.policies.calculator.examples import day_of, examples_for, pairs_of, usual_examples
from jigai.policies.calculator.programs import Program, program_of
from jigai.policies.calculator.questions import sections_of
from jigai.policies.calculator.work_out import Result, work_out
from jigai.rules import schema
from jigai.rules.example_case import with_profile
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.values import parse_quantity

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]
SLUGS = ("yanzhou-2020", "guangdong-2019", "luan-2020", "jiangsu-2015", "sunan-2017")


@cache
def model_of(slug: str) -> Model:
    return build_model(load_pack(packs_dir() / slug, packs_dir()))


def program(model: Model, example: schema.Example) -> tuple[Program, dt.date]:
    full, day = with_profile(model, example), day_of(model, example)
    return program_of(model, example.measure, day, None, full.readings), day


def calculated(model: Model, example: schema.Example) -> Result:
    made, day = program(model, example)
    sections = sections_of(made)
    answers = read_answers(dict(pairs_of(model, example, sections)), sections, model)
    assert not answers.problems, example.name
    return work_out(made, answers, day)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_measure_has_a_calculator_that_gives_what_its_examples_say(slug: str) -> None:
    model = model_of(slug)
    for measure in model.measures.values():
        examples = examples_for(model, measure.id)
        assert (len(examples) >= 3) is measure.answers, measure.id
        for example in examples:
            told = calculated(model, example).told
            if "verdict" in example.expect:
                assert told.verdict == example.expect["verdict"], example.name
            if measure.checks:
                assert told.amount is None and "amount" not in example.expect, example.name
            wanted = example.expect.get("amount")
            if wanted == "待定":
                assert told.amount is None, example.name
            elif wanted:
                assert told.amount == int(parse_quantity(wanted).value), example.name


def test_few_examples_do_not_fit_into_one_form() -> None:
    """Those left out are about several rows of one kind at once, or about a red letter's original.
    A calculator that silently takes fewer examples would test nothing."""
    every = fit = 0
    for slug in SLUGS:
        model = model_of(slug)
        own = [e for e in model.pack.examples if e.measure and not e.profile and not e.target]
        every += len([e for e in own if model.measures[e.measure].answers])
        fit += sum(len(examples_for(model, key)) for key in model.measures)
    assert fit > 300
    assert every - fit < 25


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_offered_takes_the_usual_readings(slug: str) -> None:
    model = model_of(slug)
    for measure in model.measures:
        for example in usual_examples(model, measure):
            assert with_profile(model, example).readings == {}


def test_money_is_filled_in_with_its_own_unit() -> None:
    model = model_of("guangdong-2019")
    example = next(e for e in model.pack.examples if e.name == "二十年，系数0.40")
    made, _day = program(model, example)
    pairs = dict(pairs_of(model, example, sections_of(made)))
    assert pairs["day"] == day_of(model, example).isoformat()
    assert pairs["parcel.parcel_term"] == "20"
    assert pairs["parcel.parcel_term~u"] == "年"
    assert pairs["parcel.lease_reserve_price~u"] == "万元"
