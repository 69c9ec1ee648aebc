"""Two placements at the same moment: held, the second sees the first; without, both get in."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.services import propose_entry as module
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.place_project import place_project
from jigai.registers.special.stored_land import PLACEMENTS
from tests.factories import COUNTY, make_regions, make_user
from tests.registers.conftest import START
from tests.registers.content.loaded import load

pytestmark = pytest.mark.system("land-control-line")
ZONE = {
    "code": "示例-01", "name": "示例地块", "place": COUNTY, "level": "first", "area": "10公顷",
    "document": "示例文",
}  # fmt: skip


@pytest.mark.parametrize("held", [True, False])
def test_two_at_the_same_moment(
    own_database: str, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_regions()
    zones, placements = load("land-zones", PLACEMENTS)
    admit_entries(register=zones, admissions=[Admission(prepare_one(zones, ZONE), START)])
    clerk = make_user("section-clerk", name="经办人")
    if not held:
        monkeypatch.setattr(module, "hold_for_checks", lambda register: None)
    ready, errors = threading.Barrier(2), []

    def place(project: str) -> None:
        values: dict[str, Any] = {
            "project": project, "zone": "示例-01", "place": COUNTY, "area": "6公顷",
        }  # fmt: skip
        try:
            ready.wait(5)
            with transaction.atomic():
                place_project(values=values, by=clerk, access=access_of(clerk))
                # Neither commits before the other has looked, unless it is made to wait.
                with suppress(threading.BrokenBarrierError):
                    ready.wait(2)
        except JigaiError as error:
            errors.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=place, args=(f"示例项目{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    placed = Entry.objects.filter(register=placements).count()
    assert (placed, len(errors)) == ((1, 1) if held else (2, 0)), errors
    assert all("不够再占" in error for error in errors)
