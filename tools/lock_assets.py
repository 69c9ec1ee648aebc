"""Resolve the page assets again and write the lock with hashes but without any address.

Run by ``make lock``. ``frontend/.npmrc`` already keeps registry addresses out; what is left are
the donation pages npm copies from each package, which say nothing about what is installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
LOCK = FRONTEND / "package-lock.json"


def main() -> int:
    """Lock anew; return npm's exit code."""
    done = subprocess.run(["npm", "install", "--package-lock-only"], cwd=FRONTEND, check=False)
    if done.returncode == 0:
        LOCK.write_text(without_addresses(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    return done.returncode


def without_addresses(text: str) -> str:
    """The lock without ``funding`` and ``resolved``."""
    lock = json.loads(text)
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
