"""How much of a machine one uploaded file may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file; sizes in bytes, time in seconds.

    The child process gets ``memory``; what it sends back is bounded by ``cells``, so that child and
    parent together stay under 800 MB.
    """

    file_size: int = 50 * MEGABYTE
    unpacked: int = 400 * MEGABYTE
    part: int = 300 * MEGABYTE
    strings: int = 64 * MEGABYTE
    parts: int = 5000
    area: int = 12_000_000
    cells: int = 2_000_000
    memory: int = 600 * MEGABYTE
    seconds: int = 120

    def as_dict(self) -> dict[str, int]:
        """The limits as plain numbers, to be sent to the child process."""
        return asdict(self)


DEFAULT = Limits()
