"""What each title is worth under a document and its readings, by the engine of every decision."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.utils import timezone

from jigai.core.enterprise_facts import enterprise_key
from jigai.funding.awards.titles import GIVEN, SUBJECT, Title, award_rows, prior_awards, titles_on
from jigai.funding.held_facts import held_facts
from jigai.funding.models import AwardGrant, Programme
from jigai.policies.evaluate_stored import parse_day
from jigai.policies.explain_stored import Prepared, prepare_choices
from jigai.policies.fact_run import Choices, Settled
from jigai.policies.models import PackVersion
from jigai.policies.providers import Population, look_up_terms
from jigai.policies.standing import current_version, settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.bearing import measure_bearing
from jigai.rules.environment import all_readings
from jigai.rules.explain import explain_item
from jigai.rules.explanation import Explanation, MeasureExplanation
from jigai.rules.schema import Reading


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One title with what it is worth: ``fen`` is ``None`` while open, 0 where nothing is due.

    ``told`` is the measure it was worked out by, ``given`` the living award for it.
    """

    title: Title
    prior_fen: int
    fen: int | None
    word: str
    told: MeasureExplanation | None
    given: AwardGrant | None


def entitlements(
    programme: Programme, day: dt.date, readings: Mapping[str, str] | None = None
) -> list[Entitlement]:
    """Every title in the fund's region with its award on a day; ``readings`` chosen by hand stand
    before the settled ones."""
    version = current_version(programme.pack)
    model, env, evaluators = prepared(version, day, readings or {})
    titles = titles_on(model.pack, programme.pack, programme.region_code, day)
    prior = prior_awards(titles, programme.pack)
    given = _given(programme.pack)
    found = []
    for _, group in groupby(titles, key=lambda title: title.enterprise.pk):
        own = list(group)
        rows = _facts(own, model, version, day, prior)
        for title in own:
            told = explain_item(evaluators.under({}), model, env, rows, SUBJECT, title.entry)
            found.append(_entitlement(title, told, prior[title.source], given.get(title.source)))
    return found


def _given(slug: str) -> dict[str, AwardGrant]:
    rows = AwardGrant.objects.filter(pack=slug, state__in=GIVEN).select_related("entry")
    return {row.source: row for row in rows.order_by("id")}


def _facts(
    own: list[Title], model: Any, version: PackVersion, day: dt.date, prior: dict[str, int]
) -> Any:
    held = held_facts(own[0].enterprise, day.year, None)
    facts = held.facts(version.region_code, held.own)
    key = enterprise_key(held.register[own[0].enterprise.pk][1])
    facts.update(award_rows(own, model, key, prior))
    for subject in ("loan", "parcel", "region"):
        facts.setdefault(subject, [])
    look_up_terms(
        facts, model.terms.values(), day, Population(version.region_code, day.year, timezone.now())
    )
    return facts


def _entitlement(
    title: Title, found: Explanation, prior: int, given: AwardGrant | None
) -> Entitlement:
    """The measure that pays, else the one of this title, which says why not."""
    named = [m for m in found.measures if m.id in found.chosen]
    own = [m for m in found.measures if m.id in title.grants]
    # A title of two levels has a measure for each; the one that names the level is meant.
    meant = [m for m in own if title.level and title.level in m.name]
    told = next(iter([*named, *meant, *own]), None)
    return Entitlement(title, prior, found.paid, found.verdict, told, given)


def choices_asked(version: PackVersion, day: dt.date) -> list[Reading]:
    """Readings on which the awards of a document depend, to be switched on the page."""
    model, env, _ = prepared(version, day, {})
    known = all_readings(model.pack)
    asked: set[str] = set()
    for measure in model.measures.values():
        if measure.subject == SUBJECT and measure.computable:
            asked.update(measure_bearing(model, measure, env).readings)
    return [known[key] for key in sorted(asked) if key in known and known[key].kind != "procedure"]


def prepared(version: PackVersion, day: dt.date, readings: Mapping[str, str]) -> Prepared:
    """Model, constants and closures on a day, kept for the next question."""
    settled = settled_on(model_of(version).pack, day, timezone.now())
    frozen = json.dumps([day.isoformat(), dict(readings), settled.kept()], sort_keys=True)
    return _prepared(version.pk, frozen)


@lru_cache(maxsize=8)
def _prepared(pack: int, frozen: str) -> Prepared:
    day, readings, settled = json.loads(frozen)
    on = parse_day(day)
    assert on is not None
    choices = Choices(on, on, readings=readings, settled=Settled.read(settled))
    return prepare_choices(PackVersion.objects.get(pk=pack), on.year, choices)
