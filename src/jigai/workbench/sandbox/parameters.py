"""Parameters as somebody moves them: number, unit words, steps, and the typed text they make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import read_checked, read_value
from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.grammar import parse_formula
from jigai.rules.layering import columns_of
from jigai.rules.model import Model
from jigai.rules.schema import Parameter
from jigai.rules.solve import Grid, grid_around
from jigai.rules.values import COMPARATORS

UNSET = "未定"
_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?")
_KINDS = {"rate": "比例", "amount": "金额", "threshold": "起点", "number": "数量"}
# Step of the number as written, by the unit it is written in.
_STEPS = {"%": Fraction(1, 100), "百分点": Fraction(1, 100), "亿元": Fraction(1, 100)}
_FINEST = Fraction(1, 10_000)
_WORDS = "|".join(sorted(COMPARATORS, key=len, reverse=True))
_UNIT = re.compile(rf"^个?(?P<unit>.*?)(?:{_WORDS})?(?:左右)?$")


@dataclass(frozen=True, slots=True)
class Lever:
    """A parameter that can be moved: ``number`` of the text before, words around it.

    ``factor`` times the number is the value in base units; ``step`` is in the number.
    """

    id: str
    name: str
    clause: str
    kind: str
    status: str
    text: str
    before: str
    after: str
    unit: str
    number: Fraction
    factor: Fraction
    step: Fraction

    @property
    def kind_word(self) -> str:
        """比例, 金额, 起点, 数量."""
        return _KINDS.get(self.kind, "")

    @property
    def step_word(self) -> str:
        """One step in words: ``0.01 个百分点``, ``1 万元``."""
        unit = "个百分点" if self.unit in ("%", "百分点") else self.unit
        return f"{decimal(self.step)} {unit}".strip()

    @property
    def value(self) -> Fraction:
        """The value in base units."""
        return self.number * self.factor

    def written(self, value: Fraction) -> str:
        """Typed text of a value in base units, in the words of the document."""
        return f"{self.before}{decimal(value / self.factor)}{self.after}"

    def grid(self, low: Fraction | None = None, high: Fraction | None = None) -> Grid:
        """Values to search on, in base units: whole steps from nothing to far beyond.

        Rates go up to 100 %. Raises ``ValueError`` for ends no step lies between.
        """
        step = self.step * self.factor
        if high is None and self.unit in ("%", "百分点"):
            high = Fraction(1)
        return grid_around(self.value, step, low, high)

    @property
    def slider(self) -> dict[str, str]:
        """Ends and step of a slider over the number, as HTML takes them; none off the steps."""
        if self.number % self.step or self.number < 0:
            return {}
        most = max(self.number * 3, self.step * 100)
        if self.unit in ("%", "百分点"):
            most = min(most, Fraction(100))
        return {
            "min": "0", "max": decimal(most - most % self.step), "step": decimal(self.step),
            "value": decimal(self.number), "before": self.before, "after": self.after,
        }  # fmt: skip


def levers(model: Model, env: Environment) -> Iterator[Lever]:
    """Every numeric parameter with a value that a decision may depend on, as the documents list
    them; those of tax law and other standards only where a measure reads them."""
    found = {
        declared.id: lever
        for declared in model.parameters.values()
        if not declared.formula
        and (lever := lever_of(declared, env.parameters[declared.id].text)) is not None
    }
    used = used_parameters(model, env, set(found))
    yield from (lever for name, lever in found.items() if name in used)


def used_parameters(model: Model, env: Environment, names: set[str]) -> set[str]:
    """Those of the numeric parameters that the measures read under these readings."""
    numeric = {n for n in names if isinstance(env.parameters[n].value, Fraction)}
    free = {name: env.parameters[name].value.denominator for name in numeric}
    plan = compile_plan(model, replace(env, free=free))
    read = {column for item in plan.items for column in columns_of(item)}
    used = {name for name in numeric if f"p_{name}" in read}
    for parameter in model.pack.parameters:
        if parameter.formula:
            node = parse_formula(parameter.formula, model.scope, None)
            used |= numeric & {*node.names("param"), *node.names("reach")}
    return used


def others(model: Model, used: set[str]) -> list[Parameter]:
    """Parameters of the document itself that have no lever: days, lists, texts, open values."""
    own = {p.id for p in model.pack.parameters} | {
        p.id for base in model.pack.family() if base.identity.status != "standard"
        for p in base.parameters
    }  # fmt: skip
    return [
        p for p in model.parameters.values() if p.id in own and p.id not in used and not p.formula
    ]


def lever_of(declared: Parameter, text: str) -> Lever | None:
    """The lever of a parameter as written; ``None`` for what has no number to move."""
    if declared.kind not in _KINDS or text == UNSET:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _NUMBER.search(plain)
    if found is None:
        return None
    number = Fraction(found[0].replace(",", ""))
    before, after = plain[: found.start()], plain[found.end() :]
    unit = str(_UNIT.fullmatch(after)["unit"])  # type: ignore[index]
    try:
        one, _c, _f = read_checked_number(declared, f"{before}1{after}")
    except FormulaError:
        return None
    return Lever(
        declared.id, declared.name, declared.clause, declared.kind, declared.status, text,
        before, after, unit, number, one, _step(unit, number),
    )  # fmt: skip


def _step(unit: str, number: Fraction) -> Fraction:
    """The usual step of a unit; finer where the document itself writes finer."""
    step = _STEPS.get(unit, Fraction(1))
    while number % step and step > _FINEST:
        step /= 10
    return step if number % step == 0 else _STEPS.get(unit, Fraction(1))


def read_checked_number(declared: Parameter, text: str) -> tuple[Fraction, str | None, str | None]:
    """Value, comparator and its family of a text. Raises :class:`FormulaError`."""
    value, comparator, family = read_value(declared.kind, text)
    if not isinstance(value, Fraction):
        raise FormulaError("not-a-number", f"“{text}”不是数值", "写成 500万元、3% 这样的形式")
    return value, comparator, family


def decimal(number: Fraction) -> str:
    """A number as people write it: ``3``, ``0.41``; a fraction where no decimals end."""
    if number.denominator == 1:
        return str(number.numerator)
    rest = number.denominator
    places = 0
    while rest % 2 == 0 or rest % 5 == 0:
        rest //= 5 if rest % 5 == 0 else 2
        places += 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    sign, whole = ("-" if number < 0 else ""), abs(number) * 10**places
    digits = str(int(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:].rstrip('0')}".rstrip(".")


def typed(model: Model, name: str, text: str) -> str | None:
    """What somebody typed for a parameter, checked: its text, ``None`` for 未定.

    Thresholds keep the words of the document where none are typed. Raises :class:`JigaiError`
    (``bad-value``) for a parameter that does not exist or a value of another kind.
    """
    declared = model.parameters.get(name)
    if declared is None or declared.formula:
        why = "由公式得出，不能直接改" if declared else "不存在"
        raise JigaiError("bad-value", f"参数“{name}”{why}", "从表里选参数")
    plain = text.strip()
    if plain == UNSET:
        return None
    if declared.kind == "threshold" and not re.search(_WORDS, plain) and declared.values:
        word = re.search(_WORDS, declared.values[-1].value)
        plain += word[0] if word and word[0] not in ("超过", "大于", "高于") else ""
        if word and word[0] in ("超过", "大于", "高于"):
            plain = word[0] + plain
    try:
        read_checked(declared, plain, model.scope.parameters[name][1])
    except (FormulaError, EvaluationError) as error:
        hint = getattr(error, "hint", "") or "带上单位，如 4%、800万元；不设值写“未定”"
        raise JigaiError("bad-value", f"{declared.name}：{error}", hint) from error
    return plain


def changed(model: Model, env: Environment, overrides: Mapping[str, str | None]) -> list[str]:
    """Overrides in words: ``设备补助比例 3% → 4%``."""
    found = []
    for name, text in overrides.items():
        declared = model.parameters.get(name)
        before = env.parameters[name].text if name in env.parameters else ""
        found.append(f"{declared.name if declared else name} {before} → {text or UNSET}")
    return found
