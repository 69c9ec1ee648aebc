"""Reads a pack folder into models, keeping for every item the place it was written at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jigai.paths import packs_dir
from jigai.rules import schema, schema_programme
from jigai.rules.errors import PackError, Place, Problem
from jigai.rules.source import Source, read_source

Model = TypeVar("Model", bound=BaseModel)

_LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "clauses": ("clauses", schema.Clause),
    "parameters": ("parameters", schema.Parameter),
    "vocabulary": ("terms", schema.Term),
    "facts": ("facts", schema.DerivedFact),
    "readings": ("readings", schema.Reading),
    **{name: (name, model) for name, model, _title in schema_programme.PROGRAMME},
}
# Data for the readers of invoices; not a section of the rules.
AUXILIARY = ("item_classes.yaml",)
KNOWN_FILES = ("pack.yaml", *(f"{name}.yaml" for name in _LISTS), "measures.yaml", *AUXILIARY)


@dataclass(slots=True)
class Pack:
    """A pack as written, not yet checked: models by section, places by item, content hash."""

    root: Path
    identity: schema.Identity
    clauses: list[schema.Clause] = field(default_factory=list)
    parameters: list[schema.Parameter] = field(default_factory=list)
    vocabulary: list[schema.Term] = field(default_factory=list)
    facts: list[schema.DerivedFact] = field(default_factory=list)
    readings: list[schema.Reading] = field(default_factory=list)
    measures: schema.Measures = field(default_factory=schema.Measures)
    targets: list[schema_programme.Target] = field(default_factory=list)
    recognitions: list[schema_programme.Recognition] = field(default_factory=list)
    registers: list[schema_programme.Register] = field(default_factory=list)
    procedures: list[schema_programme.Procedure] = field(default_factory=list)
    tasks: list[schema_programme.Task] = field(default_factory=list)
    obligations: list[schema_programme.Obligation] = field(default_factory=list)
    matching: list[schema_programme.Match] = field(default_factory=list)
    examples: list[schema.Example] = field(default_factory=list)
    bases: list[Pack] = field(default_factory=list)
    places: dict[int, tuple[Source, tuple[str | int, ...]]] = field(default_factory=dict)
    content_hash: str = ""

    def place(self, item: BaseModel, *path: str | int) -> Place:
        """Place of ``item`` (or of one of its fields) in this pack or in one it extends."""
        for pack in self.family():
            known = pack.places.get(id(item))
            if known:
                source, base = known
                return source.place((*base, *path))
        return Place(self.root.name)

    def programme(self) -> Iterator[schema_programme.ProgrammeItem]:
        """Every target, title, register, procedure, task, obligation and match of this pack."""
        for name, _model, _title in schema_programme.PROGRAMME:
            yield from getattr(self, name)

    def family(self) -> Iterator[Pack]:
        """This pack, then the packs it extends, nearest first, each once."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            pack = waiting.pop(0)
            if id(pack) not in seen:
                seen.add(id(pack))
                yield pack
                waiting += pack.bases


def load_pack(root: Path, packs_root: Path | None = None) -> Pack:
    """Load the pack in ``root`` and those it extends (siblings in ``packs_root``).

    Raises :class:`PackError` with every problem of every file, each with line and column.
    """
    return _load(root.resolve(), packs_root, (), {})


def _load(
    root: Path, packs_root: Path | None, chain: tuple[str, ...], known: dict[Path, Pack]
) -> Pack:
    """A pack that several others lean on is one object, so that its names are not there twice."""
    if root.name in chain:
        place, message = Place(f"{root.name}/pack.yaml"), "→".join((*chain, root.name))
        problem = Problem("extends-cycle", place, f"互相引用，绕成了圈：{message}", "断开一处")
        raise PackError([problem])
    if not (root / "pack.yaml").exists():
        problem = Problem("no-pack", Place(root.name), "文件夹里没有 pack.yaml", "先写 pack.yaml")
        raise PackError([problem])
    problems: list[Problem] = []
    source = read_source(root, "pack.yaml")
    assert source is not None
    identity = _validate(source, (), schema.Identity, source.data, problems)
    if identity is None:
        raise PackError(problems)
    pack = Pack(root, identity)
    pack.places[id(identity)] = (source, ())
    for attribute, (key, model) in _LISTS.items():
        setattr(pack, attribute, _read_list(pack, f"{attribute}.yaml", key, model, problems))
    _read_measures(pack, problems)
    _read_examples(pack, problems)
    _unknown_files(pack, problems)
    if problems:
        raise PackError(problems)
    names = ([identity.overlays] if identity.overlays else []) + identity.extends
    chain = (*chain, root.name)
    for name in names:
        base = ((packs_root or root.parent) / name).resolve()
        if not base.exists() and (packs_dir() / name).exists():
            base = (packs_dir() / name).resolve()  # a county's own folder leans on shipped packs
        pack.bases.append(known.get(base) or _load(base, packs_root, chain, known))
    pack.content_hash = _content_hash(pack)
    known[root] = pack
    return pack


def _read_list(
    pack: Pack, name: str, key: str, model: type[Model], problems: list[Problem]
) -> list[Model]:
    source = _source(pack, name, problems)
    if source is None:
        return []
    return _items(pack, source, key, model, problems)


def _items(
    pack: Pack, source: Source, key: str, model: type[Model], problems: list[Problem]
) -> list[Model]:
    data = source.data
    if not isinstance(data, dict) or set(data) != {key} or not isinstance(data[key] or [], list):
        place, fix = Place(source.file, 1, 1), f"以 {key}: 开头列出各项"
        problems.append(Problem("bad-section", place, f"应只有一个键“{key}”，下面是各项", fix))
        return []
    items = []
    for index, raw in enumerate(data[key] or []):
        item = _validate(source, (key, index), model, raw, problems)
        if item is not None:
            pack.places[id(item)] = (source, (key, index))
            items.append(item)
    return items


def _read_measures(pack: Pack, problems: list[Problem]) -> None:
    source = _source(pack, "measures.yaml", problems)
    if source is None:
        return
    measures = _validate(source, (), schema.Measures, source.data, problems)
    if measures is None:
        return
    pack.measures = measures
    for key in ("gates", "measures", "pooled_caps", "rankings", "budgets"):
        for index, item in enumerate(getattr(measures, key)):
            pack.places[id(item)] = (source, (key, index))
    for key in ("selection", "validity"):
        if getattr(measures, key) is not None:
            pack.places[id(getattr(measures, key))] = (source, (key,))


def _read_examples(pack: Pack, problems: list[Problem]) -> None:
    for path in sorted((pack.root / "examples").glob("*.yaml")):
        source = _source(pack, f"examples/{path.name}", problems)
        if source is not None:
            pack.examples += _items(pack, source, "examples", schema.Example, problems)


def _unknown_files(pack: Pack, problems: list[Problem]) -> None:
    """A misspelt file name would silently drop a whole section."""
    for path in sorted((*pack.root.rglob("*.yaml"), *pack.root.rglob("*.yml"))):
        name = path.relative_to(pack.root).as_posix()
        if name in KNOWN_FILES or (path.parent.name == "examples" and path.suffix == ".yaml"):
            continue
        place = Place(f"{pack.root.name}/{name}")
        fix = "可用：" + "、".join(KNOWN_FILES) + " 和 examples 下的 .yaml"
        problems.append(Problem("unknown-file", place, f"不认识的文件“{name}”", fix))


def _source(pack: Pack, name: str, problems: list[Problem]) -> Source | None:
    try:
        return read_source(pack.root, name)
    except PackError as error:
        problems += error.problems
        return None


def _validate(
    source: Source,
    base: tuple[str | int, ...],
    model: type[Model],
    raw: Any,
    problems: list[Problem],
) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            problems.append(_schema_problem(source, base, dict(detail)))
        return None


def _schema_problem(source: Source, base: tuple[str | int, ...], detail: dict[str, Any]) -> Problem:
    path = (*base, *detail["loc"])
    key, kind = str(detail["loc"][-1]) if detail["loc"] else "", detail["type"]
    place = source.place(path)
    if kind == "model_type":
        return Problem("bad-section", place, "这里应是“键: 值”", "对照同类项目的写法")
    if kind == "extra_forbidden":
        return Problem("unknown-key", place, f"不认识的键“{key}”", "检查拼写或删去")
    if kind == "missing":
        return Problem("missing-key", place, f"缺少“{key}”", f"补上 {key}:")
    if kind == "literal_error":
        allowed = "、".join(re.findall(r"'([^']*)'", str(detail["ctx"]["expected"])))
        message = f"“{key}”的取值“{detail['input']}”不在允许范围"
        return Problem("bad-choice", place, message, f"可用：{allowed}")
    message = f"“{key}”的值“{detail['input']}”不合要求"
    return Problem("bad-value", place, message, "对照同类项目的写法")


def _content_hash(pack: Pack) -> str:
    digest = hashlib.sha256()
    for path in sorted(pack.root.rglob("*.yaml")):
        digest.update(path.relative_to(pack.root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    for base in pack.bases:
        digest.update(base.content_hash.encode())
    return digest.hexdigest()
