"""Payments under faults, a few trials of each; ``python -m bench.faults`` counts two hundred."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from bench.faults import trials
from bench.faults.server import own_server, restart
from jigai.config.embedded import Server
from jigai.funding.payments.services import book_answers, send_batch

pytestmark = [pytest.mark.system("budget-control")]


@pytest.mark.parametrize("step", trials.STEPS)
def test_a_killed_process_leaves_the_money_whole(own_database: str, step: str) -> None:
    chance = random.Random(7)
    longest = trials.duration(step)
    ends = [trials.kill_trial(step, chance, longest) for _ in range(3)]
    assert set(ends) <= {trials.KILLED, trials.DONE}


@pytest.mark.parametrize("step", trials.STEPS)
def test_a_deed_done_twice_at_once_counts_once(own_database: str, step: str) -> None:
    trials.double_trial(step)


def test_two_people_release_one_batch_once(own_database: str) -> None:
    assert trials.two_chiefs_trial() == "done+refused"


def test_a_bank_answer_sent_again_books_nothing(own_database: str) -> None:
    assert trials.retry_trial() == "refused 3/3"


@pytest.fixture
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), own_server() as made:
        yield made


def test_a_restarted_database_leaves_the_money_whole(server: Server) -> None:
    how = trials.restart_trial("answer", random.Random(3), 0.05, lambda: restart(server))
    assert how in (trials.BROKEN, trials.DONE)


def test_the_trials_would_see_money_paid_twice(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the entries left out, every check that watches the money must fail."""
    story = trials.begin("send")
    monkeypatch.setattr(send_batch.money, "order", lambda **_: None)
    story.act("send")()
    with pytest.raises(AssertionError):
        trials.check(story)


def test_the_trials_would_see_an_answer_lost(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = trials.begin("answer")
    monkeypatch.setattr(book_answers, "_move_money", lambda *_: None)
    story.act("answer")()
    with pytest.raises(AssertionError):
        trials.check(story)
