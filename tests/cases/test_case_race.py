"""Two people at the same moment: with the lock of the case one of them is told; without it, both
get through or one of them meets a broken table."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from jigai.cases.models import Case, CaseRecord
from jigai.cases.services import act as acting
from jigai.cases.services.start_case import start_case
from jigai.core.access import access_of
from jigai.core.models import Delegation, User
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, VALUES, People, make_file, publish
from tests.factories import make_user

Deed = tuple[User, str, dict[str, Any]]


def at_once(case: Case, deeds: list[Deed], locked: bool, monkeypatch: Any) -> list[str]:
    """What became of two deeds begun together: ``done``, the code of a refusal, ``broken``."""
    ready, whole = threading.Barrier(2), acting.locked_case

    def meet() -> None:
        # Neither writes before the other has read, unless it is made to wait.
        with suppress(threading.BrokenBarrierError):
            ready.wait(0.5)

    def read(pk: int) -> Case:
        if locked:
            found = whole(pk)
        else:
            found = Case.objects.select_related("release", "procedure", "enterprise").get(pk=pk)
        meet()
        return found

    def doing(place: int) -> None:
        user, verb, data = deeds[place]
        try:
            acting.act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)
            told[place] = "done"
        except JigaiError as error:
            told[place] = error.code
        except IntegrityError:
            told[place] = "broken"
        finally:
            connection.close()

    told = ["", ""]
    monkeypatch.setattr(acting, "locked_case", read)
    threads = [threading.Thread(target=doing, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(acting, "locked_case", whole)
    return sorted(told)


class Scene:
    """A case of the fixtures, committed, and its people."""

    def __init__(self) -> None:
        self.people = People()
        self.procedure = publish(CONTENT)
        applicant = self.people["applicant"]
        self.case = start_case(procedure=self.procedure, by=applicant, access=access_of(applicant))
        self.handing_in = {"values": VALUES, "evidence": {
            "application": make_file(applicant).pk, "land_paper": "defer"}}  # fmt: skip

    def do(self, who: str, verb: str, **data: Any) -> None:
        user = self.people[who]
        acting.act(case=self.case.pk, verb=verb, by=user, access=access_of(user), **data)

    def opened(self) -> None:
        self.do("applicant", "submit", **self.handing_in)
        self.do("approval", "accept")

    def task(self, step: str) -> int:
        return self.case.tasks.get(step__code=step, state="open").pk


def two_clerks(scene: Scene) -> list[Deed]:
    scene.opened()
    task = scene.task("ecology")
    return [(scene.people["ecology"], "agree", {"task": task}),
            (scene.people["ecology-2"], "disagree", {"task": task, "reason": "示例"})]  # fmt: skip


def double_submit(scene: Scene) -> list[Deed]:
    return [(scene.people["applicant"], "submit", scene.handing_in)] * 2


def deputy_and_principal(scene: Scene) -> list[Deed]:
    scene.opened()
    principal, deputy = scene.people["ecology"], make_user("approval", "370811")
    scene.do("ecology", "claim", task=scene.task("ecology"))
    now = timezone.now()
    Delegation.objects.create(giver=principal, taker=deputy, starts=now - dt.timedelta(hours=1),
                              ends=now + dt.timedelta(days=1), reason="示例外出")  # fmt: skip
    task = scene.task("ecology")
    return [(principal, "agree", {"task": task}), (deputy, "agree", {"task": task})]


def withdrawal_and_decision(scene: Scene) -> list[Deed]:
    scene.opened()
    for who in ("ecology", "land", "land", "market"):
        scene.do(who, "agree")
    task = scene.task("decide")
    return [(scene.people["approval"], "agree", {"task": task}),
            (scene.people["applicant"], "withdraw", {"reason": "示例不办了"})]  # fmt: skip


# What the second is told, by scene.
SCENES: dict[str, tuple[Callable[[Scene], list[Deed]], set[str]]] = {
    "two clerks": (two_clerks, {"task-done"}),
    "double submit": (double_submit, {"verb-refused"}),
    "deputy and principal": (deputy_and_principal, {"task-done"}),
    "withdrawal and decision": (
        withdrawal_and_decision, {"verb-refused", "task-done", "task-over"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("locked", [True, False])
def test_two_at_the_same_moment(
    own_database: str, scene: str, locked: bool, monkeypatch: Any
) -> None:
    make, refusals = SCENES[scene]
    stage = Scene()
    deeds = make(stage)
    told = at_once(stage.case, deeds, locked, monkeypatch)
    if locked:
        assert "done" in told and set(told) - {"done"} <= refusals and set(told) != {"done"}
        return
    assert told in (["done", "done"], ["broken", "done"])
    if told == ["done", "done"]:
        # The record claims twice what could be done once.
        verbs = {verb for _user, verb, _data in deeds}
        written = CaseRecord.objects.filter(case=stage.case, verb__in=verbs)
        assert written.filter(by__in=[user for user, *_ in deeds]).count() >= 2
