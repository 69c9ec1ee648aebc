"""What tests of rounds share."""

from __future__ import annotations

from tests.policies.conftest import firm as firm
