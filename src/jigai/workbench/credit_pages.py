"""The credit gate: its question, its part of the case's page, its messages."""

from __future__ import annotations


def register() -> None:
    """Called when Django starts."""
    from jigai.cases.access import VIEW
    from jigai.cases.gates import register_gate
    from jigai.core.notice_events import Event, register_events
    from jigai.core.screens import detail_parts
    from jigai.core.screens.detail_parts import DetailPart
    from jigai.workbench import credit_recheck
    from jigai.workbench.credit_gate import NAME, TITLE, ask_credit

    register_gate(NAME, TITLE, ask_credit)
    register_events(Event(credit_recheck.EVENT, "办件核查结论变化"))
    detail_parts.register(DetailPart("case", "gates", "核查结论", "case-gates-part", VIEW, 60))
