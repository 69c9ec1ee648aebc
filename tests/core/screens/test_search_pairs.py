"""Full-width and half-width forms are the same sign, in the question and in what is stored."""

from __future__ import annotations

import pytest

from jigai.core.models import Enterprise
from jigai.core.models.search import pairs_query
from tests.factories import make_enterprise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stored", ["兖州（甲）重工ＡＢ", "兖州(甲)重工AB", "兖州﹙甲﹚重工ａｂ"])
@pytest.mark.parametrize("typed", ["（甲）", "(甲)", "州（甲", "重工ab", "ＡＢ", "﹙甲﹚重"])
def test_either_form_finds_either_form(stored: str, typed: str) -> None:
    row = make_enterprise(stored)
    make_enterprise("兖州乙重机CD")
    assert list(Enterprise.objects.filter(search=pairs_query(typed))) == [row]
