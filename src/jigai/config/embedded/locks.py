"""Advisory locks on files, so that two commands on the same data do not cross.

The kernel drops a lock when its holder ends, whatever way, so none is ever left over.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """A lock file that is held exclusively or shared."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Take or change the lock; false when somebody else is in the way and ``wait`` is off."""
        if self._handle is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle, shared, wait)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def note(self, text: str) -> None:
        """Leave a word for whoever finds the lock taken. The lock must be held."""
        assert self._handle is not None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text.encode(), 0)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time goes through here; the others wait."""
    lock = Lock(path)
    lock.take(wait=True)
    try:
        yield
    finally:
        lock.release()


def _lock(handle: int, shared: bool, wait: bool) -> None:
    if sys.platform == "win32":  # knows exclusive locks only; a shared one is then no lock at all
        if not shared:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(handle, kind if wait else kind | fcntl.LOCK_NB)
