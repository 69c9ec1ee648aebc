"""The address papers carry: a web address without a slash at its end, or none."""

from __future__ import annotations

import pytest

from jigai.config.environment import web_address
from jigai.errors import JigaiError


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", ""), ("https://a.example/", "https://a.example"), ("http://10.0.0.8:8000", ) * 2,
     (" https://a.example/base/ ", "https://a.example/base")],
)  # fmt: skip
def test_a_web_address_is_kept(given: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIGAI_SITE_URL", given)
    assert web_address("JIGAI_SITE_URL") == kept


@pytest.mark.parametrize("given", ["a.example", "ftp://a.example", "https://", "https://a/?b=c"])
def test_anything_else_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIGAI_SITE_URL", given)
    with pytest.raises(JigaiError, match="JIGAI_SITE_URL"):
        web_address("JIGAI_SITE_URL")
