"""What one simulated person does: sign in once, then read both registers in every way."""

from __future__ import annotations

import os
import re
from itertools import count, cycle

from locust import FastHttpUser, constant, task

from bench.registers.pages import (
    LARGE,
    NEXT,
    PAGES,
    PUBLIC,
    SMALL,
    list_address,
    public_address,
)

PASSWORD = os.environ["BENCH_PASSWORD"]
SLUGS = (SMALL, LARGE)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_NEXT = re.compile(r'href="(\?[^"]*page=[^"]+)"[^>]*>\s*下一页')
_number = count()
# Everybody goes through the same pages, each from another one on: every page is asked for as often.
_STEPS = [(slug, name) for name in (*PAGES, NEXT, PUBLIC) for slug in SLUGS]


class Clerk(FastHttpUser):
    """Waits a second between pages, as somebody who reads quickly."""

    wait_time = constant(1)

    def on_start(self) -> None:
        """Sign in by the form."""
        number = next(_number)
        page = self.client.get("/account/login/", name="sign in").text
        token = _TOKEN.search(page)
        assert token, "no form to sign in"
        sent = {
            "csrfmiddlewaretoken": token.group(1),
            "login": f"reader{number}",
            "password": PASSWORD,
        }
        headers = {"Referer": f"{self.host}/account/login/"}
        self.client.post("/account/login/", sent, headers=headers, name="sign in")
        place = number * 5 % len(_STEPS)
        self.steps = cycle([*_STEPS[place:], *_STEPS[:place]])
        self.after = dict.fromkeys(SLUGS, "")
        for slug in SLUGS:
            self._read(slug, "首页", kept="sign in")

    @task
    def step(self) -> None:
        """The next page of the round."""
        slug, name = next(self.steps)
        self._read(slug, name)

    def _read(self, slug: str, name: str, kept: str = "") -> None:
        address = list_address(slug, PAGES.get(name, ""))
        if name == NEXT:
            address = list_address(slug) + self.after[slug]
        if name == PUBLIC:
            address = public_address(slug)
        with self.client.get(address, name=kept or f"{slug}|{name}", catch_response=True) as answer:
            text = str(answer.text)
            if "jg-table" not in text or (name != PUBLIC and "jg-pager" not in text):
                answer.failure("not the list")
            elif name in ("首页", NEXT):
                found = _NEXT.search(text)
                self.after[slug] = found.group(1).replace("&amp;", "&") if found else ""
