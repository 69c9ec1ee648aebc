"""Checks a whole pack the way an official would: line by line against the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jigai.rules.coverage import (
    Coverage,
    Pending,
    clause_problems,
    fact_problems,
    pending_items,
    repeated_ids,
)
from jigai.rules.errors import PackError, Problem
from jigai.rules.examples import example_problems
from jigai.rules.lint_formulas import cycles, not_runnable, zero_divisors
from jigai.rules.lint_programme import programme_problems
from jigai.rules.lint_rows import row_problems
from jigai.rules.lint_usage import empty_texts, few_examples, gaps, same_options, unused
from jigai.rules.loader import Pack, load_pack
from jigai.rules.model import Model, inspect_pack
from jigai.rules.numerals import numeral_problems
from jigai.rules.schema_programme import PROGRAMME

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A parameter the document leaves open, and who decides it."""

    id: str
    name: str
    clause: str
    decides: str


@dataclass(slots=True)
class Report:
    """Everything found about a pack.

    ``sections`` counts items by section. ``clauses`` and ``facts`` are ``None`` for a pack that
    could not be read and for one that is no document (national terms). ``numerals_checked`` tells
    whether the original text was at hand.
    """

    pack: str
    title: str = ""
    problems: list[Problem] = field(default_factory=list)
    sections: dict[str, int] = field(default_factory=dict)
    clauses: Coverage | None = None
    facts: Coverage | None = None
    pending: list[Pending] = field(default_factory=list)
    undetermined: list[Undetermined] = field(default_factory=list)
    numerals_checked: bool = False

    @property
    def errors(self) -> list[Problem]:
        """Problems that keep the pack from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """Problems a person should look at."""
        return [problem for problem in self.problems if problem.severity != "error"]

    @property
    def passed(self) -> bool:
        """No error; a clause or fact not accounted for is one."""
        return not self.errors


def lint_pack(
    root: Path, source_text: Path | str | None = None, packs_root: Path | None = None
) -> Report:
    """Check the pack in ``root``; ``source_text`` is the original's text or the file it is in.

    Never raises for a faulty pack: what cannot be read is a problem in the report.
    """
    try:
        pack = load_pack(root, packs_root)
    except PackError as error:
        return Report(root.name, problems=sort(error.problems))
    model = inspect_pack(pack)
    report = Report(pack.identity.id, pack.identity.title, list(model.problems))
    report.sections = _sections(pack)
    report.undetermined = [
        Undetermined(parameter.id, parameter.name, parameter.clause, parameter.decides)
        for parameter in pack.parameters
        if parameter.status == "undetermined"
    ]
    _document(pack, report)
    report.problems += [*repeated_ids(pack), *programme_problems(pack), *_formulas(model)]
    if source_text is not None:
        text = source_text
        if isinstance(text, Path):
            text = text.read_text(encoding="utf-8")
        report.problems += numeral_problems(pack, text)
        report.numerals_checked = True
    report.problems = sort(report.problems)
    return report


def _document(pack: Pack, report: Report) -> None:
    """Coverage of the document; a pack of shared terms has none."""
    if pack.identity.status == STANDARD:
        return
    if not pack.clauses:
        place = pack.place(pack.identity)
        message, fix = "没有 clauses.yaml，无从核对条款", "逐条写出条款与其中的数"
        report.problems.append(Problem("no-clauses", place, message, fix))
        return
    report.clauses, problems = clause_problems(pack)
    report.facts, more = fact_problems(pack)
    report.problems += problems + more
    report.pending = pending_items(pack)


def _formulas(model: Model) -> list[Problem]:
    """Checks on a model; those on usage only where every formula could be read."""
    found = [*empty_texts(model), *gaps(model), *zero_divisors(model)]
    if model.problems:
        return found
    found += cycles(model)
    if not any(problem.severity == "error" for problem in found):
        found += not_runnable(model)
    if not any(problem.severity == "error" for problem in found):
        found += row_problems(model)
    if not any(problem.severity == "error" for problem in found):
        found += example_problems(model)
    if model.pack.identity.status != STANDARD:
        found += [*unused(model), *same_options(model), *few_examples(model)]
    return found


def _sections(pack: Pack) -> dict[str, int]:
    return {
        "条款": len(pack.clauses),
        "数": sum(len(clause.facts) for clause in pack.clauses),
        "参数": len(pack.parameters),
        "词汇": len(pack.vocabulary),
        "派生事实": len(pack.facts),
        "读法": len(pack.readings),
        "资格门": len(pack.measures.gates),
        "措施": len(pack.measures.measures),
        "样例": len(pack.examples),
        **{title: len(getattr(pack, name)) for name, _model, title in PROGRAMME},
    }


def sort(problems: list[Problem]) -> list[Problem]:
    """Errors first, then by place, so that the same pack always gives the same report."""

    def key(problem: Problem) -> tuple[bool, str, int, int, str, str]:
        place = problem.place
        warning = problem.severity != "error"
        return warning, place.file, place.line, place.column, problem.code, problem.message

    return sorted(dict.fromkeys(problems), key=key)
