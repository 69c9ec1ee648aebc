"""The shape of a procedure as data: steps, who does them, limits, evidence, forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from jigai.core.fields.shapes import Field, only, read_field, text, truth, whole
from jigai.errors import JigaiError

# What a procedure is in law decides what 补正 does and which times stop the clock.
KINDS = {
    "licensing": "行政许可", "filing": "备案", "subsidy": "奖补申报", "service": "公共服务",
    "internal": "内部事项", "complaint": "举报投诉",
}  # fmt: skip
APPLICANTS = {"enterprise": "企业", "bureau": "主管部门", "public": "社会公众"}
MODES = {"one": "单人办理", "all": "会签", "any": "或签", "vote": "票决"}
# A decision may end the case, an opinion is only recorded, a task is done or not done, and a wait
# passes by itself after its days.
DEEDS = {"decision": "决定", "opinion": "意见", "task": "办理", "wait": "等候"}
LEVELS = {"own": "办理地本级", "county": "县级", "city": "市级", "province": "省级"}
# 行政许可法 45: 听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审 do not count; the others are for
# procedures that are not licences.
LISTED_PAUSES = {
    "hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验",
    "testing": "检测", "quarantine": "检疫", "appraisal": "鉴定", "expert": "专家评审",
}  # fmt: skip
PAUSES = {**LISTED_PAUSES, "correction": "补正", "publicity": "公示", "other": "其他"}
LICENSING = frozenset({"licensing"})
# Nobody applies for these: a house looks after its own affairs, or after what it was told of.
WITHOUT_APPLICATION = frozenset({"internal", "complaint"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of working days and what it rests on."""

    days: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Who a task goes to: a department by line and level, the applicant, a pool, a person, or
    whoever holds a capability.

    ``line`` is a department's line (工业和信息化: ``miit``), ``level`` the level of the region or
    one above; ``pool`` is the code of a role; ``person`` a user name; ``capability`` goes to any
    one of those who hold it over the region of the case. Exactly one of ``line``, ``applicant``,
    ``pool``, ``person`` and ``capability`` is set. ``apart`` keeps somebody out of a task of a
    capability (双人): ``starter``, who began the case, or who did the step of that id; nor may a
    deputy do it with that person's rights.
    """

    line: str = ""
    level: str = "own"
    applicant: bool = False
    pool: str = ""
    person: str = ""
    capability: str = ""
    apart: str = ""


STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote passes with ``numerator``/``denominator`` of the votes cast, at least ``quorum``."""

    numerator: int = 1
    denominator: int = 2
    quorum: int = 1
    # More than the share, or at least the share.
    more_than: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``after`` are the steps it waits for; ``days`` its limit in working days.

    ``refuse`` says what a refusal does: ``end`` the case, ``record`` it only, or ``return:<step>``.
    ``write`` are the fields filled here, ``hide`` those not shown here. ``when`` skips the step
    where it is false. ``pauses`` are kinds of pause that may be used here. ``until`` names a date
    field: a wait ends with that day instead of after ``days``.
    """

    id: str
    name: str
    after: tuple[str, ...] = ()
    who: tuple[Unit, ...] = ()
    mode: str = "one"
    vote: Vote = field(default_factory=Vote)
    deed: str = "decision"
    days: int = 0
    basis: str = ""
    refuse: str = "end"
    write: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    when: str = ""
    pauses: tuple[str, ...] = ()
    accepts: bool = False
    until: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A material to hand in. ``deferrable`` (可容缺) ones may follow within ``days`` working days;
    ``shared`` names where the platform has it already, so that nobody hands it in again."""

    id: str
    name: str
    required: bool = True
    deferrable: bool = False
    days: int = 0
    when: str = ""
    shared: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What 补正 does where the law leaves it to the round: whether it stops the clock, how often
    it may be asked, how long the applicant has and what silence means (``withdrawn``/``continue``).
    """

    pauses: bool = True
    times: int = 1
    days: int = 5
    silence: str = "withdrawn"


@dataclass(frozen=True, slots=True)
class Extension:
    """How often and by how much the limit may be extended, and on what basis."""

    days: int = 0
    times: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true to apply by this procedure, what is said where it is not, its clause."""

    rule: str
    say: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: at ``left`` working days to the limit (negative: overdue by), to
    whom: ``handler``, ``chief``, ``leader`` or ``above``, the department of the same line one level
    up, which from then on sees the case (抄送)."""

    left: int
    to: str


@dataclass(frozen=True, slots=True)
class Check:
    """A look at the facts after the conclusion (履约核查), due ``days`` working days after it."""

    id: str
    name: str
    days: int
    basis: str = ""


LADDER = (Rung(1, "handler"), Rung(-1, "chief"), Rung(-3, "leader"))
RUNG_TO = {
    "handler": "办理人", "chief": "科室负责人", "leader": "分管领导", "above": "上一级同条线部门",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything that versions of a procedure may change.

    ``limit`` is the statutory limit of the whole, ``promise`` the shorter one promised; without
    either the critical path of the steps is the limit. ``title`` is the field that names a case.
    ``visits`` is how often an applicant should have to come (0: not promised). ``gates`` are the
    checks asked of other rooms (``credit``). ``item`` is the approval item it carries out.
    ``checks`` follow an agreement, because it rests on what the applicant promised.
    """

    kind: str = "service"
    applicant: str = "enterprise"
    fields: tuple[Field, ...] = ()
    title: str = ""
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] = ()
    limit: Limit | None = None
    promise: Limit | None = None
    correction: Correction = field(default_factory=Correction)
    extension: Extension = field(default_factory=Extension)
    conditions: tuple[Condition, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    ladder: tuple[Rung, ...] = LADDER
    gates: tuple[str, ...] = ()
    item: str = ""
    visits: int = 0
    commitment: str = ""
    checks: tuple[Check, ...] = ()

    def step(self, name: str) -> Step:
        """A step by id."""
        return next(step for step in self.steps if step.id == name)

    @property
    def is_licensing(self) -> bool:
        """Whether 行政许可法 fixes what 补正 and pauses do."""
        return self.kind in LICENSING

    @property
    def counts_visits(self) -> bool:
        """Whether somebody from outside applies, who may have to come in person (跑动)."""
        return self.applicant != "bureau" and self.kind not in WITHOUT_APPLICATION

    @property
    def acceptance(self) -> Step | None:
        """The step that accepts (受理); ``None`` where handing in is enough."""
        return next((step for step in self.steps if step.accepts), None)

    def content(self) -> dict[str, Any]:
        """As kept and hashed: plain data, the same for equal procedures, read by
        :func:`read_procedure`."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=dict))
        for item, kept in zip(self.fields, plain["fields"], strict=True):
            # Stored objects lose the order of their keys.
            kept["options"] = [[code, word] for code, word in item.options.items()]
        return plain

    @property
    def sha256(self) -> str:
        """Hash of the content."""
        kept = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(kept.encode()).hexdigest()


def read_procedure(content: Mapping[str, Any]) -> Procedure:
    """The procedure in plain data (a content file, a stored version, the designer's form).

    A step without ``after`` follows the one before it. Raises :class:`JigaiError`
    (``procedure-shape``) for keys or words that do not exist; what is wrong between the parts is
    found by :mod:`jigai.cases.flow.lint`.
    """
    _only(content, Procedure, "办事方式")
    correction = content.get("correction") or {}
    extension = content.get("extension") or {}
    _only(correction, Correction, "补正")
    _only(extension, Extension, "延期")
    plain = Correction()
    return Procedure(
        kind=_word(content, "kind", KINDS, "类别", "service"),
        applicant=_word(content, "applicant", APPLICANTS, "申请人", "enterprise"),
        fields=tuple(read_field(item) for item in content.get("fields") or ()),
        title=text(content, "title"),
        evidence=tuple(_evidence(item) for item in content.get("evidence") or ()),
        steps=_steps(content.get("steps") or ()),
        limit=_limit(content.get("limit")), promise=_limit(content.get("promise")),
        correction=Correction(
            truth(correction.get("pauses", plain.pauses)),
            whole(correction.get("times", plain.times), "补正次数"),
            whole(correction.get("days", plain.days), "补正期限"),
            _word(correction, "silence", {"withdrawn": "", "continue": ""}, "逾期不补正",
                  plain.silence),
        ),
        extension=Extension(
            whole(extension.get("days"), "延期天数"), whole(extension.get("times"), "延期次数"),
            text(extension, "basis"),
        ),
        conditions=tuple(
            Condition(text(c, "rule"), text(c, "say"), text(c, "clause"))
            for c in content.get("conditions") or ()
        ),
        constants={str(k): str(v) for k, v in (content.get("constants") or {}).items()},
        ladder=tuple(_rung(r) for r in content["ladder"]) if content.get("ladder") else LADDER,
        gates=tuple(content.get("gates") or ()), item=text(content, "item"),
        visits=whole(content.get("visits"), "跑动次数"), commitment=text(content, "commitment"),
        checks=tuple(_check(item) for item in content.get("checks") or ()),
    )  # fmt: skip


def _steps(items: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    found: list[Step] = []
    for item in items:
        before = (found[-1].id,) if found else ()
        found.append(_step(item, before))
    return tuple(found)


def _step(item: Mapping[str, Any], before: tuple[str, ...]) -> Step:
    where = f"步骤“{item.get('name', item.get('id', ''))}”"
    _only(item, Step, where)
    after = item.get("after")
    vote = item.get("vote") or {}
    _only(vote, Vote, f"{where}的票决")
    units = item.get("who") or ()
    return Step(
        id=text(item, "id"), name=text(item, "name"),
        after=before if after is None else tuple(str(one) for one in after),
        who=tuple(_unit(u, where) for u in ([units] if isinstance(units, Mapping) else units)),
        mode=_word(item, "mode", MODES, f"{where}的方式", "one"),
        vote=Vote(
            whole(vote.get("numerator", 1), "票决比例"),
            whole(vote.get("denominator", 2), "票决比例"),
            whole(vote.get("quorum", 1), "票决人数"), truth(vote.get("more_than", True)),
        ),
        deed=_word(item, "deed", DEEDS, f"{where}的性质", "decision"),
        days=whole(item.get("days"), f"{where}的时限"), basis=text(item, "basis"),
        refuse=text(item, "refuse") or "end", write=tuple(item.get("write") or ()),
        hide=tuple(item.get("hide") or ()), when=text(item, "when"),
        pauses=tuple(item.get("pauses") or ()), accepts=truth(item.get("accepts", False)),
        until=text(item, "until"), help=text(item, "help"),
    )  # fmt: skip


def _unit(item: Mapping[str, Any], where: str) -> Unit:
    _only(item, Unit, f"{where}的办理人")
    return Unit(
        line=text(item, "line"), level=_word(item, "level", LEVELS, f"{where}的层级", "own"),
        applicant=truth(item.get("applicant", False)), pool=text(item, "pool"),
        person=text(item, "person"), capability=text(item, "capability"),
        apart=text(item, "apart"),
    )  # fmt: skip


def _evidence(item: Mapping[str, Any]) -> Evidence:
    where = f"材料“{item.get('name', item.get('id', ''))}”"
    _only(item, Evidence, where)
    return Evidence(
        id=text(item, "id"), name=text(item, "name"), required=truth(item.get("required", True)),
        deferrable=truth(item.get("deferrable", False)),
        days=whole(item.get("days"), f"{where}的补齐期限"), when=text(item, "when"),
        shared=text(item, "shared"), help=text(item, "help"),
    )  # fmt: skip


def _check(item: Mapping[str, Any]) -> Check:
    where = f"核查“{item.get('name', item.get('id', ''))}”"
    _only(item, Check, where)
    return Check(
        text(item, "id"), text(item, "name"), whole(item.get("days"), f"{where}的期限"),
        text(item, "basis"),
    )  # fmt: skip


def _rung(item: Mapping[str, Any]) -> Rung:
    _only(item, Rung, "提醒")
    try:
        left = int(item.get("left", 0))
    except (TypeError, ValueError):
        raise JigaiError(
            "procedure-shape", f"提醒的天数“{item.get('left')}”不是整数", "逾期写成负数"
        ) from None
    return Rung(left, _word(item, "to", RUNG_TO, "提醒对象", "handler"))


def _limit(item: Mapping[str, Any] | None) -> Limit | None:
    if not item:
        return None
    _only(item, Limit, "总时限")
    days = whole(item.get("days"), "总时限")
    return Limit(days, text(item, "basis")) if days else None


def _only(given: Mapping[str, Any], shape: type, where: str) -> None:
    only(given, frozenset(shape.__dataclass_fields__), where, "procedure-shape")  # type: ignore[attr-defined]


def _word(
    given: Mapping[str, Any], name: str, known: Mapping[str, str], where: str, default: str
) -> str:
    found = text(given, name) or default
    if found not in known:
        words = "、".join(f"{code}（{word}）" if word else code for code, word in known.items())
        raise JigaiError("procedure-shape", f"{where}不认识“{found}”", f"可以写：{words}")
    return found
