"""Forms of a pack: saved untouched nothing changes; what is wrong is told at the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jigai.paths import packs_dir
from jigai.policies.editor.forms import FORMS, ClauseForm, MeasureForm, ParameterForm, ReadingForm
from jigai.policies.editor.forms.entry import EntryForm, merged
from jigai.policies.editor.parts import PARTS, entries, examples
from jigai.policies.editor.typed_examples import example_of
from jigai.policies.editor.yaml_edit import rewritten
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model

pytestmark = pytest.mark.system("local-rule-pack")
CLAUSES = [("一", "一 支持"), ("四.1", "四.1 装备")]
SLUGS = ("yanzhou-2020", "luan-2020", "guangdong-2019", "jiangsu-2015", "sunan-2017")


def files_of(slug: str) -> dict[str, str]:
    root = packs_dir() / slug
    return {
        f"{slug}/{path.relative_to(root).as_posix()}": path.read_text(encoding="utf-8")
        for path in root.rglob("*.yaml")
    }


def sent(form: EntryForm) -> dict[str, Any]:
    """What a browser sends when the form is saved as it was opened."""
    tables = [form, *(row for rows in form.rows.values() for row in rows.forms)]
    if isinstance(form, MeasureForm):
        tables += [*form.parameters.forms, *form.examples.forms]
    data: dict[str, Any] = {}
    for one in tables:
        for bound in one:
            value = bound.value()
            if value not in (None, False, ""):
                data[bound.html_name] = "on" if value is True else value
            elif value != False:  # noqa: E712 - an unticked box is not sent at all
                data[bound.html_name] = ""
    sets = list(form.rows.values())
    if isinstance(form, MeasureForm):
        sets += [form.parameters, form.examples]
    for rows in sets:
        for bound in rows.management_form:
            data[bound.html_name] = bound.value()
    # Multiple choices come as lists, as in a QueryDict.
    return data


def all_entries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for slug in SLUGS:
        files = files_of(slug)
        for part in PARTS.values():
            for row in entries(slug, files, part):
                yield slug, part.code, row


def form_of(section: str, entry: dict[str, Any] | None, data: Any = None, **more: Any) -> EntryForm:
    options: dict[str, Any] = {"entry": entry, "clauses": CLAUSES, **more}
    return FORMS[section](_Sent(data) if data is not None else None, **options)


class _Sent(dict[str, Any]):
    """A dictionary read like the data of a request."""

    def getlist(self, key: str) -> list[Any]:
        value = self.get(key, [])
        return value if isinstance(value, list) else [value]


def test_every_entry_of_every_pack_survives_its_form() -> None:
    count = 0
    # Every third: the forms are slow to draw, and neighbours are alike.
    for slug, section, entry in list(all_entries())[::3]:
        data = sent(form_of(section, entry))
        form = form_of(section, entry, data)
        assert form.is_valid(), (slug, section, entry["id"], form.errors,
                                 {n: r.errors for n, r in form.rows.items()})  # fmt: skip
        assert form.plain() == entry, (slug, section, entry["id"])
        count += 1
    assert count > 150


@pytest.mark.parametrize("slug", SLUGS[::2])
def test_saving_every_entry_untouched_leaves_the_text_byte_for_byte(slug: str) -> None:
    files = files_of(slug)
    for part in PARTS.values():
        text = files.get(f"{slug}/{part.file}", "")
        for place, entry in list(enumerate(entries(slug, files, part)))[:2]:
            form = form_of(part.code, entry, sent(form_of(part.code, entry)))
            assert form.is_valid()
            assert rewritten(text, (part.key, place), form.plain()) == text


def parameter(**changes: Any) -> ParameterForm:
    data = {
        "id": "rate", "name": "补助比例", "clause": "一", "kind": "rate", "status": "stated",
        "values-TOTAL_FORMS": "1", "values-INITIAL_FORMS": "0", "values-0-since": "2026-01-01",
        "values-0-value": "3%", **changes,
    }  # fmt: skip
    found = form_of("parameters", None, data)
    assert isinstance(found, ParameterForm)
    return found


def test_a_new_parameter_is_typed_and_dated() -> None:
    form = parameter()
    assert form.is_valid()
    assert form.plain() == {
        "id": "rate", "name": "补助比例", "clause": "一", "kind": "rate", "status": "stated",
        "values": [{"from": "2026-01-01", "value": "3%"}],
    }  # fmt: skip


def test_an_open_parameter_has_no_value_and_somebody_who_decides() -> None:
    open_ = {"status": "undetermined", "values-0-since": "", "values-0-value": ""}
    form = parameter(**open_)
    assert not form.is_valid() and "由谁定" in str(form.errors["decides"])
    form = parameter(**open_, decides="县财政局")
    assert form.is_valid()
    assert form.plain()["status"] == "undetermined" and "values" not in form.plain()
    form = parameter(status="undetermined", decides="县财政局")
    assert not form.is_valid() and "不写取值" in str(form.errors["status"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"values-0-value": "百分之三"}, "百分之三"),
        ({"values-0-value": "500万元", "kind": "threshold"}, "含不含本数"),
        ({"values-0-since": ""}, "从哪一天起"),
        ({"values-0-value": ""}, "还要写取值"),
        ({"values-0-since": "", "values-0-value": ""}, "不要填零"),
        ({"id": "1 b"}, "以字母开头"),
        ({"clause": "九十九"}, "clause"),
    ],
)
def test_a_faulty_parameter_is_told(changes: dict[str, str], told: str) -> None:
    form = parameter(**changes)
    assert not form.is_valid()
    rows = form.rows["values"]
    assert told in f"{form.errors}{rows.errors}{[r.non_field_errors() for r in rows.forms]}"


def test_an_identifier_that_is_taken_is_told() -> None:
    form = form_of("clauses", None, {"id": "一", "heading": "甲", "summary": "乙",
                                     "facts-TOTAL_FORMS": "0", "facts-INITIAL_FORMS": "0"},
                   taken=["一"])  # fmt: skip
    assert isinstance(form, ClauseForm)
    assert not form.is_valid() and "已有" in str(form.errors["id"])


def test_a_number_of_a_clause_needs_its_name() -> None:
    data = {"id": "九", "heading": "甲", "summary": "乙", "facts-TOTAL_FORMS": "1",
            "facts-INITIAL_FORMS": "0", "facts-0-token": "500万元",
            "facts-0-comparator": "="}  # fmt: skip
    form = form_of("clauses", None, data)
    assert not form.is_valid()
    form = form_of("clauses", None, {**data, "facts-0-id": "X-F1", "facts-0-what": "起点"})
    assert form.is_valid()
    assert form.plain()["facts"] == [{"id": "X-F1", "what": "起点", "token": "500万元"}]


def test_a_reading_has_two_options_and_a_default_among_them() -> None:
    data: dict[str, Any] = {
        "id": "basis", "name": "口径", "issue": "一", "clause": "一", "question": "含不含税",
        "kind": "value", "default": "b", "chosen_by": "县工信局", "options-TOTAL_FORMS": "2",
        "options-INITIAL_FORMS": "0", "options-0-code": "a", "options-0-word": "不含税",
        "options-0-means": "不含税金额",
    }  # fmt: skip
    form = form_of("readings", None, data)
    assert isinstance(form, ReadingForm)
    assert not form.is_valid() and "从 a 里选" in str(form.errors["default"])
    form = form_of("readings", None, {**data, "options-0-word": ""})
    assert not form.is_valid() and "都要写" in str(form.rows["options"].forms[0].errors)
    data |= {"options-1-code": "b", "options-1-word": "含税", "options-1-means": "价税合计"}
    form = form_of("readings", None, data)
    assert form.is_valid()
    assert form.plain()["options"]["b"] == {"word": "含税", "means": "价税合计"}


def measure(**changes: Any) -> MeasureForm:
    data: dict[str, Any] = {
        "id": "grant", "name": "设备补助", "number": "1", "clause": "一", "subject": "project",
        "computable": "on", "gates": ["filed"], "when": "达到(核定设备额, 设备起点)",
        "amount": "核定设备额 * 补助比例", "evidence": "发票\n备案证",
        **{f"{p}-{k}": v for p in ("caps", "new-parameters", "new-examples")
           for k, v in (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"))},
        **changes,
    }  # fmt: skip
    found = form_of("measures", None, data, gates=[("filed", "已备案")], profiles=["合格"])
    assert isinstance(found, MeasureForm)
    return found


def test_a_measure_is_written_in_the_order_people_read_it() -> None:
    form = measure(**{"caps-0-per": "enterprise-year", "caps-0-amount": "补助上限"})
    assert form.is_valid(), form.errors
    assert form.plain() == {
        "id": "grant", "number": "1", "name": "设备补助", "clause": "一", "gates": ["filed"],
        "when": "达到(核定设备额, 设备起点)", "amount": "核定设备额 * 补助比例",
        "caps": [{"per": "enterprise-year", "amount": "补助上限"}], "evidence": ["发票", "备案证"],
    }  # fmt: skip


def test_what_is_computed_has_an_amount_and_what_is_not_says_who_decides() -> None:
    form = measure(amount="")
    assert not form.is_valid() and "amount" in form.errors
    form = measure(computable="", amount="", when="")
    assert not form.is_valid() and {"decides", "status_note", "counter"} <= set(form.errors)
    form = measure(computable="", amount="", when="", decides="县财政局", status_note="引用税法",
                   counter="户数")  # fmt: skip
    assert form.is_valid() and form.plain()["computable"] == "false"


def test_new_values_come_typed_dated_or_open_with_who_decides() -> None:
    row = {"new-parameters-0-name": "补助比例", "new-parameters-0-id": "rate",
           "new-parameters-0-kind": "rate"}  # fmt: skip
    form = measure(**row)
    assert not form.is_valid() and "没有定的勾" in str(form.parameters.forms[0].errors)
    form = measure(**row, **{"new-parameters-0-open": "on"})
    assert not form.is_valid() and "由谁定" in str(form.parameters.forms[0].errors)
    open_ = {"new-parameters-0-open": "on", "new-parameters-0-decides": "县财政局"}
    form = measure(**row, **open_)
    assert form.is_valid()
    assert form.new_parameters() == [{
        "id": "rate", "name": "补助比例", "clause": "一", "kind": "rate",
        "status": "undetermined", "decides": "县财政局",
    }]  # fmt: skip
    form = measure(**row, **{"new-parameters-0-value": "3%",
                             "new-parameters-0-since": "2026-01-01"})  # fmt: skip
    assert form.is_valid()
    assert form.new_parameters()[0]["values"] == [{"from": "2026-01-01", "value": "3%"}]


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(load_pack(packs_dir() / "yanzhou-2020"))


def test_lines_of_an_example_go_to_whom_they_are_about(model: Model) -> None:
    row = {"name": "恰满", "given": "合格企业", "verdict": "符合", "amount": "15万元",
           "facts": "独立法人：是\n计划总投资: 500万元\n不含税金额：500万元"}  # fmt: skip
    found = example_of(row, measure="equipment", clause="四.1", scope=model.scope)
    assert found == {
        "name": "恰满", "clause": "四.1", "measure": "equipment", "given": "合格企业",
        "enterprise": {"独立法人": "是"}, "project": {"计划总投资": "500万元"},
        "lines": [{"不含税金额": "500万元"}],
        "expect": {"verdict": "符合", "amount": "15万元"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "told"),
    [("计划总投资", "写不成事实"), ("计划投资额：5元", "没有事实"), ("辖区代码：3", "没有事实")],
)
def test_a_line_that_is_no_fact_of_the_pack_is_told(model: Model, line: str, told: str) -> None:
    from jigai.errors import JigaiError

    row = {"name": "恰满", "verdict": "符合", "facts": line}
    with pytest.raises(JigaiError, match=told):
        example_of(row, measure="equipment", clause="四.1", scope=model.scope)


def test_a_key_without_a_field_stays() -> None:
    old = {"id": "a", "split": {"by": "x"}, "note": "旧"}
    assert merged(old, {"id": "a", "note": ""}, ("id", "note")) == {"id": "a", "split": {"by": "x"}}


def test_profiles_are_found_in_the_examples() -> None:
    names = [row["name"] for _f, _p, row in examples("yanzhou-2020", files_of("yanzhou-2020"))
             if row.get("profile")]  # fmt: skip
    assert "合格企业（按申报数）" in names
