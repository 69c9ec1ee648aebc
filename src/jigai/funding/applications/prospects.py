"""What an enterprise could apply for now, and what that would give it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from jigai.core.access import Access
from jigai.core.access.scoping import lies_in
from jigai.core.models import Enterprise
from jigai.funding.applications.pool import left_of, refusal_of
from jigai.funding.applications.selectors import open_rounds, own_enterprises
from jigai.funding.applications.states import OVER
from jigai.funding.compute.claims import Claim, Claims
from jigai.funding.compute.estimate import Estimate, work_out
from jigai.funding.models import (
    Application,
    Consortium,
    ConsortiumMember,
    InvoiceLine,
    Round,
    RoundMeasure,
)
from jigai.projects.models import Project


@dataclass(frozen=True, slots=True)
class Prospect:
    """A measure and a subject that fit each other; ``application`` where it has begun."""

    measure: RoundMeasure
    project: Project | None
    consortium: Consortium | None
    application: Application | None

    @property
    def name(self) -> str:
        """What would be applied for."""
        return str(self.project or self.consortium)

    @property
    def query(self) -> str:
        """The subject in an address."""
        kind, row = ("project", self.project) if self.project else ("consortium", self.consortium)
        return f"measure={self.measure.pk}&{kind}={row.pk if row else ''}"


def prospects_of(access: Access) -> list[tuple[Round, list[Prospect]]]:
    """Open rounds in whose region the person's enterprises have something; six queries."""
    firms = own_enterprises(access)
    rounds = [r for r in open_rounds().prefetch_related("measures").select_related("pack")]
    years = {r.year for r in rounds}
    projects = _projects(firms, years)
    pools = _led(firms, years)
    begun = _begun(firms, rounds)
    found = []
    for round_ in rounds:
        rows = [
            Prospect(measure, project, pool, begun.get(_key(measure, project, pool)))
            for measure in sorted(round_.measures.all(), key=lambda m: (m.place, m.pk))
            for project, pool in _subjects(measure, round_, projects, pools)
        ]
        found.append((round_, rows))
    return found


def would_give(prospect: Prospect) -> Estimate | None:
    """What it would give with every invoice that belongs to it and is still free."""
    measure, round_ = prospect.measure, prospect.measure.round
    firm = prospect.project.enterprise if prospect.project else _lead(prospect.consortium)
    if firm is None:
        return None
    key = str(prospect.project.pk) if prospect.project else str(prospect.consortium.code)  # type: ignore[union-attr]
    claim = Claim(0, measure.subject, key, measure.code, None)
    claims = Claims(round_.batch, round_.year, [claim], _free(prospect))
    return work_out(round_, firm, claims, measure.subject, key)


def _subjects(
    measure: RoundMeasure, round_: Round, projects: list[Project], pools: list[Consortium]
) -> Iterable[tuple[Project | None, Consortium | None]]:
    if measure.subject == "consortium":
        for pool in pools:
            if pool.year == round_.year and lies_in(pool.region_code, round_.region_code):
                yield None, pool
        return
    for project in projects:
        stands = round_.year in project.ledger_years
        if stands and lies_in(project.region_code, round_.region_code):
            yield project, None


def _projects(firms: list[int], years: set[int]) -> list[Project]:
    rows = Project.objects.filter(enterprise__in=firms, ledger_years__overlap=sorted(years))
    return list(rows.filter(duplicate_of=None).select_related("enterprise").order_by("id"))


def _led(firms: list[int], years: set[int]) -> list[Consortium]:
    led = ConsortiumMember.objects.filter(enterprise__in=firms, role="lead", duplicate=False)
    rows = Consortium.objects.filter(pk__in=led.values("consortium"), year__in=years)
    return list(rows.order_by("id"))


def _begun(firms: list[int], rounds: list[Round]) -> dict[tuple[int, int, int], Application]:
    rows = Application.objects.filter(round__in=rounds, enterprise__in=firms)
    rows = rows.exclude(state__in=OVER).order_by("id")
    return {(r.measure_id, r.project_id or 0, r.consortium_id or 0): r for r in rows}


def _key(
    measure: RoundMeasure, project: Project | None, pool: Consortium | None
) -> tuple[int, int, int]:
    return measure.pk, project.pk if project else 0, pool.pk if pool else 0


def _lead(pool: Consortium | None) -> Enterprise | None:
    rows = pool.members.filter(role="lead", duplicate=False) if pool else None
    member = rows.select_related("enterprise").first() if rows is not None else None
    return member.enterprise if member else None


def _free(prospect: Prospect) -> dict[int, int]:
    mine = Q(project=prospect.project) if prospect.project else Q(consortium=prospect.consortium)
    rows = InvoiceLine.objects.filter(mine, year=prospect.measure.round.year, duplicate_of=None)
    rows = rows.exclude(status="red").select_related("same").order_by("id")
    return {
        line.pk: left for line in rows
        if (left := left_of(line)) and not refusal_of(line, [line.buyer_id or 0], left)
    }  # fmt: skip
