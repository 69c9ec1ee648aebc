"""Values of fields: read from what people write, shown again, compared, put in keys.

Kept as JSON: text, whole fen or 0.01 m², numbers as decimal text, ISO dates, true or false, codes;
an enterprise, entry or file as ``{"id": …, "name": …}``, ``id`` empty where it is not stored here.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from jigai.core.fields.names import industry_word, region_word
from jigai.core.fields.shapes import Field
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.rules.errors import FormulaError
from jigai.rules.values import parse_quantity

_TRUE, _FALSE = (
    {"是", "有", "true", "yes", "1", "√", "y"},
    {"否", "无", "false", "no", "0", "×", "n"},
)
_FIGURES = ("number", "money", "area")
_MOST = 10**15
_SEPARATORS = str.maketrans("，、；;|\n", ",,,,,,")


def read_value(item: Field, raw: Any) -> Any:
    """The stored value of what was written; ``None`` for nothing.

    Raises :class:`JigaiError` (``field-value``) naming the field, what is wrong and the fix.
    """
    if raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip()):
        return None
    if item.type in ("enterprise", "entry", "file"):
        return _reference(item, raw)
    if item.many:
        parts = raw if isinstance(raw, list | tuple) else str(raw).translate(_SEPARATORS).split(",")
        found = [text for part in parts if (text := str(part).strip())]
        return list(dict.fromkeys(found)) or None
    reader = _READERS.get(item.type)
    return reader(item, raw) if reader else str(raw).strip()[:4000]


def _wrong(item: Field, raw: Any, why: str, fix: str) -> JigaiError:
    return JigaiError("field-value", f"{item.label}“{raw}”{why}", fix)


def _reference(item: Field, raw: Any) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        plain = {"id": raw.get("id"), "name": str(raw.get("name") or "").strip()}
        if raw.get("uscc"):
            plain["uscc"] = str(raw["uscc"]).strip()
        return plain
    return {"id": None, "name": str(raw).strip()}


def _number(item: Field, raw: Any) -> str:
    try:
        plain = unicodedata.normalize("NFKC", str(raw)).replace(",", "").strip()
        number = Decimal(plain.removesuffix(item.unit).strip() if item.unit else plain)
    except InvalidOperation:
        raise _wrong(
            item, raw, "不是数", f"填写数字{f'，单位{item.unit}' if item.unit else ''}"
        ) from None
    if not number.is_finite() or abs(number) >= 10**12:
        raise _wrong(item, raw, "大得不合常理", "核对小数点与单位")
    if number != round(number, 6):
        raise _wrong(item, raw, "小数多于六位", "保留六位以内的小数")
    return f"{number.normalize():f}"


def _quantity(item: Field, raw: Any) -> int:
    wanted, sample = ("money", "500万元") if item.type == "money" else ("area", "200亩")
    if isinstance(raw, int) and not isinstance(raw, bool):
        found = raw
    else:
        try:
            quantity = parse_quantity(str(raw))
        except FormulaError as error:
            raise _wrong(item, raw, "读不懂", f"写成“{sample}”这样带单位的数") from error
        if quantity.dimension != ((wanted, 1),) or quantity.comparator or quantity.about:
            raise _wrong(item, raw, "没有单位或写法不对", f"写成“{sample}”这样带单位的数")
        if quantity.value.denominator != 1 and item.type == "money":
            raise _wrong(item, raw, "比最小单位还细", "金额写到分")
        # A 亩 is 666.67 m² and no whole number of hundredths: the nearest, as files are read.
        found = _nearest(quantity.value)
    if abs(found) > _MOST:
        raise _wrong(item, raw, "大得不合常理", "核对单位")
    return found


def _nearest(exact: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    whole = int((2 * abs(exact) + 1) // 2)
    return whole if exact >= 0 else -whole


def rounded(item: Field, raw: Any, value: Any) -> list[str]:
    """A sentence where an area was written finer than it is kept."""
    if item.type != "area" or not isinstance(raw, str) or isinstance(value, str):
        return []
    if parse_quantity(raw).value == value:
        return []
    metres = f"{value // 100:,}.{value % 100:02d}"
    return [f"{item.label}“{raw.strip()}”按最接近的 {metres} 平方米记"]


def _date(item: Field, raw: Any) -> str:
    if isinstance(raw, dt.date):
        return raw.isoformat()[:10]
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    text = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
    try:
        year, month, day = (int(part) for part in text.replace(".", "-").split("-"))
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise _wrong(item, raw, "不是日期", "写成 2024-03-01 这样的日期") from None


def _flag(item: Field, raw: Any) -> bool:
    text = str(raw).strip().lower()
    if isinstance(raw, bool) or text in _TRUE | _FALSE:
        return raw if isinstance(raw, bool) else text in _TRUE
    raise _wrong(item, raw, "不是“是”或“否”", "填“是”或“否”")


def _choice(item: Field, raw: Any) -> str:
    text = str(raw).strip()
    if text in item.options:
        return text
    for code, word in item.options.items():
        if word == text:
            return code
    words = "、".join(item.options.values())
    raise _wrong(item, raw, "不在可选范围内", f"可选：{words}")


def _code(item: Field, raw: Any) -> str:
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if not text.isalnum() or not text.isascii() or len(text) > 12:
        kind = "区划代码" if item.type == "region" else "行业代码"
        raise _wrong(item, raw, f"不是{kind}", f"填写{kind}")
    return text


_READERS = {
    "number": _number, "money": _quantity, "area": _quantity, "date": _date, "flag": _flag,
    "choice": _choice, "region": _code, "industry": _code,
}  # fmt: skip


def show_value(item: Field, value: Any) -> str:
    """A stored value as text for people; empty where there is none."""
    if value is None or value == "":
        return ""
    if item.many:
        return "、".join(value)
    if item.type in ("enterprise", "entry", "file"):
        return str(value.get("name") or "")
    if item.type == "choice":
        return item.options.get(value, str(value))
    show = _SHOWN.get(item.type)
    if show is None:
        return _named_code(item, value)
    return show(value)


def _named_code(item: Field, value: Any) -> str:
    if item.type == "region":
        return region_word(value)
    return industry_word(value) if item.type == "industry" else str(value)


_SHOWN: dict[str, Any] = {
    "money": lambda value: f"{formats.wan(value)} 万元",
    "area": lambda value: f"{formats.mu(value)} 亩",
    "date": lambda value: formats.day(dt.date.fromisoformat(value)),
    "flag": lambda value: "是" if value else "否",
}


def sort_number(item: Field, value: Any) -> Any:
    """A figure as a number for comparison."""
    return Decimal(value) if item.type == "number" else value


def key_part(item: Field, value: Any) -> str:
    """What a value contributes to the unique key: the same for spellings that mean the same."""
    if item.type == "enterprise" and value:
        text = str(value.get("uscc") or value.get("id") or value.get("name"))
    elif item.type == "entry" and value:
        text = str(value.get("id") or value.get("name"))
    else:
        text = str("" if value is None else value)
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
