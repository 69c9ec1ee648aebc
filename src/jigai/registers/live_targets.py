"""Targets of a document that ask for a number of listed things: counted from the registers.

A target belongs to a register when the title the register carries out rests on the same fact and
states the same number. What no register counts is told as missing, with who would have
to report it; a direction without a number is never judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.metrics import goal as verdicts
from jigai.metrics.goal import COUNTED, Finding
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.sections import Live
from jigai.policies.stored_packs import model_of
from jigai.registers.access import visible_registers
from jigai.registers.counting import counted, counting_rule
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on, on_day
from jigai.rules.environment import build_environment
from jigai.rules.schema_programme import Target
from jigai.rules.target_goal import goal_of, judge_target

# A register counts towards targets by this rule where it has one, else by all its entries.
RULE = "target"
LOOKS = {
    verdicts.ATTAINED: "done", verdicts.FAILED: "rejected", verdicts.UNDER_WAY: "running",
    verdicts.NO_DATA: "missing", verdicts.QUALITATIVE: "neutral",
    verdicts.NEEDS_READING: "undetermined",
}  # fmt: skip
_FLOWS = frozenset(("cumulative", "yearly"))


@dataclass(slots=True)
class Counts:
    """Numbers of one register by day, in the region of a document."""

    register: Register
    by_day: dict[dt.date, int] = field(default_factory=dict)
    filled: bool = False


def live_targets(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """How each target stands today: count, number asked, verdict, what the path asks."""
    today = timezone.localdate()
    packs = {item.pack_id: item.pack for item in items}
    found: dict[int, Live] = {}
    for pack in packs.values():
        own = [item for item in items if item.pack_id == pack.pk]
        targets = {target.id: target for target in model_of(pack).pack.targets}
        known = [(item, targets[item.code]) for item in own if item.code in targets]
        found.update(_of_pack(access, pack, known, today))
    return found


def _of_pack(
    access: Access, pack: PackVersion, known: list[tuple[PackItem, Target]], today: dt.date
) -> dict[int, Live]:  # fmt: skip
    sources = sources_of(pack, [target for _, target in known])
    years = {t.id: _years(pack, t, today) for _, t in known if t.id in sources}
    days = {today, *(dt.date(y, 12, 31) for found in years.values() for y in found)}
    counts = counts_on({r.pk: r for r in sources.values()}, days, _regions(pack), today)
    open_to = set(visible_registers(access).filter(
        pk__in=[r.pk for r in sources.values()]).values_list("pk", flat=True))  # fmt: skip
    found = {}
    for item, target in known:
        register = sources.get(target.id)
        if register is None:
            found[item.pk] = _without_source(target)
            continue
        url = reverse("register-detail", args=[register.code]) if register.pk in open_to else ""
        found[item.pk] = _live(pack, target, counts[register.pk], years[target.id], today, url)
    return found


def sources_of(pack: PackVersion, targets: Iterable[Target]) -> dict[str, Register]:
    """The register that counts each target, by the target's id, where there is one."""
    titles = model_of(pack).pack.recognitions
    wanted = {
        target.id: title.id
        for target in targets if target.value is not None and target.unit in COUNTED
        for title in titles
        if title.count == target.value and set(title.facts) & set(target.facts)
    }  # fmt: skip
    if not wanted:
        return {}
    carried: dict[str, Register] = {}
    registers = Register.objects.select_related("current").filter(
        items__overlap=[f"{pack.slug}:{code}" for code in wanted.values()], current__isnull=False
    ).exclude(state=Register.State.RETIRED)  # fmt: skip
    for register in registers.order_by("-pk"):
        carried.update({name: register for name in register.items})
    return {
        code: carried[name] for code, title in wanted.items()
        if (name := f"{pack.slug}:{title}") in carried
    }  # fmt: skip


def _years(pack: PackVersion, target: Target, today: dt.date) -> list[int]:
    """Years whose end is counted: the one before the period, and the period up to last year."""
    goal, _ = goal_of(target, model_of(pack).pack.identity)
    last = min(goal.to or today.year - 1, today.year - 1)
    first = goal.since or goal.to or last
    return list(range(min(first, last) - 1, last + 1))


def counts_on(
    registers: Mapping[int, Register], days: Iterable[dt.date], regions: Sequence[str],
    today: dt.date,
) -> dict[int, Counts]:  # fmt: skip
    """Numbers by register and day, in regions and below; one query a day for all the registers
    without a rule of their own."""
    found = {pk: Counts(register) for pk, register in registers.items()}
    filled = EntrySpan.objects.filter(register__in=found, starts__lte=today)
    for pk in filled.order_by().values_list("register", flat=True).distinct():
        found[pk].filled = True
    place = _within(regions)
    plain = [pk for pk, one in found.items() if one.filled and not _ruled(one.register)]
    for day in sorted(days):
        rows = EntrySpan.objects.filter(place, on_day(day), register__in=plain).order_by()
        got = dict(rows.values_list("register").annotate(count=Count("pk")))
        for pk in plain:
            found[pk].by_day[day] = got.get(pk, 0)
        for one in found.values():
            if one.filled and _ruled(one.register):
                rule = counting_rule(one.register, RULE)
                spans = list(entries_on(one.register, day).filter(place))
                one.by_day[day] = len(counted(one.register, rule, spans))
    return found


def _ruled(register: Register) -> bool:
    return any(rule.id == RULE for rule in register.schema.counting)


def _within(regions: Sequence[str]) -> Q:
    """Entries in one of the regions and below; of a national document every entry."""
    if not regions:
        return Q()
    wanted = Q(pk__in=())
    for code in regions:
        if len(code) > 1:
            wanted |= Q(region_code__startswith=region_prefix(code))
    return wanted


def _regions(pack: PackVersion) -> list[str]:
    """The members of a group of regions, else the document's region; none for a national one."""
    region = model_of(pack).pack.identity.region
    return list(region.members) or [region.code] if region else []


def series_of(target: Target, counts: Counts, years: Sequence[int]) -> dict[int, Fraction | None]:
    """Yearly figures: what stood at each year's end, or what came in during it for sums."""
    if not counts.filled:
        return dict.fromkeys(years, None)
    at = {year: counts.by_day[dt.date(year, 12, 31)] for year in years}
    if target.growth not in _FLOWS:
        return {year: Fraction(number) for year, number in at.items()}
    return {year: Fraction(at[year] - at[year - 1]) for year in years if year - 1 in at}


def _live(
    pack: PackVersion, target: Target, counts: Counts, years: list[int], today: dt.date, url: str
) -> Live:  # fmt: skip
    register = counts.register
    if not counts.filled:
        who = register.keeper or "名录的管理单位"
        return Live("missing", f"缺数据：“{register.name}”里还没有登记，由{who}登记", url)
    model = model_of(pack)
    env = build_environment(model.pack, model.scope, year=today.year)
    finding = judge_target(target, model.pack.identity, env, series_of(target, counts, years),
                           today)  # fmt: skip
    now = counts.by_day[today]
    due = f"（{target.to.year} 年底前）" if target.to else ""
    words = f"现有 {now:,} {target.unit}，目标 {target.value} {target.unit}{due}：{finding.verdict}"
    return Live(LOOKS[finding.verdict], words, url, _figures(target, finding))


def _figures(target: Target, finding: Finding) -> list[tuple[str, str]]:
    """What was reached in the period, what is short, the path and what had to be assumed."""
    found = []
    if finding.value is not None and finding.year is not None:
        found.append((f"期内到 {finding.year} 年底", f"{finding.value:f} {target.unit}"))
    if finding.gap:
        found.append(("还差", f"{finding.gap:f} {target.unit}"))
    if finding.path:
        steps = "，".join(f"{year} 年 {_whole(v)}" for year, v in sorted(finding.path.items()))
        found.append(("按路径须达到", steps))
    if finding.missing:
        found.append(("缺", "、".join(finding.missing)))
    if finding.assumed:
        found.append(("推定", "、".join(finding.assumed)))
    return found


def _whole(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}"


def _without_source(target: Target) -> Live:
    """Nothing here counts it: a direction is not judged, a number is missing."""
    if target.value is None or target.growth == "direction":
        return Live("neutral", f"{verdicts.QUALITATIVE}：文件没有写数")
    who = target.holder or "统计部门或指标主管部门（文件没有写由谁报）"
    return Live("missing", f"缺数据：没有接入各年的数，由{who}报")
