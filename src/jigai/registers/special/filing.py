"""Whether a project has its 备案 or 核准, and whether what changed has a new certificate.

企业投资项目核准和备案管理条例（国务院令第673号，2017-02-01 施行）第十二条 (an approval not
begun within two years), 第十四条 (a filed project that changes much is told to the organ);
企业投资项目核准和备案管理办法（国家发展改革委令第2号）第三十七条、第三十八条、第四十三条. None says
from which share on a change of investment is large: until somebody sets it, the difference is shown
and not judged.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

VALID, NONE, CHANGED, EXPIRED, UNKNOWN = (
    "valid", "none", "changed-without-new-certificate", "expired", "unknown",
)  # fmt: skip
WORDS = {
    VALID: "有效", NONE: "没有证据", CHANGED: "变更未换证", EXPIRED: "已失效",
    UNKNOWN: "不能认定",
}  # fmt: skip
LOOKS = {
    VALID: "done", NONE: "warning", CHANGED: "rejected", EXPIRED: "rejected", UNKNOWN: "warning",
}  # fmt: skip
FILING, APPROVAL = "filing", "approval"
KINDS = {FILING: "备案", APPROVAL: "核准"}
CHANGES = {
    "enterprise": "项目单位", "location": "建设地点", "content": "建设内容", "scale": "建设规模",
    "investment": "总投资", "name": "项目名称", "other": "其他",
}  # fmt: skip
NOTICE = "国务院令第673号第十四条：备案信息发生较大变更的应及时告知备案机关"
APPROVED_CHANGE = "国家发展改革委令第2号第三十七条：已核准项目的变更要申请"
EXPIRY = "国务院令第673号第十二条、国家发展改革委令第2号第三十八条"
_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
_YEARS, _DIGITS = 2, 20


@dataclass(frozen=True, slots=True)
class Record:
    """A certificate as registered. ``started`` is whether and when building began: a day, ``False``
    for "not begun", ``None`` where nobody said."""

    key: int
    code: str
    name: str
    kind: str
    certificate: str
    organ: str
    decided: dt.date
    enterprise: int | None
    firm: str
    region: str
    location: str
    invest: int | None
    started: dt.date | bool | None = None
    extended: dt.date | None = None
    valid_to: dt.date | None = None
    ends: dt.date | None = None

    @property
    def citation(self) -> str:
        """Certificate, organ and day."""
        return f"{self.organ} {self.decided} {KINDS[self.kind]}，{self.certificate}"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a filed project: effective from ``on``; a new certificate, if it has one."""

    key: int
    record: int
    what: str
    on: dt.date
    told: str
    certificate: str = ""
    certified: dt.date | None = None

    def open_on(self, day: dt.date) -> bool:
        """Whether it had happened by the day and no new certificate was there."""
        return self.on <= day and not self.settled_on(day)

    def settled_on(self, day: dt.date) -> bool:
        """Whether the new certificate was there by the day."""
        return bool(self.certificate) and self.certified is not None and self.certified <= day


@dataclass(frozen=True, slots=True)
class FilingState:
    """How a project stands on a day: state, the record it rests on, why, and the clause or
    certificate to cite; ``open`` are the changes without a new certificate."""

    state: str
    why: str
    citation: str = ""
    record: Record | None = None
    open: tuple[Change, ...] = ()

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def look(self) -> str:
        """The badge."""
        return LOOKS[self.state]


def is_code(text: str) -> bool:
    """24 signs in five groups (GB/T 40058-2021). The check sign is not computed: the rule is not
    at hand."""
    return _CODE.fullmatch(text.strip()) is not None


def plain_code(text: str) -> str:
    """A code as the standard writes it, however a ledger did; other text only without spaces."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    if len(digits) == _DIGITS:
        return "-".join(digits[a:b] for a, b in ((0, 4), (4, 10), (10, 12), (12, 14), (14, 20)))
    return _plain(text)


def state_of(records: Sequence[Record], changes: Iterable[Change], on: dt.date) -> FilingState:
    """The state by the records of one project, of which the latest decided by the day counts."""
    known = [r for r in records if r.decided <= on]
    if not known:
        later = min((r.decided for r in records), default=None)
        why = f"{later} 才办理备案核准" if later else "没有登记备案证或核准文件"
        return FilingState(NONE, why, "国务院令第673号第三条")
    record = max(known, key=lambda r: (r.decided, r.key))
    if record.ends is not None and record.ends <= on:
        return FilingState(
            EXPIRED, f"备案核准记录自 {record.ends} 起撤销或移出", record.citation, record
        )
    lapsed = _lapse(record, on)
    if lapsed is not None and lapsed.state == EXPIRED:
        return lapsed
    mine = tuple(c for c in changes if c.record == record.key and c.open_on(on))
    if mine:
        told = "、".join(dict.fromkeys(CHANGES.get(c.what, c.what) for c in mine))
        clause = NOTICE if record.kind == FILING else APPROVED_CHANGE
        return FilingState(CHANGED, f"{told}有变更，还没有新证", clause, record, mine)
    return lapsed or FilingState(VALID, "备案核准在有效状态", record.citation, record)


def _lapse(record: Record, on: dt.date) -> FilingState | None:
    """Why a certificate no longer counts, or nobody can tell; ``None`` where it does."""
    if record.valid_to is not None and on > record.valid_to:
        return FilingState(EXPIRED, f"证上写明有效到 {record.valid_to}", record.citation, record)
    if record.kind != APPROVAL:
        return None
    until = max(_years_after(record.decided, _YEARS), record.extended or dt.date.min)
    if on <= until:
        return None
    started = record.started
    if isinstance(started, dt.date) and started <= until:
        return None
    if started is None:
        why = f"核准期限到 {until}，有没有在期限内开工没有登记"
        return FilingState(UNKNOWN, why, EXPIRY, record)
    return FilingState(EXPIRED, f"核准期限到 {until}，期限内没有开工", EXPIRY, record)


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 2, 28)


@dataclass(frozen=True, slots=True)
class Stored:
    """A project as the library keeps it; ``filing_no`` is what the ledger says of a certificate."""

    key: int
    name: str
    region: str
    code: str
    enterprise: int | None
    firm: str
    invest: int | None
    filing_no: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Project and certificate differ: ``judged`` is whether that has to be told to the organ,
    ``None`` where no document says from which size on."""

    what: str
    project: str
    certificate: str
    judged: bool | None
    clause: str = ""


def compare(project: Stored, record: Record, share: Fraction | None = None) -> list[Difference]:
    """What differs between a project and its certificate.

    ``share`` is the share of the certified investment from which on a difference counts as large;
    nobody has set it while ``None``. Construction content is not in the ledger and not compared.
    """
    clause = NOTICE if record.kind == FILING else APPROVED_CHANGE
    found = []
    if _differ(project.enterprise, record.enterprise, project.firm, record.firm):
        found.append(Difference("项目单位", project.firm, record.firm, True, clause))
    if project.region and record.region and not _same_place(project.region, record.region):
        found.append(Difference("建设地点", project.region, record.region, True, clause))
    if project.code and record.code and plain_code(project.code) != plain_code(record.code):
        found.append(
            Difference("项目代码", project.code, record.code, True, "国务院令第673号第四条")
        )
    if project.filing_no and _plain(project.filing_no) not in (
        _plain(record.certificate), _plain(record.code),
    ):  # fmt: skip
        found.append(Difference("备案号", project.filing_no, record.certificate, None))
    if project.invest is not None and record.invest is not None and project.invest != record.invest:
        found.append(_investment(project.invest, record.invest, share, clause))
    return found


def _investment(now: int, then: int, share: Fraction | None, clause: str) -> Difference:
    large = None
    if share is not None:
        large = abs(now - then) >= share * then
    return Difference("总投资", _wan(now), _wan(then), large, clause if large else "")


def _wan(fen: int) -> str:
    return f"{fen // 1_000_000:,}.{fen // 100 % 10_000:04d} 万元"


def _differ(left: int | None, right: int | None, name: str, other: str) -> bool:
    if left is not None and right is not None:
        return left != right
    return bool(name and other) and _plain(name) != _plain(other)


def _same_place(left: str, right: str) -> bool:
    return left.startswith(right) or right.startswith(left)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def same_name(left: str, right: str) -> bool:
    """Whether two project names are one but for spaces and full-width signs."""
    return _plain(left) == _plain(right)


def match(project: Stored, records: Iterable[Record]) -> list[Record]:
    """Records of a project: by code, else those of its enterprise under the same name."""
    rows = list(records)
    code = plain_code(project.code)
    by_code = [r for r in rows if code and plain_code(r.code) == code]
    if by_code:
        return by_code
    return [
        r for r in rows
        if same_name(r.name, project.name)
        and not _differ(project.enterprise, r.enterprise, project.firm, r.firm)
    ]  # fmt: skip


def judged(
    project: Stored, records: Iterable[Record], changes: Iterable[Change], on: dt.date,
    share: Fraction | None = None,
) -> tuple[FilingState, list[Difference]]:  # fmt: skip
    """State and differences of a project; a difference that must be told means that it changed
    without a new certificate."""
    told = list(changes)
    state = state_of(match(project, records), told, on)
    if state.record is None:
        return _claimed(state, project), []
    certified = {c.what for c in told if c.record == state.record.key and c.settled_on(on)}
    differences = [_settled(d, certified) for d in compare(project, state.record, share)]
    must = [d for d in differences if d.judged and d.what in _WHAT]
    if must and state.state in (VALID, UNKNOWN):
        names = "、".join(d.what for d in must)
        state = FilingState(
            CHANGED, f"{names}与证上不同，没有登记变更和新证", must[0].clause, state.record
        )
    return state, differences


_WHAT = {"项目单位": "enterprise", "建设地点": "location", "总投资": "investment"}


def _claimed(state: FilingState, project: Stored) -> FilingState:
    """Without a certificate, what the ledger says of one is told and proves nothing."""
    if not project.filing_no:
        return state
    return replace(state, why=f"{state.why}；台账写的备案号是“{project.filing_no}”，没有证据可查")


def _settled(one: Difference, certified: set[str]) -> Difference:
    """A difference that a change with a new certificate explains needs nothing more."""
    if _WHAT.get(one.what) in certified:
        return replace(one, judged=False, clause="变更已换证")
    return one
