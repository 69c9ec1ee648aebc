"""What time itself does to money matters: rounds close, notices end, topics are fulfilled."""

from __future__ import annotations

from jigai.funding.publicity.services.end_notices import end_notices
from jigai.funding.rounds.services.close_round import close_due
from jigai.funding.rounds.services.fulfil_topic import settle_topics


def move_on() -> int:
    """Do what is due now; how many were touched. Safe to run at any time, as often as wanted."""
    return close_due() + end_notices() + settle_topics()
