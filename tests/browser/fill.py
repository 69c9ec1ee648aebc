"""Fills the platform of the browser tests; a child of its own, under their settings.

``python -m tests.browser.fill`` makes tables, page assets, shipped content and the demo accounts.
With ``samples`` it also imports and evaluates the sample district, unless that has been done.
"""

from __future__ import annotations

import sys
import time

from jigai.config import first_start
from jigai.config.prepare import prepare_all

PATIENCE = 120


def main(arguments: list[str]) -> int:
    """Fill; what is there already is left alone."""
    prepare_all(samples=False)
    first_start.demo_accounts(None)
    if "samples" in arguments:
        first_start.drain = wait
        first_start.load_samples(first_start.samples_dir(), print)
        first_start.demo_accounts_of_enterprise()
        first_start.evaluate_samples(print)
    return 0


def wait() -> None:
    """Instead of doing the jobs here: the worker is running, and would be raced."""
    from jigai.core.models import Job

    until = time.monotonic() + PATIENCE
    while Job.objects.filter(status__in=[Job.Status.WAITING, Job.Status.RUNNING]).exists():
        assert time.monotonic() < until, "the worker does not finish"
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
