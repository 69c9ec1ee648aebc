"""Collects a population as an evaluation would and sorts it under every measure of a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from jigai.errors import JigaiError
from jigai.policies.confirmations import apply_confirmations
from jigai.policies.fact_run import Choices, build_run_environment
from jigai.policies.force import force_on
from jigai.policies.models import PackVersion
from jigai.policies.providers import Collected, Population, collect, look_up_terms
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.batch import BatchEvaluator
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import default_as_of
from jigai.rules.model import Model
from jigai.rules.plan import PAY
from jigai.rules.schema import Measure
from jigai.rules.snapshot import from_rows
from jigai.rules.stages import build_tracks
from jigai.workbench.models import AudienceEntry
from jigai.workbench.navigator.mirror.classify import READY, Sorted, sort_population

Progress = Callable[[str, float], None]
State = AudienceEntry.State


@dataclass(slots=True)
class Gathered:
    """A document over a population: what was found under each measure, and why it is a simulation.

    ``states`` says for (project key, measure) what becomes of it after choosing and quota;
    ``absent`` are measures on rows the platform holds none of.
    """

    model: Model
    simulation: str
    collected: Collected
    found: dict[str, Sorted] = field(default_factory=dict)
    states: dict[tuple[object, str], str] = field(default_factory=dict)
    absent: list[Measure] = field(default_factory=list)


def gather(pack: PackVersion, population: Population, day: dt.date, progress: Progress) -> Gathered:
    """Sort a population under every computable measure of a document by the data of the moment.

    Raises :class:`JigaiError` where the region and year hold nothing, or where the document gives
    no figures while it is not in force.
    """
    progress("读取政策包", 0.02)
    model = model_of(pack)
    progress("读取数据", 0.08)
    collected = collect(population)
    facts = collected.facts
    if not any(facts.values()):
        raise JigaiError("nothing-held", f"{population.year} 年度没有企业和项目的资料",
                         "先导入企业名录与项目台账，或换一个年度、区划")  # fmt: skip
    apply_confirmations(facts, year=population.year, region_code=population.region_code,
                        known_at=population.known_at)  # fmt: skip
    as_of = default_as_of(model.pack.identity, population.year, day, None)
    look_up_terms(facts, model.terms.values(), as_of, population)
    settled = settled_on(model.pack, as_of, population.known_at)
    env = build_run_environment(
        model, population.year, Choices(as_of=as_of, deadline=day, settled=settled)
    )
    gathered = Gathered(model, simulation_of(pack, day), collected)
    if gathered.simulation and env.readings.get("simulate_when_inactive") == "a":
        raise JigaiError("inactive", "按读法“未生效时测算＝不给数”，文件不在有效期内不作测算",
                         "换一个文件有效的日子")  # fmt: skip
    measures = [m for m in model.measures.values() if m.computable and m.subject != "region"]
    for number, measure in enumerate(sorted(measures, key=lambda m: m.number)):
        progress(f"措施 {measure.number}　{measure.name}", 0.15 + 0.7 * number / len(measures))
        if not facts.get(measure.subject):
            gathered.absent.append(measure)
            continue
        gathered.found[measure.id] = sort_population(model, env, facts, measure.id)
    progress("择一与名额", 0.86)
    if any(e.group == READY and e.subject == "project"
           for s in gathered.found.values() for e in s.entries):  # fmt: skip
        snapshot = from_rows(facts, compile_plan(model, env).inputs)
        gathered.states = _states(BatchEvaluator(model, env, snapshot), gathered)
    return gathered


def simulation_of(pack: PackVersion, day: dt.date) -> str:
    """Why nothing is payable under a document on a day; empty while it is in force."""
    if pack.status == "draft":
        return "征求意见稿，还没有定稿"
    force = force_on(pack, day)
    if force.payable:
        return ""
    return f"{day} 文件{force.word}" + (f"（{force.because}）" if force.because else "")


def _states(whole: BatchEvaluator, gathered: Gathered) -> dict[tuple[object, str], str]:
    """What the selection makes of every project that fits, from one run of the whole document."""
    outcome = whole.run(bounds=False).projects
    if outcome is None:
        return {}
    tracks = build_tracks(whole.plan)
    taken = {1: State.TAKEN, 0: State.OUT_OF_QUOTA, -1: State.QUOTA_OPEN}
    found: dict[tuple[object, str], str] = {}
    for row, raw in enumerate(whole.snapshot.keys["project"]):
        if outcome.verdict[row] == PAY:
            key = raw.item() if hasattr(raw, "item") else raw
            chosen = whole.plan.selection.tracks[outcome.track[row] - 1] if tracks else ()  # type: ignore[union-attr]
            state = str(taken[int(outcome.selected[row])])
            for measure in gathered.found:
                found[key, measure] = state if measure in chosen else str(State.GIVEN_UP)
    return found
