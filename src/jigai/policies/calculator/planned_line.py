"""An invoice as people plan it: nothing is wrong with it unless they say so."""

from __future__ import annotations

# Values (as words) of the terms of packs/national/vocabulary.yaml that checks of the platform and
# the tax office fill in for real invoices.
PASSED = {
    "attached": "是", "date_valid": "是", "unit_suspect": "否", "void": "否", "red_letter": "否",
    "original_listed": "否", "arithmetic_ok": "是", "buyer_matches": "是",
    "duplicate_in_project": "否", "duplicate_across": "否", "item_kind": "其他",
}  # fmt: skip
# The term that takes the day of the application when it is left blank.
DAY_TERM = "invoice_date"
DAY_WORD = "申报的日子"
