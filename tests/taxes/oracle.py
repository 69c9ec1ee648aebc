"""Independent reckoning in Decimal, month by month and year by year; shares no code with the room.

Numbers of the law are written here on purpose: the room must not know them, the oracle must.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60


def cents(value: Decimal) -> int:
    """Whole fen, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _cut(months: list[Decimal], year: int, month: int) -> dict[int, int]:
    """Put monthly amounts on calendar years; round the running total at each year's end."""
    ends: dict[int, Decimal] = {}
    running = Decimal(0)
    for amount in months:
        running += amount
        ends[year] = running
        month += 1
        if month == 13:
            year, month = year + 1, 1
    found, told = {}, 0
    for one in sorted(ends):
        # A third of a fen times three is a whole one: beyond 40 digits there is nothing.
        found[one] = cents(ends[one].quantize(Decimal("1e-20"))) - told
        told += found[one]
    return found


def depreciation(
    method: str, cost: int, residual: int, months: int, year: int, month: int
) -> dict[int, int]:
    """Fen by year; put to use in ``month`` of ``year``, so it starts the month after."""
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if method == "one-off":
        return {year: cost}
    amount = Decimal(cost - residual)
    if method in ("straight", "short-life"):
        return _cut([amount / months] * months, year, month)
    n = months // 12
    yearly: list[Decimal] = []
    if method == "digits":
        for k in range(1, n + 1):
            yearly.append(amount * (n - k + 1) * 2 / (n * (n + 1)))
    else:
        book = Decimal(cost)
        for k in range(1, n + 1):
            if k > n - 2:
                yearly.append((Decimal(cost) - sum(yearly[: n - 2]) - residual) / min(2, n))
            else:
                d = book * 2 / n
                if book - d < residual:
                    d = book - residual
                yearly.append(d)
                book -= d
    return _cut([d / 12 for d in yearly for _ in range(12)], year, month)


def credits(
    items: list[tuple[int, int]], payable: dict[int, int]
) -> tuple[dict[int, int], int, int]:
    """(used by year, lost, left) of purchases (year, price): a tenth, five years on, in turn."""
    open_: list[list[int]] = sorted([y, cents(Decimal(p) / 10)] for y, p in items)
    used: dict[int, int] = {}
    lost = 0
    if not open_:
        return {}, 0, 0
    for year in range(open_[0][0], max(y for y, _ in open_) + 6):
        room = payable.get(year, 0)
        for row in open_:
            if row[0] <= year <= row[0] + 5:
                part = min(row[1], room)
                row[1] -= part
                room -= part
                used[year] = used.get(year, 0) + part
        for row in open_:
            if row[0] + 5 == year:
                lost, row[1] = lost + row[1], 0
    return used, lost, sum(row[1] for row in open_)


def holiday(first: int, incomes: list[int]) -> list[tuple[int, int]]:
    """(normal tax, tax) of six years at 25 %; losses carried five years, oldest first."""
    losses: dict[int, int] = {}
    found = []
    for k, income in enumerate(incomes):
        year = first + k
        losses = {y: v for y, v in losses.items() if year - y <= 5}
        taxable = max(income, 0)
        if income < 0:
            losses[year] = -income
        for y in sorted(losses):
            part = min(losses[y], taxable)
            losses[y] -= part
            taxable -= part
        full = Decimal(taxable) * Decimal("0.25")
        rate = Decimal(0) if k < 3 else Decimal("0.125")
        found.append((cents(full), cents(Decimal(taxable) * rate)))
    return found
