"""A checked pack: every name resolved, every formula parsed and typed, or a list of problems."""

from __future__ import annotations

from dataclasses import dataclass, field

from jigai.rules import schema
from jigai.rules.errors import PackError, Problem
from jigai.rules.expr import Node
from jigai.rules.loader import Pack
from jigai.rules.model_formulas import Formulas
from jigai.rules.model_names import Names
from jigai.rules.scope import Scope


@dataclass(slots=True)
class Model:
    """A pack family with its scope and parsed formulas.

    ``formulas`` maps (kind, item id, field) to a typed node: ``("measure", "robot", "amount")``.
    """

    pack: Pack
    scope: Scope
    formulas: dict[tuple[str, str, str], Node] = field(default_factory=dict)
    terms: dict[str, schema.Term] = field(default_factory=dict)
    derived: dict[str, schema.DerivedFact] = field(default_factory=dict)
    gates: dict[str, schema.Gate] = field(default_factory=dict)
    measures: dict[str, schema.Measure] = field(default_factory=dict)
    parameters: dict[str, schema.Parameter] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def selection(self) -> schema.Selection | None:
        """The selection stage of the pack itself."""
        return self.pack.measures.selection


def build_model(pack: Pack) -> Model:
    """Resolve and type-check a pack; raises :class:`PackError` if anything is wrong."""
    model = inspect_pack(pack)
    if model.problems:
        raise PackError(model.problems)
    return model


def inspect_pack(pack: Pack) -> Model:
    """Like :func:`build_model` but keeps the problems in the model (for the linter)."""
    model = Model(pack, Scope())
    Names(model).names()
    Formulas(model).formulas()
    return model
