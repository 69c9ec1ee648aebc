"""``python -m bench.faults``: at least 200 trials with faults, and what became of them."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

KILLS, DOUBLES, RETRIES, RESTARTS = 45, 12, 12, 6


def main() -> int:
    """Run all kinds and print a table; 1 where a trial went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--share", type=float, default=1.0, help="part of the trials to run")
    given = parser.parse_args()
    django.setup()
    from bench.faults.server import own_server
    from tests import postgres_server

    # Only for the folder of files; the database is a durable one of our own.
    postgres_server.claim_environment()
    chance, start = random.Random(given.seed), time.monotonic()
    with own_server() as server:
        rows = run_all(server, chance, given.share)
    print(f"{'fault':<34}{'trials':>7}{'wrong':>7}   what became of the disturbed deed")
    for name, count, wrong, how in rows:
        told = "，".join(f"{word} {times}" for word, times in sorted(how.items()))
        print(f"{name:<34}{count:>7}{len(wrong):>7}   {told}")
        for problem in wrong[:3]:
            print(f"    {problem}")
    trials, failed = sum(row[1] for row in rows), sum(len(row[2]) for row in rows)
    print(f"{'together':<34}{trials:>7}{failed:>7}   {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


Row = tuple[str, int, list[str], Counter[str]]


def run_all(server: object, chance: random.Random, share: float) -> list[Row]:
    """Every kind of fault, as often as its share."""
    from bench.faults import trials
    from bench.faults.server import restart

    rows: list[Row] = []

    def run(name: str, times: int, trial: Callable[[], str]) -> None:
        how: Counter[str] = Counter()
        wrong: list[str] = []
        count = max(1, round(times * share))
        for _ in range(count):
            try:
                how[trial()] += 1
            except Exception as error:
                wrong.append(repr(error)[:300])
        rows.append((name, count, wrong, how))
        print(f"  {name}: {count}", file=sys.stderr, flush=True)

    longest = {step: trials.duration(step) * 1.1 for step in trials.STEPS}
    for step in trials.STEPS:
        limit = longest[step]
        run(
            f"SIGKILL during {step}",
            KILLS,
            lambda step=step, limit=limit: trials.kill_trial(step, chance, limit),
        )  # type: ignore[misc]
        run(f"{step} twice at once", DOUBLES, lambda step=step: trials.double_trial(step))  # type: ignore[misc]
        run(
            f"database restarted during {step}",
            RESTARTS,
            lambda step=step, limit=limit: trials.restart_trial(  # type: ignore[misc]
                step, chance, limit / 3, lambda: restart(server)
            ),
        )  # type: ignore[arg-type]
    run("two chiefs release at once", DOUBLES, trials.two_chiefs_trial)
    run("bank answer sent again", RETRIES, trials.retry_trial)
    return rows


if __name__ == "__main__":
    sys.exit(main())
