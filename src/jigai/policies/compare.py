"""What differs between two packs: item by item, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from jigai.policies.compare_words import EXPECTED, label_of, words_of
from jigai.policies.words import fact_text
from jigai.rules import schema
from jigai.rules.loader import Pack
from jigai.rules.schema_programme import PROGRAMME

_KINDS = ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# Label and text of every field that says something, in the order of the file.
Fields = dict[str, str]
# Key of an item inside its section, name, clause, fields.
Item = tuple[str, str, str, Fields]
Row = dict[str, Any]


def compare_packs(old: Pack | None, new: Pack) -> dict[str, Any]:
    """Sections with differences, and how many items were added, removed and changed in all.

    Without ``old`` everything is new. The packs extended are compared as well, under their names.
    Rows are ``{change, code, name, clause, fields}`` with fields ``[label, before, after]``.
    """
    sections = [section for section in _sections(old, new) if section["rows"]]
    counts = {
        kind: sum(section[kind] for section in sections) for kind in (ADDED, REMOVED, CHANGED)
    }
    return {"sections": sections, "counts": counts}


def _sections(old: Pack | None, new: Pack) -> Iterator[dict[str, Any]]:
    for code, title, items in _SECTIONS:
        yield _section(code, title, items(old) if old else (), items(new))
    before = {base.root.name: base for base in _bases(old)}
    after = {base.root.name: base for base in _bases(new)}
    for folder in {**before, **after}:
        one, two = before.get(folder), after.get(folder)
        for code, title, items in _SECTIONS:
            told = f"引用的 {folder}：{title}"
            found = items(one) if one else (), items(two) if two else ()
            yield _section(f"{folder}-{code}", told, *found)


def _bases(pack: Pack | None) -> list[Pack]:
    return [member for base in pack.bases for member in base.family()] if pack else []


def _section(code: str, title: str, old: Iterable[Item], new: Iterable[Item]) -> dict[str, Any]:
    rows = list(_rows(list(old), list(new)))
    counts = {
        kind: sum(row["change"] == kind for row in rows) for kind in (ADDED, REMOVED, CHANGED)
    }
    return {"code": code, "title": title, **counts, "rows": rows}


def _rows(old: list[Item], new: list[Item]) -> Iterator[Row]:
    """Differences in the order of the new version; what is gone comes last."""
    before = {item[0]: item for item in old}
    kept = {item[0] for item in new}
    for key, name, clause, fields in new:
        known = before.get(key)
        if known is None:
            yield _row(ADDED, key, name, clause, {}, fields)
        elif known[3] != fields:
            yield _row(CHANGED, key, name, clause, known[3], fields)
    for key, name, clause, fields in old:
        if key not in kept:
            yield _row(REMOVED, key, name, clause, fields, {})


def _row(kind: str, code: str, name: str, clause: str, before: Fields, after: Fields) -> Row:
    labels = {**after, **before}
    ordered = [label for label in labels if before.get(label, "") != after.get(label, "")]
    return {
        "change": kind,
        "code": code,
        "name": name,
        "clause": clause,
        "fields": [[label, before.get(label, ""), after.get(label, "")] for label in ordered],
    }


def _fields(item: BaseModel, *left_out: str) -> Fields:
    """Every field that was written, apart from the identifier."""
    data = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        label_of(key): words_of(value)
        for key, value in data.items()
        if key not in {"id", *left_out} and words_of(value)
    }


def _identity(pack: Pack) -> Iterator[Item]:
    yield pack.identity.id, pack.identity.title, "", _fields(pack.identity)


def _clauses(pack: Pack) -> Iterator[Item]:
    for clause in pack.clauses:
        yield clause.id, clause.heading, clause.id, _fields(clause, "facts")


def _numbers(pack: Pack) -> Iterator[Item]:
    """Numbers of the document; a number that moved to another clause has changed."""
    for clause in pack.clauses:
        for fact in clause.facts:
            fields = {"条款": clause.id, "数值": fact_text(fact)}
            fields |= _fields(fact, "value", "unit", "comparator")
            yield fact.id, fact.what, clause.id, fields


def _parameters(pack: Pack) -> Iterator[Item]:
    """A parameter with one field for each dated value."""
    for parameter in pack.parameters:
        fields = _fields(parameter, "values")
        for dated in parameter.values:
            fields[f"{dated.since} 起"] = _dated(dated)
        if not parameter.values and not parameter.formula:
            fields["取值"] = "未定"
        yield parameter.id, parameter.name, parameter.clause, fields


def _dated(dated: schema.DatedValue) -> str:
    more = [f"至 {dated.to}" if dated.to else "", dated.reference, dated.approver]
    listed = "，".join(part for part in more if part)
    return f"{dated.value}（{listed}）" if listed else dated.value


def _readings(pack: Pack) -> Iterator[Item]:
    for reading in pack.readings:
        fields = _fields(reading, "options")
        for key, option in reading.options.items():
            fields[f"选项 {key}"] = f"{option.word}：{option.means}"
        yield reading.id, reading.name, reading.clause, fields


def _terms(pack: Pack) -> Iterator[Item]:
    for term in pack.vocabulary:
        yield term.id, term.term, "", _fields(term)
    for fact in pack.facts:
        yield fact.id, fact.term, fact.clause, _fields(fact)


def _examples(pack: Pack) -> Iterator[Item]:
    for example in pack.examples:
        fields = _fields(example, "name", "expect")
        for key, value in example.expect.items():
            fields[f"应得{EXPECTED.get(key, key)}"] = words_of(value)
        yield example.name, example.name, example.clause, fields


def _gates(pack: Pack) -> Iterator[Item]:
    yield from _plain(pack.measures.gates)


def _measures(pack: Pack) -> Iterator[Item]:
    yield from _plain(pack.measures.measures)


def _limits(pack: Pack) -> Iterator[Item]:
    """What comes after the measures: validity, selection, pooled caps, rankings, budgets."""
    rules = pack.measures
    for key, name, item in (
        ("validity", "有效期按哪一天", rules.validity),
        ("selection", "选择与名额", rules.selection),
    ):
        if item is not None:
            yield key, name, item.clause, _fields(item)
    yield from _plain((*rules.pooled_caps, *rules.rankings, *rules.budgets))


def _plain(items: Iterable[Any]) -> Iterator[Item]:
    for item in items:
        yield item.id, item.name, item.clause, _fields(item)


def _programme(section: str) -> Callable[[Pack], Iterator[Item]]:
    return lambda pack: _plain(getattr(pack, section))


_SECTIONS: tuple[tuple[str, str, Callable[[Pack], Iterable[Item]]], ...] = (
    ("identity", "文件信息", _identity),
    ("clauses", "条款", _clauses),
    ("numbers", "条款中的数值", _numbers),
    ("parameters", "参数", _parameters),
    ("readings", "读法", _readings),
    ("gates", "资格门", _gates),
    ("measures", "措施", _measures),
    ("limits", "选择与限额", _limits),
    *((name, title, _programme(name)) for name, _model, title in PROGRAMME),
    ("terms", "词汇与派生事实", _terms),
    ("examples", "举例", _examples),
)
