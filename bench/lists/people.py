"""What one simulated person does: sign in once, then read the list of decisions in every way."""

from __future__ import annotations

import os
import re
from itertools import count

from locust import FastHttpUser, constant, task

RUN = os.environ["BENCH_RUN"]
PASSWORD = os.environ["BENCH_PASSWORD"]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_NEXT = re.compile(r'href="(\?[^"]*page=[^"]+)"[^>]*>\s*下一页')
_number = count()
LIST = f"/decisions/?run={RUN}"


class Clerk(FastHttpUser):
    """Waits a second between pages, as somebody who reads quickly."""

    wait_time = constant(1)
    after = ""

    def on_start(self) -> None:
        """Sign in by the form."""
        page = self.client.get("/account/login/", name="sign in").text
        token = _TOKEN.search(page)
        assert token, "no form to sign in"
        sent = {
            "csrfmiddlewaretoken": token.group(1),
            "login": f"reader{next(_number)}",
            "password": PASSWORD,
        }
        headers = {"Referer": f"{self.host}/account/login/"}
        answer = self.client.post("/account/login/", sent, headers=headers, name="sign in")
        assert "测算结果" in self.client.get(LIST, name="sign in").text, answer.status_code

    def _get(self, address: str, name: str) -> str:
        with self.client.get(address, name=name, catch_response=True) as answer:
            text = str(answer.text)
            if "jg-table" not in text:
                answer.failure("not the list")
            return text

    @task(4)
    def first_page(self) -> None:
        """The list as it opens."""
        found = _NEXT.search(self._get(LIST, "first page"))
        self.after = found.group(1).replace("&amp;", "&") if found else ""

    @task(2)
    def next_page(self) -> None:
        """On from the last first page."""
        if self.after:
            self._get(f"/decisions/{self.after}", "next page")

    @task(3)
    def filtered(self) -> None:
        """Only what lacks data."""
        self._get(f"{LIST}&verdict=4", "filter: verdict")

    @task(3)
    def sorted_by_amount(self) -> None:
        """The largest amounts first."""
        self._get(f"{LIST}&sort=-paid_fen", "sort: amount")

    @task(2)
    def searched(self) -> None:
        """Part of a name."""
        self._get(f"{LIST}&q=示例机械", "filter: words")
