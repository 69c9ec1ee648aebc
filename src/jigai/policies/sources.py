"""The files a decision rests on: whose rows it used, and what people added to its confirmations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from jigai.core.models import EvidenceFile
from jigai.core.selectors_figures import known_figures
from jigai.policies.confirmations import latest_confirmations
from jigai.policies.models import Decision
from jigai.policies.providers import Population
from jigai.rules.explanation import Explanation

# Rows by evidence file, for keys of one subject of a population, given by the room that owns them.
FileFinder = Callable[[Iterable[Any], Population], dict[int, int]]
_FINDERS: dict[str, tuple[str, FileFinder]] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """One file and what the decision took from it."""

    file: EvidenceFile
    what: str


def file_finder(subject: str, what: str) -> Callable[[FileFinder], FileFinder]:
    """Register where the rows of a subject came from; ``what`` names such rows to people."""

    def register(finder: FileFinder) -> FileFinder:
        _FINDERS[subject] = (what, finder)
        return finder

    return register


def files_of(rows: Any) -> dict[int, int]:
    """Rows by evidence file, of a queryset whose rows name their import batch."""
    found = rows.filter(batch__isnull=False).order_by().values_list("batch__file")
    return dict(found.annotate(count=Count("pk")))


def sources_of(decision: Decision, found: Explanation) -> list[Source]:
    """Files behind a decision as it was made: its own rows, its figures and its confirmations."""
    run = decision.run
    population = Population(run.region_code, run.year, run.known_at)
    taken: list[tuple[int, str]] = []
    for subject, keys in _keys(decision, found).items():
        what, finder = _FINDERS.get(subject, ("", None))
        if finder and keys:
            taken += [
                (file, f"{what} {count} 行") for file, count in finder(keys, population).items()
            ]
    taken += _figures(decision) + _confirmed(decision)
    files = EvidenceFile.objects.in_bulk({file for file, _what in taken})
    return [Source(files[file], what) for file, what in taken]


def _keys(decision: Decision, found: Explanation) -> dict[str, list[Any]]:
    own = [] if decision.subject == "member" else [decision.subject_key]
    return {
        decision.subject: own,
        "member": [member.key for member in found.members],
        "line": [line.key for line in found.lines],
    }


def _figures(decision: Decision) -> list[tuple[int, str]]:
    if decision.enterprise_id is None:
        return []
    run = decision.run
    figures = known_figures(run.known_at).filter(enterprise=decision.enterprise_id, year=run.year)
    return [(file, f"企业年度数据 {count} 项") for file, count in files_of(figures).items()]


def _confirmed(decision: Decision) -> list[tuple[int, str]]:
    run = decision.run
    about = Q(subject=decision.subject, subject_key=decision.subject_key)
    if decision.enterprise_id is not None:
        about |= Q(subject="enterprise", enterprise=decision.enterprise_id)
    rows = latest_confirmations(run.year, run.region_code, run.known_at).filter(
        about, evidence__isnull=False, value__isnull=False
    )
    return [(row.evidence_id, f"人工确认：{row.term_name}") for row in rows]
