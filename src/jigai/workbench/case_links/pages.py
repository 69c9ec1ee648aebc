"""Tells the cases room what registers answer; called once Django is ready."""

from __future__ import annotations

from jigai.cases.asked import register_questions
from jigai.cases.gates import register_gate
from jigai.cases.hooks import register_hook
from jigai.cases.services.schedule_checks import schedule_checks
from jigai.workbench.case_links import catalogue, consultations, pack_issue, register_reviews
from jigai.workbench.case_links.acceptance import GATE, end_permit, joint_acceptance
from jigai.workbench.case_links.five_conditions import five_conditions
from jigai.workbench.case_links.levels import handling
from jigai.workbench.case_links.shared import verify_shared
from jigai.workbench.case_links.zones import pilot_zone


def register() -> None:
    """The gates that procedures may name, and what happens when a case moves."""
    register_gate("pilot-zone", "试点开发区核查", pilot_zone)
    register_gate("handling", "办理层级核查", handling)
    register_gate(catalogue.GATE, "核准目录判定", catalogue.approval_catalog)
    register_questions(catalogue.GATE, catalogue.ASKED, catalogue.FIELDS, catalogue.questions)
    register_gate("five-conditions", "五条件核对", five_conditions)
    register_gate(GATE, "先建后验核查", joint_acceptance)
    register_hook("*", "submitted", verify_shared)
    register_hook("*", "closed", schedule_checks)
    register_hook("*", "closed", end_permit)
    register_reviews.register()
    consultations.register()
    pack_issue.register()


def open_missing() -> int:
    """Cases for what was on its way before it ran as cases; nothing to do a second time."""
    return register_reviews.open_missing() + consultations.open_missing()
