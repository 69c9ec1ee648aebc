"""Answers about purchases and sales: input tax, imports, resource use and energy contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jigai.errors import JigaiError
from jigai.registers.taxes import match
from jigai.registers.taxes.sheet import NO, YES, Result, Stat, Table, bars, maybe, money, worth
from jigai.rules.wording import percent
from jigai.taxes.imports import BackTax, Exemption, Import, back_tax, exemption
from jigai.taxes.law import Law, unique
from jigai.taxes.resource import EXEMPT, Sale, Way, energy_contract, products_on, resource_use
from jigai.taxes.vat import KINDS, InputCredit, InputLine, input_credit

Given = Mapping[str, Any]
_STATES = {"yes": "可抵", "offset": "冲减", "no": "剔除", "unknown": "待核"}


def vat(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """Lines as typed."""
    lines = [
        InputLine(
            row["number"], row["issued"], row["amount"], row["tax"], kind=row["kind"] or "",
            void=row["status"] == "void", red=row["status"] == "red", red_of=row["red_of"],
            in_base=row["in_base"],
        )
        for row in rows
    ]  # fmt: skip
    if not lines:
        raise JigaiError("no-line", "还没有填发票", "至少填一行发票")
    return vat_results(input_credit(lines, given["general"], given["claimed"], law))


def vat_results(found: InputCredit) -> list[Result]:
    """The answer laid out: what is credited, what is left out and why, and the subsidy base."""
    rows = tuple(
        (one.line.number or "—", one.line.item or "—",
         one.line.issued.isoformat() if one.line.issued else "未知",
         KINDS.get(one.line.kind, "未知"), money(one.line.amount), money(one.line.tax),
         _STATES[one.state], one.why)
        for one in found.judged
    )  # fmt: skip
    result = Result(
        "设备进项抵扣",
        "",
        [
            Stat(
                "可抵进项税",
                worth(found.credited),
                f"对应不含税金额 {money(found.amount)} 元",
            ),
            Stat("剔除的税额", worth(found.left_out), "每行都写原因"),
            Stat("待核的税额", worth(found.unknown), "核清以前不算进可抵"),
        ],
        [
            Table(
                "逐行（元）",
                ("发票号码", "货物", "开票日期", "种类", "不含税金额", "税额", "结论", "为什么"),
                rows,
                words=frozenset({0, 1, 2, 3, 6, 7}),
            )
        ],
        missing=[
            f"{one.line.number or '一行发票'}：{one.why}"
            for one in found.out
            if one.state == "unknown"
        ],
        cites=list(found.cites),
    )
    if any(one.line.in_base is not None for one in found.judged):
        result.tables.append(_reconciled(found))
    return [result]


def _reconciled(found: InputCredit) -> Table:
    rows = (
        ("可抵进项的不含税金额", "", money(found.amount)),
        *((gap.why, f"{len(gap.lines)} 行", money(gap.amount)) for gap in found.gaps),
    )
    return Table(
        "与补助基数对账（不含税，元）", ("项目", "行数", "金额"), rows,
        ("补助基数（不含税）", "", money(found.base_plain)),
        f"同样这些行按价税合计是 {money(found.base_gross)} 元；取哪一种由各文件的读法“发票口径”定",
        frozenset({0, 1}),
    )  # fmt: skip


def imports(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """One import, and its transfer where a day is given."""
    item = Import(
        given["name"] or "进口设备", given["value"], given["released"], given["duty_rate"],
        given["scheme"], given["goods"], given["encouraged"], given["excluded"],
    )  # fmt: skip
    found = exemption(item, law)
    result = _exempt(found)
    result.why += match.told([(given["name"], item.released)], match.IMPORTS)
    if given["sold"]:
        back = back_tax(found, given["sold"], law)
        result.tables.append(_transfer(back, given["sold"]))
        result.cites = list(unique([*result.cites, *back.cites]))
    return [result]


def _exempt(found: Exemption) -> Result:
    let_off = [found.exempt_duty, found.exempt_vat]
    rows = (
        ("关税", money(found.duty), money(let_off[0]), _left(found.duty, let_off[0])),
        ("进口环节增值税", money(found.vat), money(let_off[1]), _left(found.vat, let_off[1])),
    )
    until = found.supervised_until
    stats = [
        Stat("免税额", worth(found.exempt), "关税与进口环节增值税合计"),
        Stat("监管期最后一日", until.isoformat() if until else "未知",
             f"{found.months // 12} 年，自放行之日起" if found.months else ""),
    ]  # fmt: skip
    result = Result(
        "进口设备免税", found.state, stats,
        [Table("税额（元）", ("税种", "照章应征", "免征", "仍要缴"), rows)],
        why=list(found.why), missing=list(found.missing), cites=list(found.cites),
    )  # fmt: skip
    if found.state == YES and until:
        days = "、".join(day.isoformat() for day in found.reminders)
        result.why.append(f"监管期内转让、抵押、移作他用都要先经海关；提醒日：{days}")
    if found.other_until and until:
        result.why.append(
            f"监管年限在监管期间缩短过：按后来的年限到 {found.other_until}，"
            f"按读法“监管年限衔接”默认取 {until}"
        )
    return result


def _left(due: int | None, let_off: int | None) -> str:
    return "未知" if due is None or let_off is None else money(due - let_off)


def _transfer(back: BackTax, sold: Any) -> Table:
    rows = (
        ("已进口月数", str(back.used_months)),
        ("监管期剩余月数", str(back.left_months)),
        ("补税的完税价格（元）", money(back.value)),
        ("补关税（元）", money(back.duty)),
        ("补进口环节增值税（元）", money(back.vat)),
    )
    return Table(
        f"{sold} 转让要补的税", ("项目", "数"), rows, ("合计（元）", money(back.tax)), back.why
    )


def resource(given: Given, rows: Sequence[Given], law: Law) -> list[Result]:
    """Refunded on payment and exempt side by side, never added."""
    sale = Sale(given["product"], given["day"], given["revenue"], given["input_tax"], given["rate"],
                given["standards"], given["clean"])  # fmt: skip
    if given["scheme"] == "emc":
        return [_contract(sale, given, law)]
    if not sale.product:
        raise JigaiError("no-product", "没有填产品或劳务", "照目录的写法填")
    found = resource_use(sale, law, match.refund_entries(sale.day))
    result = Result(
        f"资源综合利用：{sale.product}", found.state,
        [Stat("可以走的办法", "、".join(way.mode for way in found.ways) or "没有",
              f"二选一，选定后 {found.lock} 个月内不变" if found.lock else ""),
         *([Stat("价税合计不变时较优", found.best)] if len(found.ways) > 1 else [])],
        [_ways(found.normal, found.ways)], why=list(found.why), missing=list(found.missing),
        cites=list(found.cites),
    )  # fmt: skip
    if found.state != NO and found.ways:
        result.drawing = bars(
            "几种办法下多得的钱",
            "即征即退是先缴后退；免征是不收不缴，进项成了成本。",
            [sale.day.year],
            {way.mode: [way.net] for way in found.ways},
        )
    if not found.ways:
        named = products_on(sale.day, law)
        result.why.append(f"这一天登记的条目：{'、'.join(named) or '没有'}")
    return [result]


def _contract(sale: Sale, given: Given, law: Law) -> Result:
    found = energy_contract(sale, given["shared"], given["standards"], law)
    result = Result(
        "合同能源管理服务增值税",
        found.state,
        [Stat("办法", found.vat or "未知", "免征，不是即征即退")],
        [_ways(found.normal, [found.way] if found.way else [])],
        why=list(found.why),
        missing=list(found.missing),
        cites=list(found.cites),
    )
    result.why.append("企业所得税另有三免三减半，见“三免三减半时间线”，项目选合同能源管理")
    return result


def _ways(normal: Way, ways: Sequence[Way]) -> Table:
    rows = tuple(
        (
            way.mode, percent(way.ratio) if way.ratio is not None else "—", money(way.charged),
            money(way.paid), money(way.refunded), money(way.input_cost),
            maybe(None if way is normal else way.net),
            maybe(None if way is normal else way.net_same_price),
        )
        for way in (normal, *ways)
    )  # fmt: skip
    note = "免征的不能抵进项，也不能开专用发票" if any(way.mode == EXEMPT for way in ways) else ""
    return Table(
        "各种办法（元）",
        (
            "办法",
            "退税比例",
            "向买方收的税",
            "先缴",
            "再退",
            "进项转成本",
            "价税合计不变时多得",
            "不含税价不变时多得",
        ),
        rows,
        note=note,
        words=frozenset({0}),
    )
