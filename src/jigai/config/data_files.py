"""What lies in the data directory, by name. Whoever adds a folder there adds it here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# Content: in every backup, gone after a reset.
KEPT = ("evidence", "snapshots", "exports", "imports", "secret.key")
# Made again by the next start, or (the database) backed up in a form of its own.
REBUILT = ("postgres", "static", "log")


def content_files(root: Path) -> Iterator[Path]:
    """Every file of the content, in a stable order; links are left out."""
    for name in KEPT:
        path = root / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in found if file.is_file() and not file.is_symlink())
