"""Under which account PostgreSQL runs, and how its programs are called under it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jigai.config.embedded import launch
from jigai.errors import JigaiError

# The first that exists is taken; where none does, the first is made.
NAMES = ("jigai", "postgres")


@dataclass(frozen=True)
class Account:
    """A user and group to switch to; both ``None`` when the caller's own account will do."""

    user: int | None = None
    group: int | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def command(self, program: Path, *arguments: str, bound: bool = False) -> list[str]:
        """The command line of a program under this account.

        ``bound`` ends the program when the caller ends, whatever way (Linux only; elsewhere the
        next start finds the orphan and stops it).
        """
        plain = [str(program), *arguments]
        if os.name == "nt" or (self.user is None and not bound):
            return plain
        account = ["-", "-"] if self.user is None else [str(self.user), str(self.group)]
        parent = str(os.getpid()) if bound else "-"
        # An isolated, site-less interpreter: nothing of the caller's set-up leaks in.
        return [sys.executable, "-I", "-S", launch.__file__, *account, parent, *plain]


def account_for(cluster: Path) -> Account:
    """The account that owns the cluster, or the one to make it with.

    Raises :class:`JigaiError` when the cluster belongs to somebody the caller cannot become.
    """
    if os.name == "nt":
        return Account()
    own = os.geteuid()
    owner = cluster.stat() if cluster.exists() else None
    if own != 0:
        if owner is not None and owner.st_uid != own:
            raise JigaiError(
                "database-owner",
                f"数据库目录 {cluster} 属于另一个账户（uid {owner.st_uid}）。",
                "用当初启动平台的账户运行，或把目录的所有者改成现在的账户。",
            )
        return Account()
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _service_account()


def _service_account() -> Account:
    import pwd

    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    made = _make_account(NAMES[0])
    entry = pwd.getpwnam(NAMES[0] if made else "nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account(name: str) -> bool:
    """Add a system account without home and shell; false where the system has no tool for it."""
    tools = (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", name],  # BusyBox
    )
    for tool in tools:
        if shutil.which(tool[0]) and subprocess.run(tool, capture_output=True).returncode == 0:
            return True
    return False
