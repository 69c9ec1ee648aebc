"""Two hand-ins of one enterprise for its only place: exactly one wins.

The control takes the lock away; both then see a free place.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services import submit_application as submitting
from jigai.funding.models import Application
from tests.factories import make_department, make_regions
from tests.funding.applications.conftest import begin, fill, firm, person_of, project_of
from tests.funding.making import make_round

pytestmark = pytest.mark.system("application-quota")
TRIALS = 4


@pytest.fixture
def pairs(own_database: str) -> Iterator[list[tuple[User, list[int]]]]:
    """Enterprises with two complete drafts each."""
    make_regions()
    make_department()
    round_ = make_round(readings={"invoice_window": "a"})
    made = []
    for _ in range(TRIALS):
        owner = firm()
        person = person_of(owner)
        drafts = [fill(begin(round_, project_of(owner), person), person) for _ in range(2)]
        made.append((person, [row.pk for row in drafts]))
    yield made


def race(person: User, drafts: list[int]) -> list[str]:
    """Both at the same moment; what became of each."""
    ready, told = threading.Barrier(2), ["", ""]
    access = access_of(person)

    def run(place: int) -> None:
        try:
            ready.wait(30)
            submitting.submit_application(application=drafts[place], by=person, access=access)
            told[place] = "done"
        except JigaiError as error:
            told[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_exactly_one_takes_the_last_place(pairs: list[tuple[User, list[int]]]) -> None:
    for person, drafts in pairs:
        assert race(person, drafts) == ["done", "quota-full"]
        states = Application.objects.filter(pk__in=drafts).values_list("state", flat=True)
        assert sorted(states) == ["draft", "submitted"]


def test_without_the_lock_both_get_in(
    pairs: list[tuple[User, list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each has looked before the other has written."""
    looked = threading.Barrier(2)
    real = submitting.require_place

    def together(row: Application) -> None:
        real(row)
        looked.wait(30)

    monkeypatch.setattr(submitting, "lock_applicant", lambda _row: None)
    monkeypatch.setattr(submitting, "require_place", together)
    monkeypatch.setattr(submitting, "problems_of", lambda _row, _found: [])
    person, drafts = pairs[0]
    assert race(person, drafts) == ["done", "done"]
