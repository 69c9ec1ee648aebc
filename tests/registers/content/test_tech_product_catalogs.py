"""Four catalogues stand side by side, each in editions that end on a day; entries can be named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.counting import count_on
from jigai.registers.models import Edition, Entry, Register
from jigai.registers.selectors import editions_on, entries_on
from jigai.registers.selectors_public import public_entries, public_row
from jigai.registers.services.add_edition import store_edition
from jigai.registers.special.references import referred, referring
from tests.factories import SIBLING, make_regions, make_user
from tests.registers.conftest import Make
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.django_db, pytest.mark.system("tech-product-catalogs")]
D = dt.date
LAST = D(2017, 12, 31)


@pytest.fixture
def register() -> Register:
    """The catalogues as shipped, with two editions of one line and one of another."""
    make_regions()
    row = ship("tech-product-catalogs")
    edition(row, "promoted-2016", "promoted", D(2016, 1, 1), LAST)
    edition(row, "promoted-2018", "promoted", D(2018, 1, 1), None)
    edition(row, "saving-2016", "saving", D(2016, 7, 1), D(2018, 6, 30))
    return row


def edition(register: Register, code: str, line: str, start: dt.date, end: dt.date | None) -> None:
    store_edition(Edition(
        register=register, code=code, name=f"示例{code}", line=line, valid_from=start,
        valid_to=end, source="示例公告",
    ))  # fmt: skip


def add(register: Register, name: str, code: str, start: dt.date, **more: Any) -> Entry:
    return put(register, {"名称": name, "类型": "产品", **more}, since=start, edition=code)[0]


def names(register: Register, day: dt.date, words: str = "") -> list[str]:
    return sorted(public_row(register, s).title for s in public_entries(register, day, words))


def test_the_four_lines_of_the_document_are_one_register(register: Register) -> None:
    assert list(register.schema.lines) and len(register.schema.lines) == 4
    assert register.items == [f"jiangsu-2015:JS-G0{n}" for n in (2, 3, 4, 5)]
    # Two catalogues are in force at once, one edition of each.
    assert [e.code for e in editions_on(register, D(2017, 1, 1))] == [
        "promoted-2016",
        "saving-2016",
    ]


def test_entries_go_with_their_edition_the_day_after_its_last(register: Register) -> None:
    """玩具实现会漏掉: the version of the catalogue and the day it lapses."""
    add(register, "示例数控机床", "promoted-2016", D(2016, 1, 1))
    add(register, "示例数控机床", "promoted-2018", D(2018, 1, 1))
    add(register, "示例旧型泵", "promoted-2016", D(2016, 1, 1))
    assert names(register, LAST) == ["示例数控机床", "示例旧型泵"]
    assert names(register, LAST + dt.timedelta(days=1)) == ["示例数控机床"]
    assert [s.edition.code for s in entries_on(register, D(2018, 1, 1)) if s.edition] == [
        "promoted-2018"
    ]
    assert (count_on(register, LAST, "product"), count_on(register, D(2018, 1, 1))) == (2, 1)


def test_editions_overlap_between_lines_and_never_within_one(register: Register) -> None:
    edition(register, "patents-2016", "patents", D(2016, 1, 1), None)
    with pytest.raises(JigaiError):
        edition(register, "promoted-2017", "promoted", D(2017, 6, 1), D(2018, 6, 1))
    assert not register.editions.filter(code="promoted-2017").exists()


def test_search_finds_names_fields_and_search_words(register: Register) -> None:
    add(
        register,
        "示例数控机床",
        "promoted-2016",
        D(2016, 1, 1),
        检索词="加工中心、五轴",
        领域="装备",
    )
    add(register, "示例余热回收", "saving-2016", D(2016, 7, 1), 联系方式="示例内部电话")
    day = D(2017, 1, 1)
    assert names(register, day, "五轴") == ["示例数控机床"]
    assert names(register, day, "余热") == ["示例余热回收"]
    # What is not public cannot be searched by the public.
    assert names(register, day, "内部电话") == []


def test_a_need_names_an_entry_and_learns_that_its_edition_lapsed(
    register: Register, make_register: Make, client: Client
) -> None:
    clerk = make_user("section-clerk")
    old = add(register, "示例旧型泵", "promoted-2016", D(2016, 1, 1))
    needs = make_register(
        "demo-needs", title="need", subject="", unique=["need"], admission="", constants={},
        validations=[], validity={"kind": "none"}, counting=[], apply=False,
        fields=[{"id": "need", "label": "需求", "type": "text", "required": True},
                {"id": "wants", "label": "选用产品", "type": "entry",
                 "register": "tech-product-catalogs"}],
    )  # fmt: skip
    need = put(needs, {"need": "示例需求", "wants": "示例旧型泵"}, since=D(2017, 1, 1))[0]
    assert need.values["wants"]["id"] == old.pk
    access = access_of(clerk)
    (out,) = referred(access, Entry.objects.get(pk=need.pk), LAST)
    assert (out.entry, out.label, out.stale) == (old, "选用产品", False)
    # The catalogue is another province's, and public: its name is told, its file stays there.
    assert not out.open
    (late,) = referred(access, Entry.objects.get(pk=need.pk), D(2018, 1, 1))
    assert late.stale
    (back,) = referring(access, Entry.objects.get(pk=old.pk), LAST)
    assert (back.entry, back.register) == (need, needs.name)
    client.force_login(clerk)
    at = reverse("entry-links", args=[need.pk])
    part = client.get(at).content.decode()
    assert "引用已落空" in part and "示例旧型泵" in part
    assert at in client.get(reverse("entry-detail", args=[need.pk])).content.decode()
    # Another county's office may not ask about this one's entries.
    client.force_login(make_user("section-clerk", SIBLING))
    assert client.get(at).status_code == 404


def test_a_name_in_two_editions_means_the_newest_unless_said(
    register: Register, make_register: Make
) -> None:
    old = add(register, "示例数控机床", "promoted-2016", D(2016, 1, 1))
    new = add(register, "示例数控机床", "promoted-2018", D(2018, 1, 1))
    needs = make_register(
        "demo-needs", title="wants", subject="", unique=[], admission="", constants={},
        validations=[], validity={"kind": "none"}, counting=[], apply=False,
        fields=[{"id": "wants", "label": "选用产品", "type": "entry",
                 "register": "tech-product-catalogs"}],
    )  # fmt: skip
    said = {"id": old.pk, "name": "示例数控机床"}
    by_name, exact = put(needs, {"wants": "示例数控机床"}, {"wants": said})
    assert (by_name.values["wants"]["id"], exact.values["wants"]["id"]) == (new.pk, old.pk)
