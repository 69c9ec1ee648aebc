"""Numbers of applications, notices, requests, batches: counted by prefix, none twice."""

from __future__ import annotations

from django.db import connection

_NEXT = """
    INSERT INTO funding_fundingnumber (prefix, last) VALUES (%s, %s)
    ON CONFLICT (prefix) DO UPDATE SET last = funding_fundingnumber.last + EXCLUDED.last
    RETURNING last
"""


def next_number(kind: str, region_code: str, year: int) -> str:
    """``SB-370812-2021-00012``: ``kind`` says what it numbers (SB 申报, PC 批次, GS 公示, QS 请示,
    ZF 支付批, ZH 追回, YS 一事一议)."""
    return next_numbers(kind, region_code, year, 1)[0]


def next_numbers(kind: str, region_code: str, year: int, count: int) -> list[str]:
    """``count`` numbers in a row."""
    prefix = f"{kind}-{region_code}-{year}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix, count])
        last = cursor.fetchone()[0]
    return [f"{prefix}-{number:05d}" for number in range(last - count + 1, last + 1)]
