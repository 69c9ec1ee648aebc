"""How many queries each page asks, on both registers; prints JSON by page and register."""

from __future__ import annotations

import json

import django

from bench.registers.pages import LARGE, PAGES, PUBLIC, SMALL, list_address, public_address


def main() -> None:
    """One reader in this process, every page twice: the second time counts."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jigai.core.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username="reader0"))
    found: dict[str, int] = {}
    for slug in (SMALL, LARGE):
        pages = {name: list_address(slug, conditions) for name, conditions in PAGES.items()}
        for name, address in {**pages, PUBLIC: public_address(slug)}.items():
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            found[f"{slug}|{name}"] = len(asked)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
