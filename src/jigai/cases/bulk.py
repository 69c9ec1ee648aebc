"""One verb on many cases from the inbox: each by itself, each told how it went."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from jigai.cases.access import visible_cases
from jigai.cases.flow.shapes import Step
from jigai.cases.models import Case, Task
from jigai.cases.services.act import act
from jigai.cases.services.read_copies import read_copy
from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError

VERBS = {"claim": "领办", "agree": "同意", "urge": "催办", "read": "标为已读"}
DONE = {"claim": "已领办", "agree": "已同意", "urge": "已催办", "read": "已读"}
# Which tab offers which.
OFFERED = {"todo": ("claim", "agree"), "done": ("urge",), "mine": ("urge",), "copy": ("read",)}
MOST = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: done, or refused and why."""

    number: str
    title: str
    url: str
    done: bool
    said: str


def carry_out(
    verb: str, tab: str, keys: Iterable[int], *, nonce: str, access: Access, path: str
) -> list[Outcome]:
    """Use a verb on the ticked rows (cases in the tab ``mine``, tasks elsewhere).

    Every row has a transaction and a number of its own, made from that of the form: a form sent
    twice does nothing twice, and what was refused hinders nothing else. Rows out of reach are left
    out. Raises :class:`JigaiError` for a form without a number or with too many rows.
    """
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise JigaiError("nothing-chosen", "没有勾选办件", "先勾选要办的办件")
    if len(wanted) > MOST:
        raise JigaiError("too-many", f"一次最多办 {MOST} 件", "分几次办理")
    try:
        number = uuid.UUID(nonce)
    except ValueError:
        raise JigaiError("bad-nonce", "这个表单已失效", "刷新收件箱后重新勾选") from None
    found = []
    for case, task in _rows(tab, wanted, access):
        own = uuid.uuid5(number, f"{verb}:{case.pk}:{task.pk if task else 0}")
        found.append(_one(verb, case, task, str(own), access, path))
    return found


def _rows(tab: str, keys: list[int], access: Access) -> list[tuple[Case, Task | None]]:
    mine = visible_cases(access)
    if tab == "mine":
        cases = mine.filter(pk__in=keys).select_related("release", "procedure")
        return [(case, None) for case in sorted(cases, key=lambda row: keys.index(row.pk))]
    tasks = Task.objects.filter(pk__in=keys, case__in=mine)
    tasks = tasks.select_related("case__release", "case__procedure", "step")
    return [(task.case, task) for task in sorted(tasks, key=lambda row: keys.index(row.pk))]


def _one(
    verb: str, case: Case, task: Task | None, nonce: str, access: Access, path: str
) -> Outcome:
    url = reverse("case-detail", args=[case.number])
    try:
        send_once(
            user=_user(access), nonce=nonce, path=path, act=_doing(verb, case, task, access, url)
        )
    except JigaiError as problem:
        return Outcome(case.number, case.title, url, False, str(problem))
    return Outcome(case.number, case.title, url, True, DONE[verb])


def _doing(verb: str, case: Case, task: Task | None, access: Access, url: str) -> Callable[[], str]:
    def do() -> str:
        user = _user(access)
        if verb == "read":
            read_copy(task=task.pk if task else 0, by=user, access=access)
            return url
        if verb == "agree" and task is not None and task.step is not None:
            _require_simple(case.release.spec.step(task.step.code), case)
        given = task.pk if task is not None and verb != "urge" else None
        act(case=case.pk, verb=verb, by=user, access=access, task=given)
        return url

    return do


def _require_simple(step: Step, case: Case) -> None:
    """Raise :class:`JigaiError` for a step nobody should pass without looking."""
    if step.accepts:
        raise JigaiError("one-by-one", "受理要逐件核对材料", "打开办件受理")
    required = [f.label for f in case.release.spec.fields if f.id in step.write and f.required]
    if required:
        raise JigaiError("one-by-one", f"这一步要填写{'、'.join(required)}", "打开办件办理")
    if step.mode == "vote":
        raise JigaiError("one-by-one", "票决要逐件投票", "打开办件投票")


def _user(access: Access) -> User:
    assert access.user is not None
    return access.user
