"""Which document's rule admits to the library of a region and level, on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jigai.core.access.scoping import region_prefix
from jigai.policies.fact_run import Choices, build_run_environment
from jigai.policies.force import Force, force_on
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.projects.library.codes import Level
from jigai.rules.binding import Environment, ParameterValue
from jigai.rules.duties import compile_admission, row_fields
from jigai.rules.environment import all_readings
from jigai.rules.model import Model
from jigai.rules.row_parts import in_words, joined_conditions, reached
from jigai.rules.row_rules import RowRule, compile_row_rule, pack_names
from jigai.rules.schema_programme import Column, Register

_SYSTEM = "library-admission"
LEVEL_WORDS = {Level.COUNTY: "县", Level.CITY: "市", Level.PROVINCE: "省"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a rule asks for. ``limits`` are fields that must reach a parameter."""

    text: str
    rule: RowRule
    limits: tuple[tuple[Column, ParameterValue], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of the rule's clause as it stands: its issue, name, option, word and meaning."""

    issue: str
    id: str
    name: str
    option: str
    word: str
    means: str


@dataclass(frozen=True, slots=True)
class LibraryRule:
    """A compiled rule of admission with the words and readings it was compiled under."""

    version: PackVersion
    item: Register
    day: dt.date
    conditions: tuple[Condition, ...]
    columns: tuple[Column, ...]
    readings: tuple[Read, ...]
    force: Force

    def option(self, reading: str) -> str:
        """The option taken of a reading; empty where the document has no such one."""
        return next((r.option for r in self.readings if r.id == reading), "")

    @property
    def kept_readings(self) -> dict[str, str]:
        """Option by reading, as stored with a decision."""
        return {read.id: read.option for read in self.readings}


def rule_for(region: str, level: str, day: dt.date) -> LibraryRule | None:
    """The rule of the nearest document over the region; ``None`` where none says who gets in.

    A document that another one replaced by that day does not count. Raises :class:`PackError` where
    the formula does not hold (a pack that was installed was checked).
    """
    near = [item for item in _items(level) if region.startswith(_prefix(item))]
    for item in sorted(near, key=lambda i: -len(_prefix(i))):
        force = force_on(item.pack, day)
        if force.by is None:
            return _compiled(item, day, force)
    return None


def _items(level: str) -> Sequence[PackItem]:
    rows = PackItem.objects.filter(
        section="registers", pack__is_current=True, data__systems__contains=[_SYSTEM]
    )
    found = rows.exclude(pack__status="standard").select_related("pack").order_by("id")
    word = LEVEL_WORDS[Level(level)]
    return [
        item
        for item in found
        if item.pack.region_code and item.data.get("admits") and word in item.data.get("levels", [])
    ]


def _prefix(item: PackItem) -> str:
    return region_prefix(item.pack.region_code)


def _compiled(item: PackItem, day: dt.date, force: Force) -> LibraryRule:
    model = model_of(item.pack)
    register = next(r for r in model.pack.registers if r.id == item.code)
    settled = settled_on(model.pack, day)
    env = build_run_environment(model, day.year, Choices(as_of=day, settled=settled))
    compile_admission(model, env, register)  # the whole formula, as its author wrote it
    conditions = tuple(
        _condition(model, env, register, t) for t in joined_conditions(register.admits)
    )
    return LibraryRule(
        item.pack, register, day, conditions, tuple(register.columns),
        _readings(model, env, register), force,
    )  # fmt: skip


def _condition(model: Model, env: Environment, register: Register, text: str) -> Condition:
    names = pack_names(model, env)
    rule = compile_row_rule(
        row_fields(register.columns), text, names=names, place=model.pack.place(register, "admits"),
        clause=register.clause,
    )  # fmt: skip
    columns = {column.name: column for column in register.columns}
    limits = []
    words = in_words(text)
    for field, parameter in reached(text):
        kind, identifier = names.scope.names.get(parameter, ("", ""))
        if field in columns and kind == "param":
            value = env.parameters[identifier]
            limits.append((columns[field], value))
            words = words.replace(f"达到{parameter}", f"达到{parameter}（{value.text}）")
    return Condition(words, rule, tuple(limits))


def _readings(model: Model, env: Environment, register: Register) -> tuple[Read, ...]:
    """The readings about the clause of the rule."""
    clauses = {register.clause, *register.clauses}
    found = []
    for reading in all_readings(model.pack).values():
        if reading.clause in clauses and reading.clause and reading.id in env.readings:
            option = env.readings[reading.id]
            said = reading.options[option]
            found.append(
                Read(reading.issue, reading.id, reading.name, option, said.word, said.means)
            )
    return tuple(found)
