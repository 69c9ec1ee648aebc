"""What figures in a mistaken unit probably are: a proposal for a person, never a conversion."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.projects.monthly.checks import STANDARD, Entry, Limits, oversized

# What was taken for one and written in the other: 元 for 万元, 元 for 千元, 千元 for 万元 …
_MISTAKES = ((10_000, "元误作万元"), (1_000, "元误作千元"), (100_000_000, "元误作亿元"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Figures in fen as they would be, and the mistake supposed."""

    current: int | None
    cumulative: int | None
    mistake: str


def propose(entry: Entry, reached: int, limits: Limits = STANDARD) -> Proposal | None:
    """The likeliest meaning of an entry whose unit is suspect, ``None`` when none fits.

    ``reached`` is the cumulative figure of the last accepted month. A proposal must be exact in
    fen, must not be too large any more, and must not fall below what was reached.
    """
    wrong = oversized(entry, limits)
    if not wrong:
        return None
    for factor, mistake in _MISTAKES:
        made = _divided(entry, wrong, factor)
        if made is None or oversized(made, limits):
            continue
        if made.cumulative is not None and made.cumulative < reached:
            continue
        return Proposal(made.current, made.cumulative, mistake)
    return None


def _divided(entry: Entry, wrong: frozenset[str], factor: int) -> Entry | None:
    figures = {"current": entry.current, "cumulative": entry.cumulative}
    for name in wrong:
        value, rest = divmod(figures[name] or 0, factor)
        if rest:
            return None
        figures[name] = value
    return Entry(
        entry.month, figures["current"], figures["cumulative"], entry.year_plan, entry.total
    )
