"""Each register with a page of its own leads to it, and only who may see registers gets there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_regions, make_user
from tests.registers.content.shipped import ship

PAGES = [
    ("eliminated-equipment", "equipment-match", "eliminated-equipment-list"),
    ("equipment-ledger", "equipment-match", "eliminated-equipment-list"),
    ("energy-limit-standards", "energy-limit-check", "energy-limit-standards"),
    ("industry-lists", "industry-question", "industry-lists"),
    ("key-energy-users", "key-list-conflicts", "key-enterprise-lists"),
    ("cluster-leaders", "key-list-conflicts", "key-enterprise-lists"),
    ("clean-production-list", "cleaner-progress", "clean-production-list"),
]


@pytest.mark.parametrize(
    ("code", "page"),
    [pytest.param(c, p, marks=pytest.mark.system(s), id=c) for c, p, s in PAGES],
)
def test_the_registers_page_leads_to_it(db: None, client: Client, code: str, page: str) -> None:
    make_regions()
    ship(code)
    at = reverse(page)
    assert client.get(at).status_code == 302
    client.force_login(make_user("section-clerk"))
    assert f'href="{at}"' in client.get(reverse("register-detail", args=[code])).content.decode()
    assert client.get(at).status_code == 200


@pytest.mark.parametrize("page", sorted({page for _, page, _ in PAGES}))
def test_a_page_without_its_register_says_there_is_nothing(
    db: None, client: Client, page: str
) -> None:
    make_regions()
    client.force_login(make_user("section-clerk"))
    assert client.get(reverse(page)).status_code == 200
