"""设备进项抵扣: invoice lines in, what may be credited out, every line left out with its reason.

The subsidy base of a policy is reckoned from the same lines but not by the same rule (a basis with
or without tax, a year of its own): both sums are told beside one another with what parts them.
Money in fen. Sources: parameters input_*, vat_rate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from jigai.taxes.amounts import to_fen
from jigai.taxes.law import Cite, Law, unique

SPECIAL, CUSTOMS, ORDINARY = "special", "customs", "ordinary"
KINDS = {SPECIAL: "增值税专用发票", CUSTOMS: "海关进口增值税专用缴款书", ORDINARY: "普通发票"}
# A line may differ by rounding of its own by this much (fen) before it counts as not adding up.
TOLERANCE = 1


@dataclass(frozen=True, slots=True)
class InputLine:
    """One line as held. ``None`` = not known; ``amount`` without tax, ``tax``, ``gross`` in fen.

    ``kind``: special, customs, ordinary or empty (unknown). ``red_of``: number of the original of
    a red letter. ``equipment``: whether the line is equipment at all. ``exempt_use``: 专用于免税、
    简易计税、集体福利. ``in_base``: whether the rule of the policy counts it to the subsidy base.
    """

    number: str
    issued: dt.date | None
    amount: int | None
    tax: int | None
    gross: int | None = None
    kind: str = SPECIAL
    item: str = ""
    void: bool = False
    red: bool = False
    red_of: str = ""
    buyer_matches: bool | None = True
    equipment: bool | None = True
    exempt_use: bool | None = False
    leased: bool = False
    in_base: bool | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with the verdict: yes (credited), offset (takes off), no, unknown; and why."""

    line: InputLine
    state: str
    why: str
    cites: tuple[Cite, ...] = ()

    @property
    def credited(self) -> int:
        """Input tax this line adds (fen, negative for a red letter that takes off)."""
        return int(self.line.tax or 0) if self.state in ("yes", "offset") else 0


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason the two sums differ: lines and amounts without tax (fen)."""

    why: str
    lines: tuple[InputLine, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class InputCredit:
    """The answer. ``credited`` input tax and ``amount`` its base without tax (fen).

    ``base_plain`` and ``base_gross``: subsidy base by the two bases a policy may take. ``gaps``
    lead from ``amount`` to ``base_plain`` to the fen: amount + in base only − credited only.
    """

    judged: tuple[Judged, ...]
    credited: int
    amount: int
    left_out: int
    unknown: int
    base_plain: int
    base_gross: int
    gaps: tuple[Gap, ...]
    cites: tuple[Cite, ...]

    @property
    def out(self) -> tuple[Judged, ...]:
        """Lines left out, and those nobody can tell yet."""
        return tuple(one for one in self.judged if one.state in ("no", "unknown"))


@dataclass(slots=True)
class _Seen:
    """What earlier lines settle for later ones."""

    keys: set[tuple[str, str, int | None, int | None]] = field(default_factory=set)
    credited: dict[str, int] = field(default_factory=dict)


def input_credit(
    lines: Sequence[InputLine], general: bool | None, claimed: dt.date, law: Law
) -> InputCredit:
    """Judge every line. ``general``: 一般纳税人 or not; ``claimed``: the day of claiming.

    Originals are judged before red letters, in the order given, so that a red letter meets its own.
    """
    seen = _Seen()
    order = sorted(range(len(lines)), key=lambda place: (lines[place].red, place))
    found: dict[int, Judged] = {}
    for place in order:
        found[place] = _judge(lines[place], general, claimed, law, seen)
        if found[place].state in ("yes", "offset"):
            number = lines[place].number
            seen.credited[number] = seen.credited.get(number, 0) + int(lines[place].tax or 0)
    judged = tuple(found[place] for place in range(len(lines)))
    taken = [one for one in judged if one.state in ("yes", "offset")]
    in_base = [one.line for one in judged if one.line.in_base]
    return InputCredit(
        judged,
        sum(one.credited for one in judged),
        sum(one.line.amount or 0 for one in taken),
        sum(abs(one.line.tax or 0) for one in judged if one.state == "no"),
        sum(abs(one.line.tax or 0) for one in judged if one.state == "unknown"),
        sum(line.amount or 0 for line in in_base),
        sum(_gross(line) for line in in_base),
        _gaps(judged),
        unique(cite for one in judged for cite in one.cites),
    )


def _gross(line: InputLine) -> int:
    return line.gross if line.gross is not None else (line.amount or 0) + (line.tax or 0)


def _judge(
    line: InputLine, general: bool | None, claimed: dt.date, law: Law, seen: _Seen
) -> Judged:
    for state, why in _plain(line, general, seen):
        return Judged(line, state, why)
    assert line.issued is not None
    start = law.on("input_credit_start", claimed)
    if not start.known or line.issued < start.value:
        return Judged(line, "no", f"开票日早于固定资产进项可抵的起日 {start.text}", (start,))
    late, cites = _late(line.issued, claimed, law)
    if late:
        return Judged(line, late[0], late[1], (start, *cites))
    wrong = _wrong_figures(line, law)
    if wrong:
        return Judged(line, "unknown", wrong[0], (start, *cites, *wrong[1]))
    if line.red:
        return _red(line, seen, (start, *cites))
    return Judged(line, "yes", "可以抵扣", (start, *cites))


def _plain(line: InputLine, general: bool | None, seen: _Seen) -> list[tuple[str, str]]:
    """The first reason that needs no law of the day, if there is one."""
    key = (line.number, line.item, line.amount, line.tax)
    twice = bool(line.number) and not line.red and key in seen.keys
    seen.keys.add(key)
    reasons = [
        (general is False, "no", "小规模纳税人不抵进项"),
        (line.void, "no", "已作废"),
        (twice, "no", "同一张发票的同一行重复"),
        (line.kind == ORDINARY, "no", "普通发票不是扣税凭证"),
        (line.equipment is False, "no", "不是设备"),
        (line.buyer_matches is False, "no", "购买方不是本企业"),
        (line.exempt_use is True, "no", "专用于免税、简易计税或集体福利"),
        (line.amount is None or line.tax is None, "unknown", "金额或税额认不出"),
        (line.issued is None, "unknown", "开票日认不出"),
        (not line.kind, "unknown", "发票种类不知道"),
        (general is None, "unknown", "是不是一般纳税人不知道"),
        (line.equipment is None, "unknown", "是不是设备不知道"),
        (line.buyer_matches is None, "unknown", "购买方没有核对"),
        (line.exempt_use is None, "unknown", "是否专用于免税项目不知道"),
    ]
    return [(state, why) for holds, state, why in reasons if holds][:1]


def _late(
    issued: dt.date, claimed: dt.date, law: Law
) -> tuple[tuple[str, str] | None, tuple[Cite, ...]]:
    """Whether the time for claiming has run out; the window was lifted from a day on."""
    if issued > claimed:
        return ("no", "开票日晚于勾选日"), ()
    lifted = law.on("input_window_lifted", claimed)
    if lifted.known and issued >= lifted.value:
        return None, (lifted,)
    window = law.on("input_window_days", issued)
    if not window.known:
        return ("unknown", "开票当日的认证期限没有登记"), (window,)
    if (claimed - issued).days > window.number:
        return ("no", f"超过认证期限（{window.text}）"), (window,)
    return None, (window,)


def _wrong_figures(line: InputLine, law: Law) -> tuple[str, tuple[Cite, ...]] | None:
    """Figures that do not add up, or more tax than the rate of the day allows."""
    assert line.issued is not None and line.amount is not None and line.tax is not None
    if line.gross is not None and abs(line.amount + line.tax - line.gross) > TOLERANCE:
        return "金额、税额、价税合计不平", ()
    rate = law.on("vat_rate", line.issued)
    most = to_fen(abs(line.amount) * rate.number) if rate.known else None
    if most is not None and abs(line.tax) > most + TOLERANCE:
        return f"税额多于当日税率（{rate.text}）", (rate,)
    return None


def _red(line: InputLine, seen: _Seen, cites: tuple[Cite, ...]) -> Judged:
    if not line.red_of:
        return Judged(line, "unknown", "红字没有写对应的蓝字发票", cites)
    if line.red_of not in seen.credited:
        return Judged(line, "no", "对应的蓝字发票没有抵扣，不用转出", cites)
    return Judged(line, "offset", f"红字，冲减 {line.red_of}", cites)


def _gaps(judged: Sequence[Judged]) -> tuple[Gap, ...]:
    """Lines only one of the two sums counts, by reason."""
    groups: dict[str, list[tuple[InputLine, int]]] = {}
    for one in judged:
        line, taken = one.line, one.state in ("yes", "offset")
        if line.in_base is None or bool(line.in_base) == taken:
            continue
        told = "抵不抵待核" if one.state == "unknown" else "不能抵进项"
        why = "可抵进项，不计入补助基数" if taken else f"计入补助基数，{told}：{one.why}"
        sign = -1 if taken else 1
        groups.setdefault(why, []).append((line, sign * (line.amount or 0)))
    return tuple(
        Gap(why, tuple(line for line, _ in rows), sum(fen for _, fen in rows))
        for why, rows in groups.items()
    )
