"""The pages that clerks look at while a round stands, through the whole request."""

from __future__ import annotations

import re
from typing import Any

from bench.rounds.clock import Clock

_NEXT = re.compile(r'href="(\?[^"]*page=[^"]+)"[^>]*>\s*下一页')


def reader(user: Any = None) -> Any:
    """A browser without a browser, signed in where there is somebody."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    if user is not None:
        client.force_login(user)
    return client


def page(clock: Clock, label: str, client: Any, address: str) -> str:
    """A page read once to warm up and once for the clock."""
    client.get(address)
    answer = clock.step(label, lambda: client.get(address))
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def look(clock: Clock, scene: dict[str, Any]) -> None:
    """Both lists, the first page and the next one by key."""
    client = reader(scene["people"]["clerk"])
    for name, address in (("申报列表", "/applications/"), ("审核列表", "/review/")):
        first = page(clock, f"{name}，第一页", client, address)
        after = _NEXT.search(first)
        assert after and "SB-370812-2021-" in first, f"{address} has no rows or no next page"
        onward = address + after.group(1).replace("&amp;", "&")
        second = page(clock, f"{name}，下一页", client, onward)
        numbers = [set(re.findall(r"SB-370812-2021-\d{6}", text)) for text in (first, second)]
        assert numbers[1] and not numbers[0] & numbers[1], "a page shows what the one before did"
