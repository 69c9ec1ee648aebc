"""Where a study stands: its scenarios with their newest results, what is out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jigai.errors import JigaiError
from jigai.rules.environment import all_readings
from jigai.workbench.models import SandboxResult, SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.packs import Rules, base_environment, rules_of
from jigai.workbench.sandbox.parameters import changed
from jigai.workbench.sandbox.running import fingerprint


def scenarios_of(study: SandboxStudy) -> list[SandboxScenario]:
    """Scenarios in use, in their order."""
    rows = study.scenarios.filter(active=True).select_related("base", "draft", "study")
    return list(rows.order_by("place"))


def home_of(study: SandboxStudy) -> str:
    """The region the document under study applies to; a demo population is registered there."""
    first = scenarios_of(study)[0]
    region = rules_of(first).model.pack.identity.region
    members = list(region.members or ()) if region else []
    return str(members[0] if members else region.code if region else study.region_code)


@dataclass(slots=True)
class Standing:
    """A scenario as shown: its newest result and whether that is of what it says now.

    ``problem`` is why its rules cannot be run; ``changes`` what differs from the document, in
    words.
    """

    scenario: SandboxScenario
    result: SandboxResult | None
    fresh: bool
    title: str
    changes: list[str]
    readings: list[str]
    problem: str = ""

    @property
    def summary(self) -> dict[str, Any]:
        """Figures of the result; none before a run."""
        found: dict[str, Any] = self.result.summary if self.result else {}
        return found

    @property
    def behind_draft(self) -> bool:
        """Whether the draft it came from has been written on since."""
        draft = self.scenario.draft
        return draft is not None and draft.version != self.scenario.draft_version


def standings(study: SandboxStudy) -> list[Standing]:
    """Every scenario of a study with its newest result; one query for all results."""
    rows = scenarios_of(study)
    newest: dict[int, SandboxResult] = {}
    for result in study.results.filter(scenario__in=[r.pk for r in rows]).order_by("id"):
        newest[result.scenario_id] = result
    return [_standing(row, study, newest.get(row.pk)) for row in rows]


def _standing(
    scenario: SandboxScenario, study: SandboxStudy, result: SandboxResult | None
) -> Standing:
    fresh = result is not None and result.fingerprint == fingerprint(scenario, study)
    try:
        rules = rules_of(scenario)
        changes, readings = _changes(scenario, study, rules)
    except JigaiError as error:
        return Standing(scenario, result, fresh, scenario.slug, [], [], str(error))
    return Standing(scenario, result, fresh, rules.title, changes, readings)


def _changes(
    scenario: SandboxScenario, study: SandboxStudy, rules: Rules
) -> tuple[list[str], list[str]]:
    env = base_environment(study, rules.model)
    words = changed(rules.model, env, scenario.overrides)
    known = all_readings(rules.model.pack)
    readings = [
        f"{known[key].name}＝{known[key].options[option].word}"
        for key, option in scenario.readings.items()
        if key in known and option in known[key].options
    ]
    if scenario.files:
        words.insert(0, "规则取自起草稿")
    return words, readings


def with_results(listed: Sequence[Standing]) -> list[Standing]:
    """Those that were run."""
    return [one for one in listed if one.result is not None]
