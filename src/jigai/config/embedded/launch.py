"""Becomes another account and another program: the last step before PostgreSQL runs.

Run as a script, alone in its process and with the standard library only, because changing the
account of a process that has threads is not safe. Arguments: user id, group id (``-`` keeps both),
process id that this one shall not outlive (``-`` for none), then the program and its arguments.

Root starts the platform often (containers), but PostgreSQL refuses to be root. The wheel opens
every folder above the data directory to everybody for that; here the modes stay as they are, and
only where the account cannot reach the files it is given the right to walk through folders.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522
UNREACHABLE = 71


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def main(user: str, group: str, parent: str, *command: str) -> None:
    """Take on the account, tie the life to the parent's, become the program."""
    if user != "-":
        _become(int(user), int(group), command)
    if parent != "-" and sys.platform == "linux":
        # After the change of account, which would clear it. SIGINT is PostgreSQL's fast shutdown.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit(0)
    os.execv(command[0], command)


def _become(user: int, group: int, command: tuple[str, ...]) -> None:
    linux = sys.platform == "linux"
    if linux:
        ctypes.CDLL(None).prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    if all(os.access(part, os.F_OK) for part in command if part.startswith("/")):
        return
    # Reading is the smaller right; containers often drop it and keep the larger one.
    if linux and (_keep(CAP_DAC_READ_SEARCH) or _keep(CAP_DAC_OVERRIDE)):
        return
    sys.exit(UNREACHABLE)


def _keep(capability: int) -> bool:
    """Carry one capability of root over into the program; false when root itself lacks it."""
    libc = ctypes.CDLL(None)
    header = _Header(CAPABILITY_VERSION_3, 0)
    sets = (_Sets * 2)()
    if libc.capget(ctypes.byref(header), sets) != 0 or not sets[0].permitted >> capability & 1:
        return False
    sets[0].inheritable |= 1 << capability
    if libc.capset(ctypes.byref(header), sets) != 0:
        return False
    return bool(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
