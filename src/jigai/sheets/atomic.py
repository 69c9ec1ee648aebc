"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jigai.sheets.errors import refuse


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a temporary path beside ``target``; on success it becomes ``target`` in one step.

    On any exception the temporary file is removed and an earlier ``target`` stays as it was; an
    operating-system error becomes a ``SheetError``.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".~", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError:
        raise refuse("write_failed", name=target.name) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
