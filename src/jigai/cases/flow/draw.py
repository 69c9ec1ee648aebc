"""Random selection anybody can repeat: the list is hashed before the seed is known.

Each of the list gets SHA-256 of ``seed|key`` (UTF-8) as hexadecimal; the list is put in the order
of these, the smallest first, and the first ones are drawn. With strata each stratum is drawn from
by its own share. Nothing else decides: no clock, no generator of the platform.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ALGORITHM = (
    "对名单里的每个编码计算 SHA-256(种子|编码)（UTF-8，中间一条竖线），按十六进制结果从小到大排，"
    "取最前面的。按层抽取的，各层分别取；按比例的，不足一个进一个。"
)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many: ``number``, else ``permille`` of the list rounded up; ``strata`` have shares (‰)
    of their own and replace ``permille`` there."""

    number: int | None = None
    permille: int | None = None
    strata: Mapping[str, int] = field(default_factory=dict)


def list_hash(subjects: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the lines ``key|stratum``, sorted: the same whoever puts the list together."""
    lines = sorted(f"{key}|{stratum}" for key, stratum in subjects)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def score(seed: str, key: str) -> str:
    """What orders the list."""
    return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()


def ranked(seed: str, keys: Iterable[str]) -> list[str]:
    """Keys in the order of the seed."""
    return sorted(keys, key=lambda key: (score(seed, key), key))


def draw(seed: str, subjects: Iterable[tuple[str, str]], quota: Quota) -> list[str]:
    """The keys drawn, in order; ``subjects`` are keys with their stratum, in any order."""
    groups: dict[str, list[str]] = defaultdict(list)
    every: list[str] = []
    for key, stratum in subjects:
        groups[stratum].append(key)
        every.append(key)
    if quota.number is not None and not quota.strata:
        return ranked(seed, every)[: quota.number]
    found: list[str] = []
    for stratum, keys in groups.items():
        share = quota.strata.get(stratum, quota.permille or 0)
        found += ranked(seed, keys)[: math.ceil(len(keys) * share / 1000)]
    return ranked(seed, found)


def is_promised(seed: str, commitment: str) -> bool:
    """Whether a seed is the one whose hash was published."""
    return hashlib.sha256(seed.encode()).hexdigest() == commitment.strip().lower()
