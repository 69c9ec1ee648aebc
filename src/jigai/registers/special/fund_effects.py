"""Figures before and after support, for one project and for a measure; pure.

Money in fen, energy in t of standard coal. What nobody reported stays out of both sides: a total
is only of projects that have the figure before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jigai.core.screens import formats

FIGURES = {"investment": "固定资产投资", "output": "产值", "tax": "实缴税收", "energy": "综合能耗"}
MONEY = ("investment", "output", "tax")
Numbers = Mapping[str, Decimal | int | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure before and after; ``None`` where nobody reported it."""

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def known(self) -> bool:
        """Whether both sides were reported."""
        return self.before is not None and self.after is not None

    @property
    def change(self) -> Decimal | None:
        """After less before."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def rate(self) -> Fraction | None:
        """The change as a share of before; ``None`` where before is nothing."""
        if self.change is None or not self.before:
            return None
        return Fraction(self.change) / Fraction(self.before)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it is written; ``count`` projects are behind it."""

    name: str
    count: int
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Funded:
    """A supported project: who, what by which measure, how much (fen), and its year."""

    enterprise: int
    name: str
    project: str
    measures: tuple[str, ...]
    fen: int
    year: int


@dataclass(frozen=True, slots=True)
class Effect:
    """A supported project with its figures; ``intensity`` is energy for 万元 of output."""

    funded: Funded
    pairs: Mapping[str, Pair]
    intensity: Pair

    @property
    def lines(self) -> list[Line]:
        """Every figure as written, the intensity last."""
        return [*(_line(code, pair, 1) for code, pair in self.pairs.items()),
                _line("intensity", self.intensity, 1)]  # fmt: skip

    @property
    def look(self) -> str:
        """The badge it is drawn with."""
        return {"none": "missing", "part": "pending", "all": "done"}[self.state]

    @property
    def word(self) -> str:
        """How much is reported, in words."""
        return {"none": "没有可比的数", "part": "部分填报", "all": "填报齐全"}[self.state]

    @property
    def reported(self) -> int:
        """How many of the figures are there on both sides."""
        return sum(pair.known for pair in self.pairs.values())

    @property
    def state(self) -> str:
        """``none``, ``part`` or ``all`` of the figures are there."""
        return {0: "none", len(FIGURES): "all"}.get(self.reported, "part")


@dataclass(slots=True)
class Summary:
    """A measure: projects, money, and each figure over the projects that have both sides."""

    measure: str
    projects: int = 0
    fen: int = 0
    unreported: int = 0
    pairs: dict[str, Pair] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """Every figure as written, with the number of projects behind it."""
        none = Pair("", None, None)
        return [
            replace(_line(code, self.pairs.get(code, none), self.counts.get(code, 0)), name=word)
            for code, word in FIGURES.items()
        ]


def _line(code: str, pair: Pair, count: int) -> Line:
    return Line(
        pair.name, count, _text(code, pair.before), _text(code, pair.after), _change(code, pair)
    )


def _text(code: str, value: Decimal | None) -> str:
    if value is None:
        return "—"
    if code in MONEY:
        return formats.wan(int(value))
    places = Decimal("0.0001") if code == "intensity" else Decimal("0.01")
    return f"{value.quantize(places, ROUND_HALF_UP):,f}"


def _change(code: str, pair: Pair) -> str:
    if pair.change is None:
        return "—"
    sign = "+" if pair.change > 0 else ""
    told = f"{sign}{_text(code, pair.change)}"
    if pair.rate is None:
        return told
    share = Decimal(pair.rate.numerator) * 100 / Decimal(pair.rate.denominator)
    return f"{told}（{sign}{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%）"


def effects(
    funded: Iterable[Funded],
    reported: Mapping[tuple[int, str, int], Numbers],
    before: int,
    after: int,
) -> list[Effect]:
    """Each supported project ``before`` years before and ``after`` years after its year."""
    found = []
    for one in funded:
        key = (one.enterprise, one.project)
        first = reported.get((*key, one.year - before), {})
        last = reported.get((*key, one.year + after), {})
        pairs = {c: Pair(w, _number(first, c), _number(last, c)) for c, w in FIGURES.items()}
        found.append(Effect(one, pairs, _intensity(pairs)))
    return found


def _number(row: Numbers, code: str) -> Decimal | None:
    value = row.get(code)
    return None if value is None else Decimal(value)


def _intensity(pairs: Mapping[str, Pair]) -> Pair:
    sides = [
        None if energy is None or not output else energy / (output / 1_000_000)
        for energy, output in (
            (pairs["energy"].before, pairs["output"].before),
            (pairs["energy"].after, pairs["output"].after),
        )
    ]
    return Pair("单位产值能耗", sides[0], sides[1])


def summaries(rows: Sequence[Effect]) -> list[Summary]:
    """One line a measure; a project under several measures counts for each."""
    found: dict[str, Summary] = {}
    for row in rows:
        for measure in row.funded.measures:
            one = found.setdefault(measure, Summary(measure))
            one.projects += 1
            one.fen += row.funded.fen
            one.unreported += row.state == "none"
            for code, pair in row.pairs.items():
                _add(one, code, pair)
    return list(found.values())


def _add(one: Summary, code: str, pair: Pair) -> None:
    if pair.before is None or pair.after is None:
        return
    held = one.pairs.get(code, Pair(pair.name, Decimal(0), Decimal(0)))
    assert held.before is not None and held.after is not None
    one.pairs[code] = Pair(pair.name, held.before + pair.before, held.after + pair.after)
    one.counts[code] = one.counts.get(code, 0) + 1
