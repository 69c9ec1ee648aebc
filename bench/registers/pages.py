"""The pages that are read, the same for readers and for the count of queries."""

from __future__ import annotations

SMALL, LARGE = "bench-small", "bench-large"
# Name and conditions; "next page" is followed from the first page of each.
PAGES = {
    "首页": "",
    "筛选：级别": "f_level=province",
    "筛选：地区": "region=370812",
    "筛选：某日在册": "on=2024-06-01",
    "查词": "q=示例机械",
    "排序：名称": "sort=pinyin",
    "排序：入册日期": "sort=-starts",
    "排序：离册日期": "sort=-ends",
    "排序：金额字段": "sort=-sort_revenue",
    "排序：日期字段": "sort=-sort_made",
}
NEXT = "下一页"
PUBLIC = "门户公开页"


def list_address(slug: str, conditions: str = "") -> str:
    """The list of a register."""
    return f"/registers/{slug}/entries/" + (f"?{conditions}" if conditions else "")


def public_address(slug: str) -> str:
    """Its page on the portal."""
    return f"/portal/lists/{slug}/"
