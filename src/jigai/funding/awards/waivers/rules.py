"""Which charges a project is let off on a day, by the lists in force and the documents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.core.access.scoping import lies_in
from jigai.policies.force import payable_on
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.projects.labels.systems import labels_of
from jigai.projects.models import Project
from jigai.registers.special.charges import Waiver
from jigai.registers.special.stored_charges import waivers_stored
from jigai.rules.schema import Measure


@dataclass(frozen=True, slots=True)
class Due:
    """What a project may be let off: charges by the rule that frees of them, and the rules whose
    list of charges nobody has settled, which free of nothing yet."""

    free: tuple[tuple[str, Waiver], ...]
    unsettled: tuple[Waiver, ...]


def policy_for(region_code: str, day: dt.date) -> tuple[PackVersion, Measure] | None:
    """The document in force that waives construction charges in a region, with its measure."""
    rows = PackVersion.objects.filter(is_current=True).exclude(region_code="")
    for version in rows.order_by("slug", "id"):
        if not lies_in(region_code, version.region_code) or not payable_on(version, day):
            continue
        for measure in model_of(version).measures.values():
            if measure.instrument == "fee-waiver":
                return version, measure
    return None


def directions_of(project: Project, day: dt.date) -> list[str]:
    """Encouraged directions of the waiving document that a project's own labels stand for, so that
    whoever reviews it starts from them; empty where its labels fall under none."""
    policy = policy_for(project.region_code, day)
    slug = policy[0].slug if policy is not None else ""
    return [
        f"{label.name}（{system.name}）"
        for system, labels in labels_of(project)
        if system.pack == slug
        for label in labels
    ]


def due_on(region_code: str, day: dt.date) -> Due:
    """Rules for projects of an encouraged direction in force in a region on a day."""
    rules = [rule for rule in waivers_stored() if _applies(rule, region_code, day)]
    free = [(charge, rule) for rule in rules if rule.settled for charge in rule.charges]
    return Due(tuple(dict(free).items()), tuple(rule for rule in rules if not rule.settled))


def _applies(rule: Waiver, region_code: str, day: dt.date) -> bool:
    here = not rule.place or lies_in(region_code, rule.place)
    then = rule.first <= day and (rule.last is None or day <= rule.last)
    return rule.target == "encouraged" and here and then
