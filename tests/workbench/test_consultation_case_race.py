"""One approves on the page of the round, another in the inbox, at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection

from jigai.cases.models import Case, CaseRecord
from jigai.cases.services import act as acting
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach import rounds
from jigai.outreach.models import Consultation
from jigai.outreach.services import open_consultation as opening
from tests.factories import make_regions, make_user
from tests.outreach import consultations as c

pytestmark = [pytest.mark.system("public-consultation")]


def at_once(monkeypatch: Any, by_page: Callable[[], Any], by_case: Callable[[], Any]) -> list[str]:
    """What became of the two: ``done``, ``refused``, or ``broken`` where they held each other up.

    Each waits for the other once it holds its first lock.
    """
    ready, lock, text = threading.Barrier(2), acting.locked_case, opening._same_text

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):
            ready.wait(0.5)

    def locked(pk: int) -> Case:
        found = lock(pk)
        meet()
        return found

    def same_text(item: Consultation) -> None:
        text(item)
        meet()

    def doing(place: int, act: Callable[[], Any]) -> None:
        try:
            act()
            told[place] = "done"
        except JigaiError:
            told[place] = "refused"
        except OperationalError:
            told[place] = "broken"
        finally:
            connection.close()

    told = ["", ""]
    monkeypatch.setattr(acting, "locked_case", locked)
    monkeypatch.setattr(opening, "_same_text", same_text)
    threads = [threading.Thread(target=doing, args=one) for one in enumerate((by_page, by_case))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


@pytest.mark.parametrize("held", [True, False])
def test_the_case_is_held_before_the_round(
    own_database: str, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """The control locks in the order each door comes to it, and the two block each other."""
    if not held:
        free = replace(rounds._WAYS[0], hold=lambda consultation: None)
        monkeypatch.setattr(rounds, "_WAYS", [free])
    c.Clock(monkeypatch, c.FIRST)
    make_regions()
    clerk = make_user("section-clerk", c.LUAN)
    one, two = (make_user("section-chief", c.LUAN) for _ in range(2))
    item = c.drafted(clerk, c.install())
    case = Case.objects.get(about=f"consultation:{item.pk}")

    def page(user: User = one) -> Any:
        return opening.open_consultation(consultation=item.pk, by=user, access=access_of(user))

    def inbox(user: User = two) -> Any:
        return acting.act(case=case.pk, verb="agree", by=user, access=access_of(user))

    told = at_once(monkeypatch, page, inbox)
    assert told == (["done", "refused"] if held else ["broken", "done"])
    assert Consultation.objects.get().status == "open"
    assert CaseRecord.objects.filter(case=case, verb="agree").count() == 1
