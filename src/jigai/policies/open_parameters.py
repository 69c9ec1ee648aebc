"""Parameters the documents leave open: which they are, what may be proposed, what waits on them."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.errors import JigaiError
from jigai.policies.models import PackVersion
from jigai.policies.standing import is_open
from jigai.policies.stored_packs import model_of
from jigai.rules.bearing import Bearing, measure_bearing, stage_nodes
from jigai.rules.environment import all_parameters, read_checked
from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.model import Model
from jigai.rules.schema import Parameter
from jigai.rules.schema_programme import PROGRAMME

# Keys of items of a pack that name a parameter.
_NAMING = ("limit", "threshold")


def check_open(version: PackVersion, code: str, value: str, source: str) -> Parameter:
    """The parameter, when people may set it. Raises :class:`JigaiError` otherwise, showing for a
    stated one both where it is stated and what was to be set."""
    pack = model_of(version).pack
    declared = all_parameters(pack).get(code)
    if declared is None:
        raise JigaiError("unknown-parameter", f"《{version.title}》没有参数“{code}”", "从登记里选")
    own = next((p for p in pack.parameters if p.id == code), None)
    for member in pack.family():
        for parameter in member.parameters:
            if parameter.id == code and parameter.status == "stated":
                said = parameter.values[-1].value if parameter.values else parameter.formula
                here = own.clause if own is not None and own is not parameter else source.strip()
                raise JigaiError(
                    "contradicts-stated",
                    f"《{member.identity.title}》{parameter.clause} 写明"
                    f"“{parameter.name}”为 {said}，与依“{here}”取 {value.strip()} 矛盾",
                    "文件写明的值不能另定；要改变，先由发文机关修订文件",
                )
    if not is_open(declared):
        raise JigaiError(
            "computed-parameter", f"“{declared.name}”由公式得出，不能另定", "改公式所用的参数或读法"
        )
    return declared


def check_value(version: PackVersion, declared: Parameter, text: str) -> None:
    """Raises :class:`JigaiError` for a value that cannot be read or is of another kind or unit."""
    wanted = model_of(version).scope.parameters[declared.id][1]
    try:
        value, _comparator, _family = read_checked(declared, text.strip(), wanted)
    except (EvaluationError, FormulaError) as error:
        fix = error.fix if isinstance(error, FormulaError) else ""
        unit = f"单位用{declared.unit}" if declared.unit else ""
        raise JigaiError("bad-value", str(error), "；".join(filter(None, (fix, unit)))) from error
    # A bare 3 meant as per cent would pay out three hundred times too much.
    if declared.kind == "rate" and not any(mark in text for mark in "%％‰点/") and value > 0:
        raise JigaiError("no-percent", f"比例“{text}”没有写 %", "写成 3%")
    if declared.kind in ("rate", "amount", "threshold") and value < 0:
        raise JigaiError("bad-value", f"“{text}”小于零", "填写不小于零的值")


# What uses each parameter, by content of a pack; contents never change.
_WAITS: dict[str, dict[str, tuple[str, ...]]] = {}


def waits_on(version: PackVersion, code: str) -> tuple[str, ...]:
    """Measures, approvals and duties of a document that cannot be settled without a parameter."""
    if version.sha256 not in _WAITS:
        _WAITS[version.sha256] = _users(model_of(version))
    return _WAITS[version.sha256].get(code, ())


def _users(model: Model) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}

    def note(codes: Iterable[str], words: str) -> None:
        for code in codes:
            found.setdefault(code, {})[words] = None

    for measure in sorted(model.measures.values(), key=lambda m: m.number):
        bearing = measure_bearing(model, measure, None)
        note(bearing.parameters, f"措施 {measure.number} {measure.name}")
    note(Bearing(model).add(stage_nodes(model)).parameters, "选择与合并封顶")
    for budget in model.pack.measures.budgets:
        kind, code = model.scope.names.get(budget.amount, ("", ""))
        note([code] if kind == "param" else [], f"资金 {budget.name}")
    for section, _model, title in PROGRAMME:
        for item in getattr(model.pack, section):
            named = {getattr(item, key, "") for key in _NAMING} - {""}
            note(sorted(named), f"{title} {item.name}")
    return {code: tuple(words) for code, words in found.items()}
