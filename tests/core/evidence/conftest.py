"""A store of its own for each test: they look at what is left in its folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: Any) -> Path:
    """Where the store of this test lies; other workers keep theirs elsewhere."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"
