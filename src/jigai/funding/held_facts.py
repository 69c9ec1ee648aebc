"""What the platform holds about one enterprise, as facts: the same rows an evaluation sees.

The providers of an evaluation read a whole district; here only the rows that can bear on one
enterprise are read, and made into records and facts by the very functions the providers use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from jigai.core.access import Access, scoped
from jigai.core.access.scoping import lies_in
from jigai.core.enterprise_facts import enterprise_key, enterprise_rows
from jigai.core.enterprise_register import Enterprise as EnterpriseRecord
from jigai.core.models import Enterprise, EnterpriseFigure, EnterpriseName
from jigai.core.selectors_figures import Figure, latest_figures
from jigai.core.stored_register import COLUMNS, enterprise_record
from jigai.funding.funding_facts import consortium_rows, line_rows, member_rows
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.funding.money_facts import add_money_facts
from jigai.funding.stored_funding import (
    LINE_COLUMNS,
    MEMBER_COLUMNS,
    line_record,
    lines_of_year,
    member_record,
)
from jigai.policies.confirmations import latest_confirmations
from jigai.policies.fact_run import FactRows
from jigai.projects.library.library_facts import add_library_facts
from jigai.projects.models import Project
from jigai.projects.project_facts import project_rows
from jigai.projects.selectors import REACH
from jigai.projects.stored_ledger import COLUMNS as PROJECT_COLUMNS
from jigai.projects.stored_ledger import project_record

Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pool:
    """A consortium the enterprise belongs to."""

    code: str
    name: str
    region_code: str


@dataclass(slots=True)
class Held:
    """What is stored about one enterprise and year, before it is cut to a document's region.

    ``register`` holds (region, record) by key of the enterprise and of its partners in consortia;
    ``projects`` (region, row), those of others with the same code among them, which make a project
    suspect; ``own`` the names of its projects within reach that count, by key.
    """

    enterprise: Enterprise
    year: int
    register: dict[int, tuple[str, EnterpriseRecord]]
    projects: list[tuple[str, Stored]]
    own: dict[int, str]
    pools: dict[int, Pool]
    members: list[Stored]
    lines: list[Stored]
    confirmed: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    # What the project library says of its own projects, by key.
    library: dict[int, Stored] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The enterprise in facts."""
        return enterprise_key(self.register[self.enterprise.pk][1])

    def facts(self, region_code: str, chosen: Iterable[int]) -> FactRows:
        """Rows by subject for a document of a region; of the projects only those chosen."""
        known = {pk: r for pk, (region, r) in self.register.items() if lies_in(region, region_code)}
        wanted = set(chosen)
        ledger = [
            project_record(r, known) for place, r in self.projects if lies_in(place, region_code)
        ]
        pools = {k: p for k, p in self.pools.items() if lies_in(p.region_code, region_code)}
        named = {key: (pool.code, pool.name) for key, pool in pools.items()}
        members = [
            member_record(r, known, named) for r in self.members if r["consortium_id"] in pools
        ]
        codes = {key: pool.code for key, pool in self.pools.items()}
        found: FactRows = {
            "enterprise": enterprise_rows(known.values()),
            "project": [r for r in project_rows(ledger, self.year) if r["key"] in wanted],
            "line": line_rows([line_record(row, known, codes) for row in self.lines], members),
            "member": member_rows(members),
            "consortium": consortium_rows(members),
        }
        found["line"] = _near(found)
        add_money_facts(found, self.year, timezone.localdate())
        for subject, rows in found.items():
            for row in rows:
                if subject == "project":
                    row.update(self.library.get(row["key"], {}))
                row.update(self.confirmed.get((subject, str(row["key"])), {}))
        return found


def _near(found: FactRows) -> list[dict[str, Any]]:
    """Lines of the rows at hand, and the originals they point at."""
    held = {row["key"] for row in found["project"]}
    joined = {row["key"] for row in found["member"]}
    kept = [n for n in found["line"] if n["project_key"] in held or n["member_key"] in joined]
    originals = {n["original_key"] for n in kept} - {n["key"] for n in kept}
    return kept + [n for n in found["line"] if n["key"] in originals]


def latest_year(enterprise: Enterprise, day: dt.date) -> int:
    """The newest year up to that of the day with data about an enterprise; else the day's own."""
    figures = EnterpriseFigure.objects.filter(enterprise=enterprise, year__lte=day.year)
    ledgers = Project.objects.filter(enterprise=enterprise).values_list("ledger_years", flat=True)
    years = [year for stood in ledgers for year in stood if year <= day.year]
    newest = max(years, default=0) or figures.aggregate(year=Max("year"))["year"]
    return int(newest or day.year)


def deadline_of(year: int, day: dt.date) -> dt.date:
    """The end of the application: the day itself, at the latest the end of the data's year."""
    return min(day, dt.date(year, 12, 31))


def held_facts(enterprise: Enterprise, year: int, access: Access | None) -> Held:
    """Read what bears on an enterprise; a fixed number of queries however much there is.

    Without ``access`` all its projects are its own: the caller has checked who asks.
    """
    rows = Consortium.objects.filter(year=year, members__enterprise=enterprise).distinct()
    columns = ("id", "code", "name", "region_code")
    pools = {key: Pool(*rest) for key, *rest in rows.order_by("id").values_list(*columns)}
    joined = ConsortiumMember.objects.filter(consortium__in=list(pools)).order_by("id")
    members = list(joined.values(*MEMBER_COLUMNS))
    partners = {m["enterprise_id"] for m in members if m["enterprise_id"]}
    own = _own(enterprise, year, access)
    held = Held(
        enterprise, year, _register({enterprise.pk, *partners}, year),
        _projects(enterprise, year), own, pools, members, _lines(list(own), list(pools), year),
    )  # fmt: skip
    held.confirmed = _confirmed(held)
    told: list[Stored] = [{"key": key} for key in own]
    add_library_facts(told)
    held.library = {row.pop("key"): row for row in told}
    return held


def _register(keys: set[int], year: int) -> dict[int, tuple[str, EnterpriseRecord]]:
    rows = Enterprise.objects.filter(pk__in=keys).order_by("id").values(*COLUMNS, "region_code")
    former = EnterpriseName.objects.filter(enterprise__in=keys).order_by("id")
    names = dict(former.values_list("enterprise_id", "name"))
    figures: dict[int, dict[str, Figure]] = {}
    for figure in latest_figures(list(keys), year):
        figures.setdefault(figure.enterprise_id, {})[figure.term] = figure

    def record(row: Stored) -> EnterpriseRecord:
        key = row["id"]
        return enterprise_record(row, names.get(key), figures.get(key, {}), year)

    return {row["id"]: (row["region_code"], record(row)) for row in rows}


def _projects(enterprise: Enterprise, year: int) -> list[tuple[str, Stored]]:
    mine = Project.objects.filter(enterprise=enterprise, ledger_years__contains=[year])
    shared = mine.order_by().exclude(code=None).exclude(code="").values("code")
    rows = Project.objects.filter(
        Q(enterprise=enterprise) | Q(code__in=shared), ledger_years__contains=[year]
    )
    found = rows.order_by("id").values(*PROJECT_COLUMNS, "region_code")
    return [(row.pop("region_code"), row) for row in found]


def _own(enterprise: Enterprise, year: int, access: Access | None) -> dict[int, str]:
    """Its projects within the person's reach, repeated rows left out, with their names."""
    rows = Project.objects.filter(
        enterprise=enterprise, ledger_years__contains=[year], duplicate_of=None
    )
    inside = scoped(rows, access, "navigator.use", REACH) if access else rows
    return dict(inside.order_by("id").values_list("id", "name"))


def _lines(projects: list[int], pools: list[int], year: int) -> list[Stored]:
    """Invoice lines of the projects and consortia, and the originals that red letters point at."""
    near = (Q(project__in=projects) | Q(consortium__in=pools)) & lines_of_year(year)
    originals = InvoiceLine.objects.filter(near).order_by().values("red_original")
    rows = InvoiceLine.objects.filter(near | Q(pk__in=originals)).order_by("id")
    return list(rows.values(*LINE_COLUMNS))


def _confirmed(held: Held) -> dict[tuple[str, str], dict[str, bool]]:
    """What people confirmed about these rows, latest answers only."""
    keys = [enterprise_key(record) for _region, record in held.register.values()]
    keys += [str(key) for key in held.own] + [pool.code for pool in held.pools.values()]
    region = held.enterprise.region_code
    rows = latest_confirmations(held.year, region, timezone.now()).filter(subject_key__in=keys)
    found: dict[tuple[str, str], dict[str, bool]] = {}
    for row in rows:
        if row.value is not None:
            found.setdefault((row.subject, row.subject_key), {})[row.term] = row.value
    return found
