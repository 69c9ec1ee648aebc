"""Random procedures whose steps wait only for steps before them in a hidden order."""

from __future__ import annotations

from hypothesis import strategies as st

from jigai.cases.flow.shapes import Procedure, Step

NAMES = ("受理", "县级审核", "专家评审（含现场核查）", "ISO 9001 认证复核", "联合会审", "审定")


@st.composite
def procedures(draw: st.DrawFn, *, most: int = 30) -> Procedure:
    """Acyclic, written in any order, with days from none to thirty."""
    # One byte string instead of many draws: a thousand examples must stay cheap.
    count = draw(st.integers(1, most))
    chance = draw(st.binary(min_size=4 * count, max_size=4 * count))
    days, waits = chance[:count], chance[count:]
    steps = [
        Step(f"s{at}", NAMES[days[at] % len(NAMES)], days=days[at] % 31, after=_after(waits, at))
        for at in range(count)
    ]
    return Procedure(steps=tuple(sorted(steps, key=lambda step: waits[int(step.id[1:])])))


def _after(waits: bytes, at: int) -> tuple[str, ...]:
    """Up to three earlier steps; a third of the bytes name none."""
    three = waits[3 * at : 3 * at + 3]
    return tuple(f"s{one}" for one in sorted({w % at for w in three if at and w % 3}))
