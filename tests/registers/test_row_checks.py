"""Checks a special file adds to a register: the same in forms, files, content and decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import ImportBatch, User
from jigai.errors import JigaiError
from jigai.registers import extras
from jigai.registers.entry_values import Prepared, prepare, prepare_one
from jigai.registers.import_plan import RegisterPlan
from jigai.registers.importing import kind_of
from jigai.registers.models import Entry, Register
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.load_content import load_file
from jigai.registers.services.propose_entry import propose_event
from jigai.registers.special.stored_land import PLACEMENTS
from tests.core.imports.kit import begin, book
from tests.factories import COUNTY
from tests.registers.conftest import START
from tests.registers.content.loaded import load
from tests.registers.test_import import commit

pytestmark = [pytest.mark.django_db, pytest.mark.system("land-control-line")]
ZONE = {
    "code": "示例-01", "name": "示例地块", "place": COUNTY, "level": "first", "area": "10公顷",
    "document": "示例文",
}  # fmt: skip
HEADS = ("项目", "地块", "地区", "占用面积（亩）", "入册日期")


@pytest.fixture
def land(clerk: User) -> Register:
    """Placements, and one zone of ten hectares (150 亩)."""
    zones, placements = load("land-zones", PLACEMENTS)
    row = prepare_one(zones, ZONE)
    admit_entries(register=zones, admissions=[Admission(row, START)])
    return Register.objects.select_related("current").get(pk=placements.pk)


def values(area: str, project: str = "示例项目") -> dict[str, str]:
    return {"project": project, "zone": "示例-01", "place": COUNTY, "area": area}


def put(land: Register, area: str, project: str = "示例项目") -> Entry:
    row = prepare_one(land, values(area, project))
    return admit_entries(register=land, admissions=[Admission(row, START)])[0]


def test_the_general_form_refuses_what_the_special_page_refuses(
    land: Register, clerk: User, client: Client
) -> None:
    put(land, "9公顷")
    client.force_login(clerk)
    answer = client.post(
        reverse("entry-new", args=[PLACEMENTS]),
        {**values("2公顷", "示例项目二"), "effective": "2024-05-01", "nonce": "a"},
    )
    assert answer.status_code == 422
    assert "只剩 15.00 亩，不够再占 30.00 亩" in answer.content.decode()
    assert Entry.objects.filter(register=land).count() == 1


def test_rows_of_a_file_add_up_and_the_row_too_many_stays_out(land: Register, clerk: User) -> None:
    rows = [(f"示例项目{n}", "示例-01", COUNTY, 60, "2024-05-01") for n in (1, 2, 3)]
    batch = bring_land(land, clerk, *rows)
    assert batch.counts["planned"] | {"left_out": 1} == batch.counts["planned"]
    assert commit(batch, clerk).status == ImportBatch.Status.COMMITTED
    assert Entry.objects.filter(register=land).count() == 2
    # The same file again changes nothing, so it does not occupy anything a second time.
    again = bring_land(land, clerk, *rows[:2])
    assert again.counts["planned"]["unchanged"] == 2 and again.counts["planned"]["left_out"] == 0


def bring_land(land: Register, clerk: User, *rows: Any) -> ImportBatch:
    return begin(book(HEADS, *rows), clerk, name="落位.xlsx", year=2024, kind=kind_of(land))


def test_content_is_refused_too(land: Register, tmp_path: Path) -> None:
    path = tmp_path / "demo-placements.yaml"
    entry = (
        "- {{from: 2024-01-01, source: 示例, "
        'values: {{项目: 示例{0}, 地块: 示例-01, 地区: "370812", 占用面积: {1}}}}}\n'
    )
    path.write_text(
        f"register: {{code: {PLACEMENTS}}}\nentries:\n"
        + entry.format("甲", "60亩") + entry.format("乙", "100亩"), encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(JigaiError, match=r"第 2 条：地块“示例-01”只剩 90\.00 亩"):
        load_file(path)
    assert not Entry.objects.filter(register=land).exists()
    path.write_text(path.read_text(encoding="utf-8").replace("100亩", "90亩"), encoding="utf-8")
    load_file(path)
    # Loaded once more, its own rows are not counted against it.
    load_file(path)
    assert Entry.objects.filter(register=land).count() == 2


def test_an_entry_may_grow_into_what_is_left_but_not_beyond(
    land: Register, clerk: User, chief: User
) -> None:
    first = put(land, "4公顷")
    put(land, "4公顷", "示例项目二")
    access = access_of(clerk)

    def grow(area: str) -> Any:
        return propose_event(
            entry=first, kind="change", effective=START, by=clerk, access=access,
            values=values(area), reason="示例",
        )  # fmt: skip

    with pytest.raises(JigaiError, match=r"只剩 90\.00 亩"):
        grow("6.01公顷")
    proposal = grow("6公顷")
    decide_proposal(proposal=proposal.pk, approve=True, by=chief, access=access_of(chief))
    first.refresh_from_db()
    assert first.values["area"] == 6_000_000


def test_approval_and_readmission_are_checked_as_of_then(
    land: Register, clerk: User, chief: User
) -> None:
    gone = put(land, "4公顷")
    access, boss = access_of(clerk), access_of(chief)
    out = propose_event(entry=gone, kind="remove", effective=START, by=clerk, access=access,
                        reason="示例")  # fmt: skip
    decide_proposal(proposal=out.pk, approve=True, by=chief, access=boss)
    back = propose_event(entry=gone, kind="readmit", effective=START, by=clerk, access=access,
                         reason="示例")  # fmt: skip
    put(land, "7公顷", "示例项目二")
    with pytest.raises(JigaiError, match=r"只剩 45\.00 亩，不够再占 60\.00 亩"):
        decide_proposal(proposal=back.pk, approve=True, by=chief, access=boss)
    gone.refresh_from_db()
    assert gone.state == Entry.State.REMOVED


@pytest.mark.parametrize("late", [False, True])
def test_a_file_read_before_somebody_else_placed_does_not_come_in(
    land: Register, clerk: User, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = bring_land(land, clerk, ("示例项目一", "示例-01", COUNTY, 60, "2024-05-01"))
    if late:
        # Between the last reading of the file and the writing.
        apply = RegisterPlan.apply

        def overtaken(self: Any, *given: Any) -> None:
            put(land, "9公顷", "示例项目二")
            apply(self, *given)

        monkeypatch.setattr(RegisterPlan, "apply", overtaken)
    else:
        put(land, "9公顷", "示例项目二")
    done = commit(batch, clerk)
    # What came in between was part of the transaction here and goes back with it.
    left = [] if late else ["示例项目二"]
    assert [entry.title for entry in Entry.objects.filter(register=land)] == left
    assert (done.status == ImportBatch.Status.COMMITTED) is not late


@pytest.fixture
def check(register: Register) -> Iterator[Callable[..., Any]]:
    """Puts a check on the example register for one test."""

    def add(found: Callable[[Register, Sequence[Prepared]], None]) -> None:
        extras.register_check(register.code, found)

    yield add
    extras._CHECKS.pop(register.code, None)


def test_a_check_sees_sound_rows_only_and_the_entry_behind_each(
    register: Register, listed: Any, check: Any
) -> None:
    entry = listed(register)
    seen: list[tuple[str, int | None]] = []
    check(lambda _, rows: seen.extend((row.title, row.entry_id) for row in rows))
    firm = entry.values["firm"]
    good = {"firm": firm, "level": "市级", "revenue": "2000万元"}
    new = {"firm": "示例新企业", "level": "市级", "revenue": "2000万元"}
    prepare(register, [good, new, {**new, "level": "国家级"}])
    assert seen == [(firm["name"], entry.pk), ("示例新企业", None)]
    seen.clear()
    prepare(register, [new], entry=entry.pk)
    assert seen == [("示例新企业", entry.pk)]
