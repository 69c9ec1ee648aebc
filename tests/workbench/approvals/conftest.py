"""The county of the shipped approvals, for pages."""

from __future__ import annotations

from tests.cases.content.conftest import town as town
from tests.cases.content.conftest import zone as zone
