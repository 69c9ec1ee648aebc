"""Clauses of all documents are found by kind, region and day."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-corpus")]


@pytest.fixture
def documents(pack: PackVersion) -> None:
    for name in ("guangdong-2019", "luan-2020"):
        install_pack(folder=packs_dir() / name, check=False)


def titles(web: Client, query: str) -> set[str]:
    shown = web.get(f"/clauses/?size=100&{query}").content.decode()
    known = {"兖州": "yanzhou-2020", "广东": "guangdong-2019", "六安": "luan-2020"}
    return {short for short, slug in known.items() if f"/policies/{slug}/clauses/" in shown}


def test_by_region_kind_and_day(web: Client, documents: Any) -> None:
    assert titles(web, "kind=measure") == {"兖州", "广东", "六安"}
    assert titles(web, "region=440000") == {"广东"}
    assert titles(web, "kind=price") == set()
    # The draft is never in force; the others only in their time.
    assert titles(web, "on=2020-08-15") == {"兖州", "广东"}
    assert titles(web, "on=2020-08-14") == {"广东"}
    assert titles(web, "on=2018-01-01") == set()
    # By the year a document was issued; one without a date has no year.
    assert titles(web, "year=2020") == {"兖州"}
    assert titles(web, "year=2019") == {"广东"} and titles(web, "year=2018") == set()


@pytest.mark.system("policy-supersession")
def test_the_number_of_a_replaced_document_leads_to_its_successor(
    web: Client, documents: Any
) -> None:
    found = web.get("/policies/?q=粤经信技改〔2018〕8号").content.decode()
    assert "/policies/guangdong-2019/" in found and "/policies/yanzhou-2020/" not in found
    page = web.get("/policies/guangdong-2019/").content.decode()
    assert "替代" in page and "粤经信技改〔2018〕8号" in page and "粤府〔2018〕79号" in page


def test_an_evaluation_starts_from_the_nearest_document(
    web: Client, documents: Any, pack: PackVersion
) -> None:
    shown = web.get("/evaluations/new/").content.decode()
    assert f'<option value="{pack.pk}" selected>' in shown
