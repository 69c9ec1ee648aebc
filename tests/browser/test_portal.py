"""The public pages as axe reads them, on a screen and on a phone, without an account."""

from __future__ import annotations

import pytest

from tests.browser.service import Service
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
PAGES = (
    "/portal/",
    "/portal/policies/?q=500万元",
    "/portal/policies/?region=兖州区",
    "/portal/policies/yanzhou-2020/",
    "/portal/policies/luan-2020/",
    "/portal/consultations/",
    "/portal/receipts/",
    "/portal/results/",
    "/portal/lists/",
)


@pytest.mark.system("public-inquiry")
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["screen", "phone"])
def test_every_public_page_is_sound(
    visitor: Visitor, district: Service, size: tuple[int, int]
) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in PAGES:
        visitor.go(path)
        visitor.look(path)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
        assert visitor.context.cookies() == [], path
    visitor.check()
