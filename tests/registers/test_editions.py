"""Editions: which list is in force when, and that two of one kind never are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.models import Edition, Register
from jigai.registers.selectors import editions_on, entries_on
from jigai.registers.services.add_edition import add_edition, end_edition
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.propose_entry import propose_entry
from tests.factories import SIBLING, make_user
from tests.registers.conftest import Make

pytestmark = [pytest.mark.django_db, pytest.mark.system("tech-product-catalogs")]
DAY = dt.timedelta(days=1)
OLD, NEW = dt.date(2022, 1, 1), dt.date(2024, 1, 1)


@pytest.fixture
def catalogue(make_register: Make) -> Register:
    return make_register("catalogue", editions=True, validity={"kind": "edition"},
                         lines={"product": "新产品", "energy": "节能技术"})  # fmt: skip


def add(register: Register, by: User, code: str, valid_from: dt.date, **more: Any) -> Edition:
    return add_edition(
        register=register, code=code, name=f"{code} 版", valid_from=valid_from, by=by,
        access=access_of(by), line=more.pop("line", "product"), **more,
    )  # fmt: skip


def test_an_overlap_names_both_and_the_fix(catalogue: Register, clerk: User) -> None:
    add(catalogue, clerk, "2022", OLD)
    with pytest.raises(JigaiError) as error:
        add(catalogue, clerk, "2024", NEW)
    assert "“2024 版”" in error.value.message and "“2022 版”" in error.value.message
    assert "2023-12-31" in error.value.hint
    assert Edition.objects.count() == 1


def test_the_database_refuses_what_slips_past(catalogue: Register, clerk: User) -> None:
    add(catalogue, clerk, "2022", OLD)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        Edition.objects.create(register=catalogue, code="x", name="x", line="product",
                               valid_from=NEW)  # fmt: skip


def test_lines_run_side_by_side_and_the_new_edition_ends_the_old(
    catalogue: Register, clerk: User
) -> None:
    add(catalogue, clerk, "2022", OLD)
    add(catalogue, clerk, "energy", OLD, line="energy")
    add(catalogue, clerk, "2024", NEW, end_previous=True)
    assert [e.code for e in editions_on(catalogue, NEW - DAY)] == ["energy", "2022"]
    assert [e.code for e in editions_on(catalogue, NEW)] == ["energy", "2024"]


def test_an_entry_counts_while_its_edition_does(
    catalogue: Register, clerk: User, chief: User
) -> None:
    """玩具实现会漏掉: versions of a catalogue and the day they cease."""
    edition = add(catalogue, clerk, "2022", OLD)
    values = {"firm": {"name": "示例制造有限公司"}, "level": "市级", "revenue": "2000万元"}
    entry = propose_entry(register=catalogue, values=values, by=clerk, access=access_of(clerk),
                          edition=edition, effective=OLD)  # fmt: skip
    decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=chief,
                    access=access_of(chief))  # fmt: skip
    far = NEW + 1000 * DAY
    assert entries_on(catalogue, far).count() == 1
    end_edition(edition=edition, valid_to=NEW - DAY, by=clerk, access=access_of(clerk))
    found = [entries_on(catalogue, day).count() for day in (OLD - DAY, OLD, NEW - DAY, NEW, far)]
    assert found == [0, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"line": ""}, "edition-line"), ({"line": "steel"}, "edition-line"),
     ({"code": "2022"}, "edition-code"), ({"valid_to": OLD}, "edition-dates")],
)  # fmt: skip
def test_what_is_no_edition(
    catalogue: Register, clerk: User, changes: dict[str, Any], code: str
) -> None:
    add(catalogue, clerk, "2022", OLD, valid_to=NEW - DAY)
    given = {"code": "2024", "valid_from": NEW, **changes}
    with pytest.raises(JigaiError) as error:
        add(catalogue, clerk, given.pop("code"), given.pop("valid_from"), **given)
    assert error.value.code == code


def test_a_register_without_editions_and_a_stranger(
    catalogue: Register, register: Register, clerk: User
) -> None:
    with pytest.raises(JigaiError) as error:
        add(register, clerk, "1", OLD, line="")
    assert error.value.code == "no-editions"
    with pytest.raises(Denied):
        add(catalogue, make_user("section-clerk", SIBLING), "1", OLD)
