"""Lets a child process end with its parent, even when the parent was killed outright.

The child's standard input is a pipe of which the parent alone holds the other end. The kernel
closes that end with the parent, and a thread here notices at once. Unlike PR_SET_PDEATHSIG this
works on every system and does not depend on which thread started the child; unlike asking for the
parent's id it costs nothing while waiting.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

VARIABLE = "JIGAI_LIFELINE"
# Seconds between the request to end and the end without asking. Short: the database ends, too, and
# what a job has not finished by then is taken up again by the next start.
GRACE = 2.0


def hold() -> None:
    """End this process when the parent ends; does nothing when started by hand."""
    if os.environ.pop(VARIABLE, ""):
        _watch(_until_input_closes)


def hold_fork() -> None:
    """The same for a process that ``multiprocessing`` made (the web server's worker)."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _watch(lambda: wait([parent.sentinel]))


def _until_input_closes() -> None:
    while os.read(0, 64):
        pass


def _watch(until: Callable[[], object]) -> None:
    threading.Thread(target=_end_after, args=(until,), name="lifeline", daemon=True).start()


def _end_after(until: Callable[[], object]) -> None:
    until()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE)
    os._exit(1)
