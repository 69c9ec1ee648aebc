"""资源综合利用 and 合同能源管理: 即征即退 and 免征 are different things and are kept apart.

Refunded on payment: output less input is paid first, a share comes back later, input stays
creditable. Exempt: nothing is charged, input tax becomes a cost. Money in fen.
Sources: parameters refund_*, resource_*, emc_*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.rules.wording import percent
from jigai.taxes.amounts import to_fen
from jigai.taxes.law import Cite, Law, unique

REFUND, EXEMPT = "即征即退", "免征"
# The id of what is cited from the register, not from a parameter.
_CATALOGUE = "退税目录"
_LISTS = (
    ("refund_full", "resource_refund_full_ratio"),
    ("refund_seventy", "resource_refund_seventy_ratio"),
    ("refund_half", "resource_refund_half_ratio"),
)


@dataclass(frozen=True, slots=True)
class Sale:
    """A year or month of sales: ``revenue`` without tax and ``input_tax`` on it (fen), output rate.

    ``product`` as the catalogue words it, ``standards``: raw material share and emission standard
    kept (``None`` = not checked), ``clean``: no penalty for taxes or the environment and a tax
    credit grade that allows it (``None`` = not known).
    """

    product: str
    day: dt.date
    revenue: int
    input_tax: int
    rate: Fraction
    standards: bool | None = None
    clean: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the refund catalogue on the day: its names, share refunded, where it stands.

    ``checked``: held against the original; one that is not leaves the answer open.
    """

    item: str
    names: tuple[str, ...]
    ratio: Fraction
    source: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way to be taxed (fen): charged to buyers, paid to the office, refunded later, and input.

    ``net``: what the enterprise has more than without any relief while buyers pay the same price
    with tax; ``net_same_price`` the same while they pay the same price without tax.
    """

    mode: str
    charged: int
    paid: int
    refunded: int
    input_cost: int
    net: int
    net_same_price: int
    ratio: Fraction | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class ResourceAnswer:
    """The ways the law opens for a product on a day; ``normal`` is the tax without relief.

    Two ways: only one may be chosen, ``lock`` months long. ``state``: yes, no, unknown.
    """

    sale: Sale
    state: str
    normal: Way
    ways: tuple[Way, ...]
    best: str
    why: tuple[str, ...]
    missing: tuple[str, ...]
    lock: int | None
    cites: tuple[Cite, ...]


def resource_use(sale: Sale, law: Law, listed: Sequence[Listed] = ()) -> ResourceAnswer:
    """What a product gets on the day of the sale. Raises for negative figures.

    ``listed`` is the catalogue as registered, asked where the parameters name no such product.
    """
    if sale.revenue < 0 or sale.input_tax < 0:
        raise JigaiError("negative-sale", "销售额和进项税额不能是负数", "改正金额")
    normal = _normal(sale)
    modes, cites, missing = _modes(sale, law)
    if not modes and (hits := _hits(sale, listed)):
        modes, cites, missing = _by_catalogue(sale, hits, law)
    why: tuple[str, ...] = ()
    state = "yes" if modes else ("unknown" if missing else "no")
    if not modes and not missing:
        why = ("登记的目录条目里没有这一产品",)
    if sale.standards is False:
        state, why = "no", ("没有达到目录的技术标准",)
    elif sale.clean is False:
        state, why = "no", ("有税收或环保处罚，或纳税信用级别不够",)
    elif state == "yes":
        missing = (
            *missing,
            *(("原料占比和排放标准",) if sale.standards is None else ()),
            *(("处罚和纳税信用级别",) if sale.clean is None else ()),
        )
        state = "unknown" if missing else "yes"
    ways = tuple(_way(mode, ratio, sale, cite) for mode, ratio, cite in modes)
    lock = law.on("resource_choice_lock", sale.day)
    return ResourceAnswer(
        sale, state, normal, ways, _best(ways) if state != "no" else "", why, missing,
        int(lock.number) if len(ways) > 1 and lock.known else None,
        unique((*cites, *((lock,) if len(ways) > 1 else ()))),
    )  # fmt: skip


def _best(ways: Iterable[Way]) -> str:
    rows = sorted(ways, key=lambda way: (-way.net, way.mode))
    return rows[0].mode if rows else ""


def _modes(
    sale: Sale, law: Law
) -> tuple[list[tuple[str, Fraction | None, tuple[Cite, ...]]], tuple[Cite, ...], tuple[str, ...]]:
    """Ways open to the product, what was looked into, and what the pack does not know."""
    found: list[tuple[str, Fraction | None, tuple[Cite, ...]]] = []
    looked: list[Cite] = []
    mode = law.on("refund_mode", sale.day)
    for name, ratio_name in _LISTS:
        products, ratio = law.on(name, sale.day), law.on(ratio_name, sale.day)
        looked.append(products)
        if products.known and ratio.known and _named(sale.product, products):
            found.append((REFUND, ratio.number, (products, ratio, mode)))
    choice, share = (law.on(f"resource_choice_{name}", sale.day) for name in ("products", "ratio"))
    if choice.known and share.known and _named(sale.product, choice):
        found.append((REFUND, share.number, (choice, share, mode)))
        found.append((EXEMPT, None, (choice,)))
    exempt = law.on("resource_exempt_products", sale.day)
    if exempt.known and _named(sale.product, exempt):
        found.append((EXEMPT, None, (exempt,)))
    looked += [choice, exempt]
    if found:
        return found, unique(cite for _, _, cites in found for cite in cites), ()
    known = tuple(cite for cite in looked if cite.known)
    gaps = [cite for cite in looked[:3] if not cite.known]
    # The catalogue in force is registered in part only: what is not found may still be in it.
    missing = (f"{sale.day} 的退税目录没有登记全，“{sale.product}”要对原件",) if gaps else ()
    return [], known or tuple(looked), missing


Modes = list[tuple[str, Fraction | None, tuple[Cite, ...]]]


def _hits(sale: Sale, listed: Sequence[Listed]) -> list[Listed]:
    plain = sale.product.strip()
    return [
        row for row in listed
        if plain and any(n in plain or (len(plain) > 1 and plain in n) for n in row.names)
    ]  # fmt: skip


def _cite(row: Listed, day: dt.date) -> Cite:
    return Cite(_CATALOGUE, row.item, row.ratio, percent(row.ratio), row.source, day)


def _by_catalogue(
    sale: Sale, hits: Sequence[Listed], law: Law
) -> tuple[Modes, tuple[Cite, ...], tuple[str, ...]]:
    """The share of the entries a product may fall under; none where they differ."""
    cites = tuple(_cite(row, sale.day) for row in hits)
    if len({row.ratio for row in hits}) > 1:
        named = "、".join(f"{cite.name}（{cite.text}）" for cite in cites)
        return [], cites, (f"几条目录条目的比例不同，要分清是哪一条：{named}",)
    pending = tuple(
        f"目录条目“{row.item}”没有对过原件，比例和技术标准待核" for row in hits if not row.checked
    )
    mode = law.on("refund_mode", sale.day)
    return [(REFUND, hits[0].ratio, (*cites, mode))], (*cites, mode), pending


def _named(product: str, cite: Cite) -> bool:
    plain = product.strip()
    return bool(plain) and any(plain == one or plain in one or one in plain for one in cite.value)


def products_on(day: dt.date, law: Law) -> list[str]:
    """Every product the pack names on a day."""
    names = [name for name, _ in _LISTS] + ["resource_choice_products", "resource_exempt_products"]
    return [word for name in names if (cite := law.on(name, day)).known for word in cite.value]


def _normal(sale: Sale) -> Way:
    output = to_fen(sale.revenue * sale.rate)
    paid = max(output - sale.input_tax, 0)
    return Way("照常", output, paid, 0, 0, 0, 0, None, ())


def _way(mode: str, ratio: Fraction | None, sale: Sale, cites: tuple[Cite, ...]) -> Way:
    normal = _normal(sale)
    if mode == EXEMPT:
        # The price with tax stays: output tax becomes income, input tax a cost.
        kept = normal.charged - sale.input_tax
        return Way(EXEMPT, 0, 0, 0, sale.input_tax, kept, -sale.input_tax, None, cites)
    refunded = to_fen(normal.paid * (ratio or Fraction(0)))
    return Way(REFUND, normal.charged, normal.paid, refunded, 0, refunded, refunded, ratio, cites)


@dataclass(frozen=True, slots=True)
class EnergyContract:
    """What 合同能源管理 gives: the way of value added tax, and where the holiday is reckoned.

    ``vat``: 免征 from the day on, ``None`` where the pack does not know; ``saved`` output tax not
    charged less input tax that becomes a cost (fen, price with tax unchanged).
    """

    state: str
    vat: str | None
    way: Way | None
    normal: Way
    why: tuple[str, ...]
    missing: tuple[str, ...]
    cites: tuple[Cite, ...]


def energy_contract(
    sale: Sale, shared: bool | None, confirmed: bool | None, law: Law
) -> EnergyContract:
    """Value added tax of a contract on a day.

    ``shared``: 节能效益分享型, ``confirmed``: 合同和技术符合国家标准 confirmed; ``None`` = unknown.
    """
    mode = law.on("emc_vat_mode", sale.day)
    if shared is False:
        return EnergyContract(
            "no", None, None, _normal(sale), ("只限节能效益分享型合同",), (), (mode,)
        )
    if confirmed is False:
        why = ("合同或技术不符合国家标准",)
        return EnergyContract("no", None, None, _normal(sale), why, (), (mode,))
    missing = []
    if shared is None:
        missing.append("是不是节能效益分享型")
    if confirmed is None:
        missing.append("合同和技术是否符合国家标准")
    if not mode.known:
        missing.append(f"{sale.day} 的增值税办法没有登记")
        return EnergyContract("unknown", None, None, _normal(sale), (), tuple(missing), (mode,))
    way = _way(EXEMPT, None, sale, (mode,))
    state = "unknown" if missing else "yes"
    return EnergyContract(state, mode.value, way, _normal(sale), (), tuple(missing), (mode,))
