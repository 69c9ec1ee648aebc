"""What is wrong with a draft: quickly while somebody types, wholly with its examples on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jigai.policies.editor.identity import with_status
from jigai.policies.editor.models_of import examined_draft
from jigai.policies.uploaded_packs import laid_out_aside, with_bases
from jigai.policies.yaml_bounds import bounds_problem
from jigai.rules.coverage import clause_problems, fact_problems, repeated_ids
from jigai.rules.errors import PackError, Problem
from jigai.rules.example_result import ExampleResult
from jigai.rules.examples import run_examples
from jigai.rules.lint import STANDARD, sort
from jigai.rules.lint_formulas import cycles, zero_divisors
from jigai.rules.lint_programme import programme_problems
from jigai.rules.lint_usage import empty_texts, gaps
from jigai.rules.loader import Pack, load_pack
from jigai.rules.model import Model, inspect_pack


@dataclass(slots=True)
class Looked:
    """Problems of a draft; ``model`` is there once it can be read, with or without errors in it."""

    problems: list[Problem] = field(default_factory=list)
    model: Model | None = None

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being handed in."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def of_file(self, file: str) -> list[Problem]:
        """Those in one file (``slug/name``)."""
        return [problem for problem in self.problems if problem.place.file == file]


def quick_look(slug: str, files: Mapping[str, str]) -> Looked:
    """Everything the linter finds without running anything: a tenth of a second. Never raises."""
    unsafe = [p for name, text in sorted(files.items()) if (p := bounds_problem(name, text))]
    if unsafe:
        return Looked(unsafe)
    try:
        with laid_out_aside(slug, with_bases(slug, files)) as folder:
            pack = load_pack(folder)
            model = inspect_pack(pack)
            return Looked(sort([*model.problems, *_document(pack), *_formulas(model)]), model)
    except PackError as error:
        return Looked(sort(error.problems))


def _document(pack: Pack) -> list[Problem]:
    found = [*repeated_ids(pack), *programme_problems(pack)]
    if pack.identity.status != STANDARD and pack.clauses:
        found += [*clause_problems(pack)[1], *fact_problems(pack)[1]]
    return found


def _formulas(model: Model) -> list[Problem]:
    found = [*empty_texts(model), *gaps(model), *zero_divisors(model)]
    return found if model.problems else [*found, *cycles(model)]


@dataclass(slots=True)
class Checked:
    """The whole check: everything the linter says, and every example beside what it expects."""

    problems: list[Problem]
    results: list[ExampleResult]

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being handed in."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def failed(self) -> int:
        """Examples that came out otherwise."""
        return sum(not result.passed for result in self.results)


def whole_check(slug: str, files: Mapping[str, str]) -> Checked:
    """The linter with every example run; seconds for a long document. Never raises."""
    examined = examined_draft(slug, files)
    model = examined.model
    if model is None:
        looked = quick_look(slug, files)
        # Examples that fail are themselves errors: they can be run all the same.
        model = looked.model if looked.model is not None and not looked.errors else None
    return Checked(examined.problems, _run(slug, files) if model is not None else [])


def _run(slug: str, files: Mapping[str, str]) -> list[ExampleResult]:
    """Every example, under the document as it will be once issued."""
    looked = quick_look(slug, with_status(slug, files, "issued"))
    return run_examples(looked.model) if looked.model is not None else []
