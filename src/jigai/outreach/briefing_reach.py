"""How many of the enterprises to reach were reached: each counted once, whatever it was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from jigai.core.access import Access
from jigai.core.industries import UnknownIndustryError, industry
from jigai.core.models import Enterprise
from jigai.core.selectors_regions import names_of_regions
from jigai.outreach.briefing_people import handlers, invitations_for
from jigai.outreach.models import Briefing, BriefingTopic, Invitation

REACHED, UNREACHED, UNREACHABLE, WALK_IN = "reached", "unreached", "unreachable", "walk-in"
STATE_WORDS = {REACHED: "已触达", UNREACHED: "未触达", UNREACHABLE: "无联系方式",
               WALK_IN: "名单外到会"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Which briefings count: of a document or measure, one of them, notified in a span."""

    briefing: int | None = None
    slug: str = ""
    measure: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(slots=True)
class Reached:
    """Figures of one group: ``targets`` = reached + unreached + unreachable, enterprises once each.

    ``walk_ins`` came without having been on any list and are in none of the others. The rate is
    over all targets: an enterprise nobody can contact never improves it.
    """

    key: str
    label: str
    reached: int = 0
    unreached: int = 0
    unreachable: int = 0
    walk_ins: int = 0

    @property
    def targets(self) -> int:
        """Enterprises to reach."""
        return self.reached + self.unreached + self.unreachable

    @property
    def contactable(self) -> int:
        """Those of them that have been reached or can be."""
        return self.reached + self.unreached

    @property
    def rate(self) -> str:
        """Reached of all to reach, with one decimal rounded down; empty without targets."""
        return percent(self.reached, self.targets)

    @property
    def rate_of_contactable(self) -> str:
        """Reached of those with a contact."""
        return percent(self.reached, self.contactable)

    def add(self, state: str) -> None:
        """Count one enterprise."""
        if state == REACHED:
            self.reached += 1
        elif state == UNREACHED:
            self.unreached += 1
        elif state == UNREACHABLE:
            self.unreachable += 1
        else:
            self.walk_ins += 1


def percent(part: int, whole: int) -> str:
    """``33.3%``, rounded down so that 100% means all."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else ""


def counted_invitations(access: Access, scope: Scope) -> QuerySet[Invitation]:
    """Invitations that count: of briefings that went out and were not called off."""
    rows = invitations_for(access).filter(
        briefing__status__in=(Briefing.Status.PUBLISHED, Briefing.Status.HELD)
    )
    if scope.briefing is not None:
        rows = rows.filter(briefing=scope.briefing)
    if scope.slug:
        topics = BriefingTopic.objects.filter(slug=scope.slug)
        if scope.measure:
            topics = topics.filter(Q(measure=scope.measure) | Q(measure=""))
        rows = rows.filter(briefing__in=topics.values("briefing"))
    if scope.start is not None:
        rows = rows.filter(briefing__published_at__date__gte=scope.start)
    if scope.end is not None:
        rows = rows.filter(briefing__published_at__date__lte=scope.end)
    return rows


_GOT = Q(read_at__isnull=False) | Q(attended_at__isnull=False)


def states_of(invitations: QuerySet[Invitation]) -> dict[int, str]:
    """How each enterprise of these invitations stands, each once."""
    found = invitations.order_by().values("enterprise").annotate(
        listed=Count("pk", filter=Q(walk_in=False)), got=Count("pk", filter=_GOT)
    )  # fmt: skip
    rows = list(found.values_list("enterprise", "listed", "got"))
    contacts = set(handlers().values_list("enterprise", flat=True))
    return {pk: _state(bool(listed), bool(got), pk in contacts) for pk, listed, got in rows}


def _state(listed: bool, got: bool, contact: bool) -> str:
    if not listed:
        return WALK_IN
    if got:
        return REACHED
    return UNREACHED if contact else UNREACHABLE


def with_state(
    rows: QuerySet[Enterprise], invitations: QuerySet[Invitation], state: str
) -> QuerySet[Enterprise]:
    """The enterprises in one state; with an empty one, all these invitations name."""
    flat = invitations.order_by()
    listed = Q(pk__in=flat.filter(walk_in=False).values("enterprise"))
    got = Q(pk__in=flat.filter(_GOT).values("enterprise"))
    contact = Q(pk__in=handlers().order_by().values("enterprise"))
    if state == REACHED:
        return rows.filter(listed & got)
    if state == UNREACHED:
        return rows.filter(listed & ~got & contact)
    if state == UNREACHABLE:
        return rows.filter(listed & ~got & ~contact)
    if state == WALK_IN:
        return rows.filter(~listed & Q(pk__in=flat.values("enterprise")))
    return rows.filter(pk__in=flat.values("enterprise"))


def total(invitations: QuerySet[Invitation]) -> Reached:
    """One figure over all."""
    found = Reached("", "合计")
    for state in states_of(invitations).values():
        found.add(state)
    return found


def by_region(invitations: QuerySet[Invitation]) -> list[Reached]:
    """By the region in whose register each enterprise stands."""
    states = states_of(invitations)
    places = _column(states, "region_code")
    names = names_of_regions(places.values())
    return _grouped(states, places, lambda code: names.get(code, code or "地区不详"))


def by_industry(invitations: QuerySet[Invitation]) -> list[Reached]:
    """By division (two digits) of the industry classification."""
    states = states_of(invitations)
    written = _column(states, "industry_code")
    codes = {pk: code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2] for pk, code in written.items()}
    return _grouped(states, codes, industry_words)


def by_topic(access: Access, scope: Scope) -> list[Reached]:
    """By document and measure. An enterprise stands in every measure it was told of, so these do
    not add up; within each it is counted once."""
    rows = counted_invitations(access, scope)
    topics = BriefingTopic.objects.filter(briefing__in=rows.order_by().values("briefing"))
    if scope.slug:
        topics = topics.filter(slug=scope.slug)
    found = []
    for slug, measure, name in sorted(set(topics.values_list("slug", "measure", "name"))):
        own = topics.filter(slug=slug, measure=measure).order_by().values("briefing")
        group = total(rows.filter(briefing__in=own))
        group.key, group.label = f"{slug}#{measure}" if measure else slug, name
        found.append(group)
    return found


def industry_words(code: str) -> str:
    """34 通用设备制造业; 行业不详 without a code."""
    if not code:
        return "行业不详"
    try:
        return f"{code} {industry(code).name}"
    except UnknownIndustryError:
        return code


def _column(states: Iterable[int], name: str) -> dict[int, str]:
    return dict(Enterprise.objects.filter(pk__in=list(states)).values_list("pk", name))


def _grouped(
    states: dict[int, str], keys: dict[int, str], label: Callable[[str], str]
) -> list[Reached]:
    groups: dict[str, list[str]] = defaultdict(list)
    for pk, state in states.items():
        groups[keys.get(pk, "")].append(state)
    found = []
    for key in sorted(groups):
        group = Reached(key, label(key))
        for state in groups[key]:
            group.add(state)
        found.append(group)
    return found
