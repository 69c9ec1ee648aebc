"""The room's pages: in the left menu, on pages of enterprises and projects, in the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jigai.core.access import Access
from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, list_filters, menu, search_sources
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.core.screens.search_sources import Hit, SearchSource
from jigai.policies.editor.selectors import DRAFT, ISSUE
from jigai.policies.live_measures import live_measures
from jigai.policies.models import Clause
from jigai.policies.proposals import CAPABILITY
from jigai.policies.sections import Owner, register_section


def register() -> None:
    """Tell the other rooms; called when Django starts."""
    menu.register(
        MenuItem("政策与测算", "政策文件", "book", "pack-list", "pack.view", 10),
        MenuItem("政策与测算", "条款检索", "search", "clause-list", "pack.view", 20),
        MenuItem("政策与测算", "文件替代", "history", "succession-list", "pack.view", 22),
        MenuItem("政策与测算", "上位依据", "sitemap", "upstream-list", "pack.view", 24),
        MenuItem("政策与测算", "覆盖情况", "clipboard-check", "coverage", "pack.view", 80),
        MenuItem("政策与测算", "测算", "calculator", "run-list", "evaluation.view", 30),
        MenuItem("政策与测算", "测算结果", "list", "decision-list", "evaluation.view", 40),
        MenuItem("政策与测算", "待确认事项", "checklist", "gate-list", "gate.view", 50),
        MenuItem("政策与测算", "政策包更新", "git-compare", "proposal-list", CAPABILITY, 80),
        MenuItem("政策与测算", "编制政策包", "edit", "draft-list", DRAFT, 51, also=(ISSUE,)),
        MenuItem("政策与测算", "未定参数登记", "help-circle", "parameter-list", "pack.view", 60),
        MenuItem("政策与测算", "解释答复", "message-circle", "desk-list", "pack.view", 70),
    )
    detail_parts.register(
        DetailPart(
            "enterprise", "decisions", "测算结果", "enterprise-decisions", "evaluation.view", 20
        ),
        DetailPart("project", "decisions", "测算结果", "project-decisions", "evaluation.view", 20),
    )
    register_section(Owner("measures", "policies", live=live_measures))
    register_audit_table("policies.PackVersion")
    register_audit_table("policies.PackProposal")
    register_audit_table("policies.PackDraft")
    register_audit_table("policies.Succession")
    register_audit_table("policies.UpstreamDocument")
    register_audit_table("policies.Interpretation")
    register_audit_table("policies.ParameterDecision")
    register_events(
        Event("desk-asked", "有待答复的问题"),
        Event("desk-answered", "提的问题有了答复"),
        Event("parameter-open", "提醒确定文件没有给出的值"),
        Event("parameter-proposed", "有待批准的参数取值"),
        Event("pack-draft-submitted", "有送审的政策文件"),
        Event("pack-draft-moved", "起草的政策文件有了进展"),
        Event("parameter-decided", "提出的参数取值有了结果"),
    )
    search_sources.register(
        SearchSource("clauses", "政策条款", "book", "pack.view", _clauses, "clause-list", 30)
    )


def _clauses(access: Access, words: str, limit: int) -> Iterable[Hit]:
    """Clauses that hold the words; documents are for everybody who may open this room."""
    del access
    clauses = Clause.objects.filter(pack__is_current=True).exclude(pack__status="standard")
    rows = list_filters.search(clauses.select_related("pack").defer("pack__files"), words)
    for row in rows.order_by("pack", "place", "id")[:limit]:
        yield Hit(str(row), reverse("clause", args=[row.pack.slug, row.code]), row.pack.title)
