"""Puts the nets up for a whole run and fails the test in which one of them caught something."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.nets import findings


def pytest_configure() -> None:
    """Before the first request or template."""
    from django.conf import settings
    from django.db.backends.signals import connection_created
    from django.template import engines

    from tests.nets.queries import watch
    from tests.nets.undefined import Undefined

    name = "tests.nets.middleware.NetsMiddleware"
    if name not in settings.MIDDLEWARE:
        settings.MIDDLEWARE.insert(0, name)
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    engines["django"].engine.string_if_invalid = Undefined()
    connection_created.connect(watch, dispatch_uid="nets")
    # The server of static files warns when its folder is not there.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def _guarded() -> Generator[None, Any, Any]:
    try:
        result = yield
    except BaseException as error:
        for finding in findings.take():
            error.add_note(f"net: {finding}")
        raise
    if found := findings.take():
        pytest.fail("\n".join(("the nets caught:", *found)), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    """Fixtures open pages too."""
    return (yield from _guarded())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """The test itself."""
    return (yield from _guarded())
