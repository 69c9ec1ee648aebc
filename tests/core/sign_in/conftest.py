"""Signing in through the real page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD

SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_counts_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def sign_in(client: Client) -> SignIn:
    """Send the form; ``client`` is then signed in where it was right."""

    def send(name: str, password: str = PASSWORD, by: Client | None = None, **extra: Any) -> Any:
        form = {"login": name, "password": password}
        return (by or client).post("/account/login/", form, **extra)

    return send
