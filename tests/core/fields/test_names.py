"""Names behind codes."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.fields import names
from jigai.core.fields.names import industry_word, region_word
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from tests.factories import COUNTY, make_regions


def test_an_industry_with_its_code() -> None:
    assert industry_word("3411").endswith("（3411）") and len(industry_word("3411")) > 6
    assert industry_word("9999X") == "9999X"
    assert show_value(Field("trade", "行业", "industry"), "3411") == industry_word("3411")


@pytest.mark.django_db
def test_a_region_as_soon_as_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_REGIONS", {})
    # An unknown code is not remembered: the region may be added a minute later.
    assert region_word(COUNTY) == COUNTY
    make_regions()
    assert region_word(COUNTY) == "兖州区"
    assert show_value(Field("place", "地区", "region"), COUNTY) == "兖州区"


@pytest.mark.django_db
def test_a_known_region_is_asked_for_once(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(names, "_REGIONS", {})
    make_regions()
    with django_assert_num_queries(1):
        assert [region_word(COUNTY) for _ in range(3)] == ["兖州区"] * 3
