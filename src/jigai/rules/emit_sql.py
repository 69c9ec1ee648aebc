"""Prints a plan as DuckDB SQL: one chain of projections per subject, joins only where rows meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from jigai.rules.inlining import Inliner
from jigai.rules.layering import Layer, columns_of, layers_of
from jigai.rules.plan import Aggregate, Plan, Step, Through
from jigai.rules.scope import PARENTS
from jigai.rules.sql_text import SqlText, quote


@dataclass(slots=True)
class _Relation:
    """The present form of one subject: its last CTE and the columns it already has."""

    name: str
    columns: set[str] = field(default_factory=set)


class Query:
    """Builds the SQL that computes columns of one subject from the stored tables.

    ``tables`` maps subject to the columns its table has (parents' columns may be there already,
    when the snapshot is flat). Tables are named ``f_<subject>`` with integer ``rid`` and
    ``<parent>_rid`` columns.
    """

    def __init__(
        self,
        plan: Plan,
        tables: Mapping[str, set[str]],
        bits: Mapping[str, Mapping[str, int]] | None = None,
        relations: Mapping[str, str] | None = None,
    ) -> None:
        """Remember the plan, what is stored, and which conditions are also stored as bits.

        ``relations`` names the relation of a subject where it is not ``f_<subject>``.
        """
        self.plan, self._bits = plan, bits or {}
        self._owner = {item.id: item.subject for item in plan.items}
        for subject, terms in plan.inputs.items():
            self._owner.update(dict.fromkeys(terms, subject))
        named = relations or {}
        self._relations = {
            s: _Relation(named.get(s, f"f_{s}"), set(columns)) for s, columns in tables.items()
        }
        self._ctes: list[str] = []
        self._count = 0
        self._inliner = Inliner([], [], {})

    def select(self, subject: str, outputs: Mapping[str, str], where: str = "") -> str:
        """SQL giving ``outputs`` (alias → column or SQL over quoted columns) for every row.

        ``where`` keeps the rows that meet a condition over quoted columns.
        """
        texts = [*outputs.values(), *([where] if where else [])]
        names = [name for text in texts for name in _names(text)]
        self._inliner = Inliner(self.plan.items, names, self._bits)
        reduced = replace(self.plan, items=self._inliner.items)
        for layer in layers_of(reduced):
            self._layer(layer)
        self._pull(subject, [c for name in names for c in self._inliner.reads(name)])
        listed = ", ".join(
            f"{self._output(text)} AS {quote(alias)}" for alias, text in outputs.items()
        )
        head = "WITH " + ",\n".join(self._ctes) + "\n" if self._ctes else ""
        tail = f" WHERE {self._output(where)}" if where else ""
        return f"{head}SELECT {listed} FROM {self._relations[subject].name}{tail}"

    def _output(self, text: str) -> str:
        if '"' not in text:
            return self._inliner.text(text)
        pieces = text.split('"')
        return "".join(self._inliner.text(p) if i % 2 else p for i, p in enumerate(pieces))

    # layers -------------------------------------------------------------------------------------

    def _define(self, subject: str, body: str, columns: Iterable[str]) -> None:
        self._count += 1
        name = f"{subject}_{self._count}"
        self._ctes.append(f"{name} AS ({body})")
        relation = self._relations[subject]
        relation.name = name
        relation.columns |= set(columns)

    def _layer(self, layer: Layer) -> None:
        if layer.kind == "through":
            self._through(layer)
        elif layer.kind == "aggregate":
            self._aggregate(layer)
        else:
            self._steps(layer)

    def _pull(self, subject: str, names: Iterable[str]) -> None:
        """Join in parents' columns that the subject does not have yet."""
        missing: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            owner = self._owner.get(name, subject)
            if owner != subject and name not in self._relations[subject].columns:
                missing.setdefault(owner, []).append(name)
        for owner, columns in missing.items():
            assert owner in PARENTS[subject], (subject, owner)
            listed = ", ".join(f"p.{quote(c)}" for c in columns)
            self._define(
                subject,
                f"SELECT s.*, {listed} FROM {self._relations[subject].name} s "
                f"LEFT JOIN {self._relations[owner].name} p ON s.{owner}_rid = p.rid",
                columns,
            )

    def _steps(self, layer: Layer) -> None:
        steps = [item for item in layer.items if isinstance(item, Step)]
        own = {step.id for step in steps}
        self._pull(layer.subject, [c for step in steps for c in columns_of(step) if c not in own])
        waiting = steps
        while waiting:
            open_ = {step.id for step in waiting}
            ready = [s for s in waiting if not any(c in open_ for c in columns_of(s))]
            listed = ", ".join(f"{self._inliner.print(step)} AS {quote(step.id)}" for step in ready)
            relation = self._relations[layer.subject].name
            self._define(
                layer.subject, f"SELECT *, {listed} FROM {relation}", [s.id for s in ready]
            )
            waiting = [s for s in waiting if s not in ready]

    def _through(self, layer: Layer) -> None:
        item = layer.items[0]
        assert isinstance(item, Through)
        relation = self._relations[layer.subject].name
        via = item.via.removesuffix("_key") + "_rid"
        self._define(
            layer.subject,
            f"SELECT s.*, o.{quote(item.target)} AS {quote(item.id)} FROM {relation} s "
            f"LEFT JOIN (SELECT rid, {quote(item.target)} FROM {relation}) o ON s.{via} = o.rid",
            [item.id],
        )

    def _aggregate(self, layer: Layer) -> None:
        items = [item for item in layer.items if isinstance(item, Aggregate)]
        self._pull(layer.source, [c for item in items for c in columns_of(item)])
        source = self._relations[layer.source].name
        key = f"{layer.subject}_rid"
        printer = SqlText()
        values = ", ".join(f"{printer.print(item.code)} AS v{i}" for i, item in enumerate(items))
        gathered = ", ".join(
            f"{_gather(item, f'v{i}')} AS {quote(item.id)}" for i, item in enumerate(items)
        )
        listed = ", ".join(_with_default(item) for item in items)
        self._define(
            layer.subject,
            f"SELECT s.*, {listed} FROM {self._relations[layer.subject].name} s LEFT JOIN "
            f"(SELECT {key}, 1 AS present, {gathered} FROM (SELECT {key}, {values} FROM {source}) "
            f"WHERE {key} IS NOT NULL GROUP BY {key}) a ON s.rid = a.{key}",
            [item.id for item in items],
        )


def _names(text: str) -> list[str]:
    """Column names quoted in an output expression, or the expression itself if it is a name."""
    return text.split('"')[1::2] if '"' in text else [text]


def _gather(item: Aggregate, value: str) -> str:
    if item.how == "all":
        return (
            f"CASE WHEN count(*) FILTER (WHERE NOT {value}) > 0 THEN FALSE "
            f"WHEN count({value}) < count(*) THEN NULL ELSE TRUE END"
        )
    if item.how == "any":
        return (
            f"CASE WHEN count(*) FILTER (WHERE {value}) > 0 THEN TRUE "
            f"WHEN count({value}) < count(*) THEN NULL ELSE FALSE END"
        )
    total = f"coalesce(sum({value}), 0)::BIGINT"
    if item.skip_unknown:
        return total
    return f"CASE WHEN count({value}) = count(*) THEN {total} END"


def _with_default(item: Aggregate) -> str:
    empty = {"all": "TRUE", "any": "FALSE"}.get(item.how, "0")
    return (
        f"CASE WHEN a.present IS NULL THEN {empty} ELSE a.{quote(item.id)} END AS {quote(item.id)}"
    )
