"""What one simulated person does: sign in once, then look at the desk and at cases in every way."""

from __future__ import annotations

import os
import re
from itertools import count, cycle

from locust import FastHttpUser, constant, task

from bench.cases.pages import AFTER, CASE, DETAIL, NEXT, PAGES, addresses, reader

PASSWORD = os.environ["BENCH_PASSWORD"]
PROCEDURE = os.environ["BENCH_PROCEDURE"]
FIRST = next(iter(PAGES))
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_number = count()


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
        self.county, role = reader(number)
        self.pages = addresses(role, PROCEDURE)
        self._read(FIRST, kept="sign in")
        # Everybody goes through the same pages, each from another one on.
        names = list(self.pages)
        place = number * 5 % len(names)
        self.steps = cycle([*names[place:], *names[:place]])

    @task
    def step(self) -> None:
        """The next page of the round."""
        self._read(next(self.steps))

    def _read(self, name: str, kept: str = "") -> None:
        called = kept or f"{self.county}|{name}"
        with self.client.get(self.pages[name], name=called, catch_response=True) as answer:
            text = str(answer.text)
            if "</main>" not in text or answer.status_code != 200:
                answer.failure("not the page")
            elif name == FIRST:
                after, case = AFTER.search(text), CASE.search(text)
                if after and case:
                    self.pages[NEXT] = f"{PAGES[FIRST]}{after.group(1).replace('&amp;', '&')}"
                    self.pages[DETAIL] = case.group(1)
                else:
                    answer.failure("nothing to do")
