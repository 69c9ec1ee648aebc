"""What one application would get today, with every step and the gap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone

from jigai.core.enterprise_facts import enterprise_key
from jigai.core.models import Enterprise
from jigai.funding.compute.claimed_facts import keep_claimed
from jigai.funding.compute.claims import CLAIMED, Claims, read_claims
from jigai.funding.compute.run_round import choices_of_round
from jigai.funding.held_facts import held_facts
from jigai.funding.models import Application, Round
from jigai.funding.round_facts import add_round_facts
from jigai.policies.evaluate_stored import parse_day
from jigai.policies.explain_stored import Prepared, prepare_choices
from jigai.policies.fact_run import Choices, FactRows, Settled
from jigai.policies.models import PackVersion
from jigai.policies.providers import Population, look_up_terms
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import default_as_of
from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an application gives under its round's rules: ``amount`` in fen, ``None`` while open
    with bounds; the explanation holds verdict, steps, missing data and the gap."""

    amount: int | None
    low: int | None
    high: int | None
    explanation: Explanation


def estimate(application: Application, basis: str = CLAIMED) -> Estimate | None:
    """Work out one application on what is held and claimed now; a fixed number of queries.

    ``None`` where its subject is not in the facts (a project without a ledger row of the year).
    The quota is tried among the applications of the same enterprise in the round.
    """
    mine = Application.objects.filter(round=application.round, enterprise=application.enterprise)
    claims = read_claims(
        mine.exclude(state__in=("withdrawn", "refused")).exclude(subject_key=""), basis,
        year=application.round.year, batch=application.round.batch,
    )  # fmt: skip
    subject = application.measure.subject
    return work_out(
        application.round, application.enterprise, claims, subject, application.subject_key
    )


def work_out(
    round_: Round, enterprise: Enterprise, claims: Claims, subject: str, subject_key: str
) -> Estimate | None:
    """What one of an enterprise's claims gives among the others, whether stored or only thought
    of; ``None`` where its subject is not in the facts."""
    facts = _facts(round_, enterprise, claims)
    model, env, evaluators = _prepared(round_.pack_id, round_.year, _frozen(round_))
    key: Any = int(subject_key) if subject == "project" else subject_key
    if not any(row["key"] == key for row in facts[subject]):
        return None
    explainer = explain_consortium if subject == "consortium" else explain_project
    found = explainer(evaluators.under({}), model, env, facts, key)
    amount = found.paid if subject == "project" else found.amount
    return Estimate(amount, found.low, found.high, found)


def _facts(round_: Round, enterprise: Enterprise, claims: Claims) -> FactRows:
    held = held_facts(enterprise, round_.year, None)
    facts = held.facts(round_.region_code, held.own)
    codes = {pk: enterprise_key(record) for pk, (_region, record) in held.register.items()}
    population = Population(round_.region_code, round_.year, timezone.now())
    model, day = model_of(round_.pack), _day(round_)
    look_up_terms(facts, model.terms.values(), day, population)
    add_round_facts(facts, round_)
    keep_claimed(facts, claims, codes)
    return facts


def _day(round_: Round) -> Any:
    choices = choices_of_round(round_)
    identity = model_of(round_.pack).pack.identity
    return default_as_of(identity, round_.year, choices.deadline, choices.as_of)


def _frozen(round_: Round) -> str:
    """The choices of a round as text, so that a compiled plan is found again."""
    choices = choices_of_round(round_)
    settled = settled_on(model_of(round_.pack).pack, _day(round_), timezone.now())
    days = [day.isoformat() if day else None for day in (choices.as_of, choices.deadline)]
    return json.dumps([*days, choices.readings, settled.kept()], sort_keys=True)


@lru_cache(maxsize=16)
def _prepared(pack: int, year: int, frozen: str) -> Prepared:
    as_of, deadline, readings, settled = json.loads(frozen)
    choices = Choices(
        parse_day(as_of), parse_day(deadline), readings=readings, settled=Settled.read(settled)
    )
    return prepare_choices(PackVersion.objects.get(pk=pack), year, choices)
