"""One trial of each fault. After every trial the money must be whole and a retry completes it."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, connections
from django.db.models import Sum

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.models import (
    Application,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    ReturnFile,
)
from jigai.funding.payments.plan import LIVING, plan_batch
from jigai.funding.payments.reconcile import reconcile
from jigai.funding.payments.services.release_batch import release_batch
from tests.factories import make_department, make_user
from tests.funding.payments.scene import Scene

Act = Callable[[], object]
DONE, REFUSED, BROKEN, KILLED = "done", "refused", "broken", "killed"
_CODES = {0: DONE, 3: REFUSED}
STEPS = ("make", "send", "answer")


@dataclass(slots=True)
class Story:
    """A scene with its request and, from the step on that is tried, its batch."""

    scene: Scene
    request: PaymentRequest
    batch: PaymentBatch | None = None
    ended: list[str] = field(default_factory=list)

    def act(self, step: str) -> Act:
        """The deed of a step, to be done here or in a child."""
        if step == "make":
            return lambda: self.scene.made(self.request)
        batch = self.batch
        assert batch is not None
        if step == "send":
            return lambda: self.scene.send(batch)
        if step == "release":
            return lambda: release(self.scene, batch)
        file = self.scene.answer_file(batch)
        return lambda: self.scene.book(batch, file)


def release(scene: Scene, batch: PaymentBatch) -> PaymentBatch:
    """The second person."""
    return release_batch(
        batch=batch.pk, seen=batch.version, by=scene.treasury, access=access_of(scene.treasury)
    )


def begin(step: str, rows: int = 12) -> Story:
    """Everything before a step, committed."""
    scene = Scene(tuple(range(1_000_01, 1_000_01 + rows)))
    story = Story(scene, scene.granted())
    if step in ("release", "send", "answer"):
        story.batch = scene.made(story.request)
    if step in ("send", "answer"):
        assert story.batch is not None
        story.batch = release(scene, story.batch)
    if step == "answer":
        story.batch = scene.send(story.batch)
    return story


def in_child(act: Act) -> int:
    """Start a deed in a process of its own; its number."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        act()
        os._exit(0)
    except JigaiError:
        os._exit(3)
    except BaseException:
        os._exit(4)


def ended(child: int) -> str:
    """Wait for a child: how it ended."""
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return KILLED
    return _CODES.get(os.WEXITSTATUS(status), BROKEN)


def kill_trial(step: str, chance: random.Random, longest: float) -> str:
    """SIGKILL somewhere between the beginning and the usual end of a step, then try again."""
    story = begin(step)
    child = in_child(story.act(step))
    time.sleep(chance.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    how = ended(child)
    check(story)
    finish(story)
    return how


def double_trial(step: str) -> str:
    """The same deed in two processes at the same moment: one does it, at most."""
    story = begin(step)
    act = story.act(step)
    children = [in_child(act), in_child(act)]
    story.ended = sorted(ended(child) for child in children)
    assert BROKEN not in story.ended, story.ended
    # Sending is the only one of them that may be told twice that it is done.
    assert story.ended.count(DONE) == 1 or step == "send", story.ended
    check(story)
    finish(story)
    return "+".join(story.ended)


def two_chiefs_trial() -> str:
    """Two different people release the same batch at once: it is released once."""
    story = begin("release")
    scene, batch = story.scene, story.batch
    assert batch is not None
    bureau = make_department(line="finance", name="测试财政局")
    second = make_user("finance-chief", department=bureau)
    doing: list[Act] = [
        lambda by=by: release_batch(  # type: ignore[misc]
            batch=batch.pk, seen=batch.version, by=by, access=access_of(by)
        )
        for by in (scene.treasury, second)
    ]
    children = [in_child(act) for act in doing]
    story.ended = sorted(ended(child) for child in children)
    assert story.ended == [DONE, REFUSED], story.ended
    finish(story)
    return "+".join(story.ended)


def retry_trial(times: int = 3) -> str:
    """The bank sends its answer again and again."""
    story = begin("answer")
    act = story.act("answer")
    act()
    refused = 0
    for _ in range(times):
        try:
            act()
        except JigaiError as error:
            refused += error.code == "answers-repeated"
    assert refused == times, refused
    check(story)
    finish(story)
    return f"refused {refused}/{times}"


def restart_trial(
    step: str, chance: random.Random, longest: float, restart: Callable[[], None]
) -> str:
    """The database stops and starts in the middle of a step."""
    story = begin(step)
    child = in_child(story.act(step))
    time.sleep(chance.uniform(0, longest))
    restart()
    how = ended(child)
    check(story)
    finish(story)
    return how


def duration(step: str) -> float:
    """Seconds a step takes when nothing goes wrong, in a child."""
    story = begin(step)
    act = story.act(step)
    start = time.monotonic()
    assert ended(in_child(act)) == DONE
    found = time.monotonic() - start
    finish(story)
    return found


def check(story: Story) -> None:
    """Nothing paid or ordered beyond what was decided; orders and entries are the same; the book
    adds up. Raises ``AssertionError``."""
    scene = story.scene
    connection.ensure_connection()
    for application in Application.objects.filter(round=scene.round).order_by("id"):
        orders = application.orders.order_by()
        living = orders.filter(state__in=LIVING).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        paid = _entered(application, "paid")
        decided = application.decided_fen or 0
        assert living <= decided and paid <= decided, (application.pk, living, paid, decided)
    found = reconcile(scene.programme)
    assert found.agrees, found.wrong
    held = found.balances
    assert held.budget == held.available + held.reserved + held.transit + held.paid


def _entered(application: Application, kind: str) -> int:
    from jigai.ledgers.models import Posting

    rows = Posting.objects.filter(entry__about=f"application:{application.pk}", entry__kind=kind)
    return rows.filter(amount__gt=0).aggregate(fen=Sum("amount"))["fen"] or 0


def finish(story: Story) -> None:
    """Begin again wherever it stopped, to the end: everything is paid, once."""
    scene, request = story.scene, story.request
    if plan_batch(request).payments:
        scene.made(request)
    for batch in request.batches.exclude(state="void").order_by("id"):
        if batch.state == "draft":
            batch = release(scene, batch)
        if batch.state == "released":
            batch = scene.send(batch)
        if batch.state == "sent":
            scene.answer(batch, name=f"续{batch.pk}-{ReturnFile.objects.count()}.csv")
    rows = Application.objects.filter(round=scene.round)
    total = sum(row.decided_fen or 0 for row in rows)
    assert all(row.state == "paid" and row.paid_fen == row.decided_fen for row in rows)
    assert balances(scene.programme).paid == total
    paid = PaymentOrder.objects.filter(application__round=scene.round, state="paid")
    assert paid.aggregate(fen=Sum("amount_fen"))["fen"] == total
    check(story)
