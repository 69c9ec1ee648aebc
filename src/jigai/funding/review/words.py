"""Names this package shares: the procedure, its steps, its address."""

from __future__ import annotations

PROCEDURE = "subsidy-review"
ABOUT = "application:"
# Steps of the procedure with something of their own behind them.
FORMAL, AUDIT, CONFIRM, CONCLUDE = "formal", "audit", "confirm", "conclude"
# Departments asked side by side, by step: the line of each.
OPINIONS = {
    "tax": "tax", "ecology": "ecology", "safety": "emergency", "market": "market",
    "credit": "development", "statistics": "statistics",
}  # fmt: skip
# What an applicant may be asked to correct, as fields of the case.
SECTIONS = {
    "form": "申报表", "lines": "发票与申报基数", "materials": "申报材料", "members": "共同体协议",
}  # fmt: skip
VIEW, REVIEW, AUDITS = "application.view", "application.review", "application.audit"
