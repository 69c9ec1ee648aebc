"""What waits for a person, and where things stand: the panels of the home page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from jigai.cases.desk_counts import desk_counts
from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Enterprise, ImportBatch, Job, Notice
from jigai.core.screens import formats
from jigai.policies.models import EvaluationRun
from jigai.policies.selectors import latest_run, visible_decisions
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS
from jigai.projects.models import Project

_BATCHES = Reach(region="region_code", owner="created_by")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: what, how many, where."""

    title: str
    count: int
    url: str
    tone: str = "info"


@dataclass(slots=True)
class Home:
    """Everything the home page shows."""

    tasks: list[Task] = field(default_factory=list)
    figures: list[tuple[str, str, str, str]] = field(default_factory=list)
    run: EvaluationRun | None = None
    chart: dict[str, Any] | None = None
    own: list[dict[str, Any]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)


def build_home(access: Access) -> Home:
    """The home page of one person; a fixed number of queries however much there is."""
    assert access.user is not None
    home = Home(
        notices=list(Notice.objects.filter(user=access.user).order_by("-id")[:6]),
        jobs=list(Job.objects.filter(owner=access.user).order_by("-id")[:5]),
    )
    _cases(home, access)
    home.run = latest_run(access) if access.can("evaluation.view") else None
    if access.can("enterprise.import"):
        _imports(home, access)
    _figures(home, access)
    if home.run is not None:
        _evaluated(home, access)
    unread = Notice.objects.filter(user=access.user, read_at__isnull=True).count()
    if unread:
        home.tasks.append(Task("未读消息", unread, reverse("notice-list")))
    return home


def _cases(home: Home, access: Access) -> None:
    """What waits on the desk, what is late, what is close."""
    waiting, inbox = desk_counts(access), reverse("case-inbox")
    lines = (
        ("超期的办件", waiting.red, f"{inbox}?tab=todo&light=red", "bad"),
        ("临期的办件", waiting.amber, f"{inbox}?tab=todo&light=amber", "warn"),
        ("办件待办", waiting.todo, inbox, "info"),
    )
    home.tasks += [Task(title, count, url, tone) for title, count, url, tone in lines if count]


def _imports(home: Home, access: Access) -> None:
    ready = scoped(
        ImportBatch.objects.filter(status="ready"), access, "enterprise.import", _BATCHES
    ).count()
    if ready:
        home.tasks.append(Task("待确认入库的文件", ready, reverse("import-list"), "warn"))


def _figures(home: Home, access: Access) -> None:
    bureau = any(not grant.enterprise_id for grant in access.granting("enterprise.view"))
    if not bureau:
        return
    enterprises = scoped(Enterprise.objects.all(), access, "enterprise.view", Reach())
    home.figures.append(("企业", f"{enterprises.count():,}", "家", reverse("enterprise-list")))
    if access.can("project.view"):
        projects = scoped(Project.objects.all(), access, "project.view", Reach())
        home.figures.append(("项目", f"{projects.count():,}", "个", reverse("project-list")))
    if home.run is not None:
        listed = f"{reverse('decision-list')}?run={home.run.pk}&selected=yes"
        total = formats.wan(home.run.summary["total_fen"])
        home.figures.append(("最近一次测算拟补助", total, "万元", listed))


def _evaluated(home: Home, access: Access) -> None:
    assert home.run is not None
    run = home.run
    bureau = any(not grant.enterprise_id for grant in access.granting("evaluation.view"))
    if not bureau:
        rows = visible_decisions(access).filter(run=run).order_by("subject", "id")
        home.own = [
            {"row": row, "code": VERDICT_CODES[row.verdict], "word": VERDICT_WORDS[row.verdict]}
            for row in rows[:20]
        ]
        return
    listed = f"{reverse('decision-list')}?run={run.pk}&subject=project"
    missing = run.summary["verdicts"].get("4", 0)
    if missing:
        home.tasks.append(Task("缺数据的项目", missing, f"{listed}&verdict=4", "warn"))
    if access.can("gate.view"):
        home.tasks.append(
            Task("未核实事项", len(run.unverified), reverse("gate-run", args=[run.pk]), "warn")
        )
    home.chart = _chart(run)


def _chart(run: EvaluationRun) -> dict[str, Any]:
    """Projects by verdict as bars, with the same numbers as a table."""
    counts = run.summary["verdicts"]
    rows = [(word, counts.get(str(code), 0)) for code, word in VERDICT_WORDS.items()]
    total = sum(count for _, count in rows)
    return {
        "option": {
            "grid": {"left": 72, "right": 32, "top": 8, "bottom": 24},
            "xAxis": {"type": "value", "minInterval": 1},
            "yAxis": {"type": "category", "inverse": True, "data": [name for name, _ in rows]},
            "series": [
                {"type": "bar", "name": "项目", "data": [count for _, count in rows],
                 "label": {"show": True, "position": "right"}, "barMaxWidth": 18}
            ],
        },
        "rows": rows,
        "columns": ["结论", "项目数"],
        "summary": f"共 {total} 个项目，其中" + "，".join(f"{n} {c} 个" for n, c in rows if c),
    }  # fmt: skip
