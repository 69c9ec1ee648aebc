"""Numerals of the original text, clause by clause, against the numbers a pack has written down."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from jigai.rules.errors import Problem
from jigai.rules.loader import Pack
from jigai.rules.schema import Clause

_DIGITS = "零〇一二两三四五六七八九十百千半"
# What may follow a Chinese numeral that counts something. 轮 and 批 are left out: 新一轮, 一批.
_MEASURES = (
    "年|个|项|次|户|家|台|套|人|亩|吨|元|万|亿|天|日|周|月|季|倍|成|强|新|化|大|类|级|档|款|条|份|"
    "分之|位|名|座|只|件|期|方面|领域|行业|工程|以上|左右"
)
_CHINESE = re.compile(
    rf"十[一二三四五六七八九]五|百分之[{_DIGITS}]+|零增地|(?<![{_DIGITS}同统唯第逐])[{_DIGITS}]+(?=[”’》]?(?:{_MEASURES}))"
)
_ARABIC = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:[%‰]|[万亿])?")
_LABEL = re.compile(
    rf"^\s*(?:[（(]?[{_DIGITS}]+[)）、.．]|[（(]\d+[)）]|\d+[、.．](?!\d)|[①-⑳]|第[{_DIGITS}]+[条章节])",
    re.MULTILINE,
)
_SPACE = re.compile(r"\s+")
# Idioms in which the numeral counts nothing.
_IDIOMS = re.compile(r"一个时期|十分|万一|一方面|一定程度|一级政府|半成品|千方百计|一系列")


def plain(text: str) -> str:
    """Half-width characters without spaces and thousands separators; enumeration labels gone."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", _LABEL.sub("", text)))


def numerals(text: str) -> list[str]:
    """Numerals of a stretch of text in order: ``500万``, ``3%``, ``2020``, ``三``, ``十四五``."""
    normal = _IDIOMS.sub("", plain(text))
    found = [(m.start(), m.group().replace(",", "")) for m in _ARABIC.finditer(normal)]
    found += [(m.start(), m.group()) for m in _CHINESE.finditer(normal)]
    return [numeral for _, numeral in sorted(found)]


def clause_places(text: str, clauses: Sequence[Clause]) -> list[tuple[Clause, int | None]]:
    """Where each clause begins in ``text``; ``None`` where its anchor is not found in order."""
    places: list[tuple[Clause, int | None]] = []
    position = 0
    for clause in clauses:
        found = _anchor(clause.anchor).search(text, position) if clause.anchor else None
        places.append((clause, found.start() if found else None))
        position = found.end() if found else position
    return places


def split_clauses(text: str, clauses: Sequence[Clause]) -> Iterator[tuple[Clause, str | None]]:
    """Each clause with its stretch of ``text``; ``None`` where its anchor is not found in order."""
    places = clause_places(text, clauses)
    starts = [start for _, start in places if start is not None]
    for clause, start in places:
        if start is None:
            yield clause, None
        else:
            later = [other for other in starts if other > start]
            yield clause, text[start : later[0] if later else len(text)]


def _anchor(anchor: str) -> re.Pattern[str]:
    """The anchor with any spaces between its characters."""
    return re.compile(r"\s*".join(re.escape(char) for char in _SPACE.sub("", anchor)))


def numeral_problems(pack: Pack, text: str) -> list[Problem]:
    """Numerals of the original missing from the facts of their clause.

    Each occurrence needs a fact of its own: two caps of 100万元 are two facts. Numbers of
    documents that stand in ``number`` or ``upstream`` are left out.
    """
    numbers = [pack.identity.number, *(up.number for up in pack.identity.upstream)]
    problems: list[Problem] = []
    for clause, stretch in split_clauses(text, pack.clauses):
        if stretch is None:
            message = f"原文里没有按次序找到“{clause.anchor}”"
            place = pack.place(clause, "anchor" if clause.anchor else "id")
            problems.append(
                Problem("anchor-not-found", place, message, "照抄条款开头几个字", clause.id)
            )
            continue
        left = plain(stretch)
        for number in filter(None, numbers):
            left = left.replace(plain(str(number)), "。")
        stated: Counter[str] = Counter()
        for fact in clause.facts:
            stated.update(numerals(fact.token))
        for numeral, count in (Counter(numerals(left)) - stated).items():
            times = f"（{count}处）" if count > 1 else ""
            message = f"原文的数“{numeral}”{times}没有写进这一条的 facts"
            fix = "补一条 fact，token 照原文写"
            problems.append(Problem("missing-numeral", pack.place(clause), message, fix, clause.id))
    return problems
