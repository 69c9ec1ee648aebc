"""What this package adds to menus and pages, and where it follows its cases."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.funding.review.words import AUDIT, CONCLUDE, CONFIRM, FORMAL, OPINIONS, PROCEDURE


def register() -> None:
    """Called once the rooms are loaded."""
    from jigai.cases.about import register_about
    from jigai.cases.addressable import register_capability
    from jigai.cases.hooks import (
        register_hook,
        register_start_hook,
        register_step_hook,
        register_undone_hook,
    )
    from jigai.funding.review import course, words

    menu.register(MenuItem("资金", "审核", "checklist", "review-list", words.REVIEW, 30))
    register_events(Event("application-moved", "申报进展", by_email=True))
    register_capability(words.REVIEW)
    register_about(words.ABOUT.removesuffix(":"), course.about)
    for moment, hook in (
        ("accepted", course.accepted), ("correction", course.correction),
        ("supplied", course.supplied), ("closed", course.closed), ("ended", course.ended),
    ):  # fmt: skip
        register_hook(PROCEDURE, moment, hook)
    for step in (FORMAL, *OPINIONS, AUDIT, "onsite", CONFIRM, "panel", CONCLUDE):
        register_start_hook(PROCEDURE, step, course.set_days)
    register_start_hook(PROCEDURE, AUDIT, course.give_auditor)
    register_step_hook(PROCEDURE, AUDIT, course.audited)
    register_step_hook(PROCEDURE, CONFIRM, course.confirmed)
    register_undone_hook(PROCEDURE, CONFIRM, course.unconfirmed)
    register_step_hook(PROCEDURE, CONCLUDE, course.concluded)
