"""How many queries each page asks, in both departments; prints JSON by page and department."""

from __future__ import annotations

import json
import os

import django

from bench.cases.pages import AFTER, CASE, DETAIL, NEXT, PAGES, addresses, reader


def main() -> None:
    """One reader of each sort in this process, every page twice: the second time counts."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jigai.core.models import User

    settings.ALLOWED_HOSTS = ["*"]
    found: dict[str, int] = {}
    for number in range(4):
        county, role = reader(number)
        client = Client()
        client.force_login(User.objects.get(username=f"reader{number}"))
        pages = addresses(role, os.environ["BENCH_PROCEDURE"])
        first = client.get(pages["待办首页"]).content.decode()
        after, case = AFTER.search(first), CASE.search(first)
        assert after and case, (county, role, "nothing to do")
        pages[NEXT] = f"{PAGES['待办首页']}{after.group(1).replace('&amp;', '&')}"
        pages[DETAIL] = case.group(1)
        for name, address in pages.items():
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            found[f"{county}|{name}"] = max(len(asked), found.get(f"{county}|{name}", 0))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
