"""Whose facts a study is about: taken once, kept below the data directory, read back exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jigai.core.enterprise_facts import enterprise_key
from jigai.core.enterprise_register import Enterprise
from jigai.core.evidence import path_of
from jigai.core.models import EvidenceFile
from jigai.core.selectors_regions import names_of_regions
from jigai.core.stored_register import stored_register
from jigai.errors import JigaiError
from jigai.policies.confirmations import apply_confirmations
from jigai.policies.fact_run import FactRows
from jigai.policies.providers import Label, collect
from jigai.policies.providers import Population as Whose
from jigai.policies.snapshots import keep_snapshot, read_snapshot
from jigai.workbench.dossier import Dossier, read_dossier
from jigai.workbench.evaluation import fact_rows
from jigai.workbench.models import SandboxStudy
from jigai.workbench.sandbox.demo import PROVINCE, demo_province

Labels = dict[str, dict[Any, Label]]
Told = Callable[[str, float], None]
KINDS = {
    "enterprises": "企业名录",
    "projects": "技改项目台账",
    "invoices": "设备购置发票清单",
    "consortium_members": "技改共同体名单",
}
SUBJECTS = {
    "enterprise": "企业", "project": "项目", "line": "发票行", "consortium": "共同体",
    "member": "共同体成员",
}  # fmt: skip


@dataclass(slots=True)
class Taken:
    """A population: facts by subject, who the enterprises are by key, names by subject and key.

    ``people``: name, region and town (in words), industry, size, grade; ``names``: subject → key
    as text → name; ``found`` counts findings in uploaded files by severity.
    """

    facts: FactRows
    people: dict[str, dict[str, Any]]
    names: dict[str, dict[str, str]]
    found: dict[str, int] = field(default_factory=dict)

    @property
    def has_lines(self) -> bool:
        """Whether invoices were given at all."""
        return bool(self.facts.get("line"))

    def counts(self) -> dict[str, int]:
        """Rows by subject."""
        return {subject: len(rows) for subject, rows in self.facts.items() if rows}


def take(study: SandboxStudy, home: str, progress: Told) -> Taken:
    """The population as it is now. ``home`` is the region of the document under study.

    Raises :class:`JigaiError` where there is nothing to decide or a file cannot be read.
    """
    progress("取数", 0.0)
    if study.population == SandboxStudy.Population.DEMO:
        taken = _demo(study.year, home)
    elif study.population == SandboxStudy.Population.IMPORTED:
        taken = _imported(study, progress)
    else:
        taken = _current(study)
    if not taken.facts["project"] and not taken.facts["consortium"]:
        raise JigaiError(
            "nothing-to-decide", f"{study.year} 年度没有可测算的项目",
            "先导入技改项目台账，或换一个年度、地区，或用演示省",
        )  # fmt: skip
    return taken


def keep(taken: Taken) -> tuple[str, str]:
    """Write facts and names below the data directory; their hashes."""
    people = [{"key": key, **row} for key, row in taken.people.items()]
    names = [
        {"subject": subject, "key": key, "name": name}
        for subject, listed in taken.names.items()
        for key, name in listed.items()
    ]
    return keep_snapshot(taken.facts), keep_snapshot({"people": people, "names": names})


def kept(study: SandboxStudy) -> Taken:
    """The population as it was taken. Raises :class:`JigaiError` when a file is gone or changed."""
    facts, told = read_snapshot(study.facts_file), read_snapshot(study.people_file)
    people = {row.pop("key"): row for row in told["people"]}
    names: dict[str, dict[str, str]] = {}
    for row in told["names"]:
        names.setdefault(row["subject"], {})[row["key"]] = row["name"]
    return Taken(facts, people, names, study.taken.get("found", {}))


# the three kinds ------------------------------------------------------------------------------


def _current(study: SandboxStudy) -> Taken:
    moment = study.known_at or timezone.now()
    whose = Whose(study.region_code, study.year, moment)
    collected = collect(whose)
    apply_confirmations(
        collected.facts, year=study.year, region_code=study.region_code, known_at=moment
    )
    people = _people(stored_register(study.region_code, study.year, moment))
    names = {
        subject: {str(key): label.name for key, label in listed.items()}
        for subject, listed in collected.labels.items()
        if subject != "enterprise"
    }
    return Taken(collected.facts, people, names)


def _imported(study: SandboxStudy, progress: Told) -> Taken:
    files = {
        kind: EvidenceFile.objects.get(pk=number) for kind, number in study.sources.items()
    }  # fmt: skip
    paths = {kind: path_of(file) for kind, file in files.items()}
    dossier = read_dossier(
        paths["enterprises"], paths["projects"], paths.get("invoices"),
        paths.get("consortium_members"), year=study.year,
        progress=lambda step, share: progress(step, share * 0.3),
    )  # fmt: skip
    found: dict[str, int] = {}
    for issue in dossier.issues:
        found[issue.severity] = found.get(issue.severity, 0) + 1
    return Taken(fact_rows(dossier), _people(dossier.enterprises), _names(dossier), found)


def _names(dossier: Dossier) -> dict[str, dict[str, str]]:
    return {
        "project": {str(p.row): p.project_name for p in dossier.projects},
        "member": {f"{m.consortium}#{m.row}": m.enterprise_raw for m in dossier.members},
        "consortium": {
            m.consortium: m.consortium_name or m.consortium for m in dossier.members
        },
    }  # fmt: skip


def _people(register: Iterable[Enterprise]) -> dict[str, dict[str, Any]]:
    listed = list(register)
    regions = names_of_regions({e.region for e in listed if e.region})
    return {
        enterprise_key(e): {
            "name": e.name,
            "region": regions.get(e.region or "", e.region or ""),
            "town": e.town or "",
            "industry": (e.industry_code or "")[:2],
            "size": e.size_computed,
            "grade": e.grade,
        }
        for e in listed
    }


def _demo(year: int, home: str) -> Taken:
    made = demo_province(year, home)
    people = {
        key: {name: value for name, value in row.items() if name != "key"}
        for key, row in made.people.items()
    }
    return Taken(made.facts, people, {"project": made.labels})


def labels_of(taken: Taken, region: str) -> Labels:
    """Names of rows as the reasons and rows of a run want them."""
    owners = {
        subject: {row["key"]: row.get("enterprise_key") for row in taken.facts.get(subject, ())}
        for subject in ("project", "member", "consortium")
    }
    found: Labels = {}
    for subject, rows in owners.items():
        names = taken.names.get(subject, {})
        found[subject] = {
            key: Label(
                names.get(str(key), str(key)), None,
                taken.people.get(owner, {}).get("name", "") if owner else "", region,
            )
            for key, owner in rows.items()
        }  # fmt: skip
    return found


def whose_words(study: SandboxStudy, region: str) -> str:
    """The population in one line, for pages and exports."""
    if study.population == SandboxStudy.Population.DEMO:
        return f"{PROVINCE}（虚构）"
    if study.population == SandboxStudy.Population.IMPORTED:
        return f"上传的工作簿（{region}，不入库）"
    return f"{region} 现有数据"


def told_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by subject in words."""
    return [(word, counts[name]) for name, word in SUBJECTS.items() if counts.get(name)]
