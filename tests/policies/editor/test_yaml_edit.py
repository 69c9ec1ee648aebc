"""A value is changed in a text and nothing else is; what cannot be written so is refused."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from jigai.errors import JigaiError
from jigai.policies.editor import yaml_edit
from jigai.policies.editor.yaml_edit import as_text, rewritten, without
from jigai.policies.editor.yaml_tree import at, passes_alias, read_text
from jigai.rules.source import Source
from tests.policies.editor.yaml_cases import FILES, VALUES, comments, some, text_of

pytestmark = pytest.mark.system("local-rule-pack")
YANZHOU = text_of("yanzhou-2020", "measures.yaml")


def changed(before: str, after: str) -> list[str]:
    """Lines that went (-) and came (+)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def plain(text: str) -> object:
    root = read_text(text)
    return root.plain if root is not None else None


@pytest.mark.parametrize("file", FILES[::3], ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_it_reads_what_the_loader_of_packs_reads(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert plain(text) == Source(file.name, text).data


@pytest.mark.parametrize("file", FILES[::6], ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_any_value_anywhere_changes_only_that_place_and_keeps_every_comment(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    root = read_text(text)
    assert root is not None
    for number, path in enumerate(some(file, root.plain, 3)):
        value = VALUES[(number * 7 + len(text)) % len(VALUES)]
        after = rewritten(text, path, value)
        wanted = yaml_edit._with(root.plain, path, as_text(value))
        assert Source("x", after).data == wanted
        assert comments(text) <= comments(after)


def test_the_same_again_is_the_same_text() -> None:
    root = read_text(YANZHOU)
    assert root is not None
    assert rewritten(YANZHOU, (), root.plain) == YANZHOU


def test_one_field_of_a_measure_is_one_line() -> None:
    after = rewritten(YANZHOU, ("measures", 0, "name"), "设备奖补")
    assert changed(YANZHOU, after) == ["-  name: 装备升级奖补（设备投资）", "+  name: 设备奖补"]


def test_one_key_inside_braces_leaves_the_rest_of_the_line() -> None:
    after = rewritten(YANZHOU, ("gates", 0, "name"), "在区内注册")
    (old, new) = changed(YANZHOU, after)
    assert old[1:].replace("name: 区内注册", "name: 在区内注册") == new[1:]


def test_a_named_list_that_others_use_keeps_its_name_with_them() -> None:
    after = rewritten(YANZHOU, ("measures", 0, "gates"), ["filed"])
    assert "  gates: [filed]\n" in after and "gates: &gates [registered-in-district" in after
    root, before = read_text(after), read_text(YANZHOU)
    assert root is not None and before is not None
    assert at(root, ("measures", 1, "gates")).plain == at(before, ("measures", 1, "gates")).plain  # type: ignore[union-attr]
    one = rewritten(YANZHOU, ("measures", 0, "gates", 0), "filed")
    assert plain(one)["measures"][1]["gates"][0] == "registered-in-district"  # type: ignore[index]


def test_a_user_of_a_named_list_gets_a_list_of_its_own() -> None:
    after = rewritten(YANZHOU, ("measures", 1, "gates"), ["filed"])
    assert changed(YANZHOU, after) == ["-  gates: *gates", "+  gates: [filed]"]


def test_taking_out_the_measure_with_the_name_leaves_the_others_as_they_were() -> None:
    after = without(YANZHOU, ("measures", 0))
    found = plain(after)["measures"]  # type: ignore[index]
    assert [m["id"] for m in found[:2]] == ["robot", "informatization"]
    assert found[0]["gates"] == plain(YANZHOU)["measures"][1]["gates"]  # type: ignore[index]


def test_a_new_key_stands_behind_the_one_before_it() -> None:
    text = "items:\n- id: a  # 说明\n  name: 甲\n- id: b\n"
    after = rewritten(text, ("items", 0), {"id": "a", "clause": "一", "name": "甲"})
    assert after == "items:\n- id: a  # 说明\n  clause: 一\n  name: 甲\n- id: b\n"


def test_a_key_taken_away_leaves_its_comment() -> None:
    text = "items:\n- id: a\n  note: 旧  # 为什么\n  name: 甲\n"
    after = rewritten(text, ("items", 0), {"id": "a", "name": "甲"})
    assert after == "items:\n- id: a\n  # 为什么\n  name: 甲\n"


def test_the_first_key_can_go_and_the_last() -> None:
    text = "items:\n- id: a\n  name: 甲\n  end: 乙\n"
    assert rewritten(text, ("items", 0), {"name": "甲"}) == "items:\n- name: 甲\n"
    flow = "items:\n- {id: a, name: 甲, end: 乙}\n"
    assert rewritten(flow, ("items", 0), {"name": "甲"}) == "items:\n- {name: 甲}\n"


def test_a_list_grows_and_shrinks_by_its_entries() -> None:
    text = "items:\n# 甲的说明\n- id: a\n\n# 乙的说明\n- id: b\n  name: 乙\n"
    new = {"id": "c", "values": [{"from": "2026-01-01", "value": "3%"}]}
    grown = rewritten(text, ("items", 2), new)
    assert grown == text + "- id: c\n  values:\n  - {from: 2026-01-01, value: 3%}\n"
    assert without(text, ("items", 0)) == "items:\n# 甲的说明\n\n# 乙的说明\n- id: b\n  name: 乙\n"
    assert without("items:\n- id: a\n", ("items", 0)) == "items: []\n"


def test_an_empty_list_and_an_empty_file_take_their_first_entry() -> None:
    assert rewritten("m: []\n", ("m", 0), {"id": "a"}) == "m:\n- id: a\n"
    assert plain(rewritten("", ("examples", 0), {"name": "甲"})) == {"examples": [{"name": "甲"}]}
    assert rewritten("# 头\n", ("m", 0), {"id": "a"}).startswith("# 头\n")


@pytest.mark.parametrize("value", [v for v in VALUES if isinstance(v, str)])
def test_every_text_reads_back_as_itself_in_a_block_and_in_braces(value: str) -> None:
    for text in ("a: x\nb: y\n", "{a: x, b: y}\n"):
        assert plain(rewritten(text, ("a",), value)) == {"a": value, "b": "y"}


def test_a_folded_formula_ends_before_the_comment_below_it() -> None:
    text = "m:\n- amount: >-\n    甲 *\n    乙\n  # 封顶\n  caps: 丙\n"
    after = rewritten(text, ("m", 0, "amount"), "丁")
    assert after == "m:\n- amount: 丁\n  # 封顶\n  caps: 丙\n"


def test_nothing_becomes_null_and_numbers_become_text() -> None:
    assert as_text({"a": None, "b": [1, True]}) == {"a": "null", "b": ["1", "True"]}
    assert rewritten("a: 1\n", ("a",), None) == "a: null\n"


def test_a_place_that_is_gone_is_told() -> None:
    with pytest.raises(JigaiError, match="已经不在"):
        without("a: [1]\n", ("a", 4))


def test_a_text_that_does_not_say_what_was_asked_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Control: whatever the writer gets wrong, the text before it stands.
    monkeypatch.setattr(yaml_edit.yaml_write, "entry", lambda *_a, **_o: "wrong: 1")
    monkeypatch.setattr(yaml_edit.yaml_write, "after_colon", lambda *_a, **_o: " wrong")
    with pytest.raises(JigaiError, match="表单改不了"):
        rewritten("a: x\n", ("a",), "y")
    monkeypatch.setattr(yaml_edit.yaml_write, "after_colon", lambda *_a, **_o: " [unclosed")
    with pytest.raises(JigaiError, match="表单改不了"):
        rewritten("a: x\n", ("a",), "y")


def test_paths_through_a_name_are_known() -> None:
    root = read_text(YANZHOU)
    assert root is not None
    assert passes_alias(root, ("measures", 1, "gates", 0))
    assert not passes_alias(root, ("measures", 0, "gates", 0))
    assert not passes_alias(root, ("nothing", 0))
    assert at(root, ("gates", 9999)) is None and at(root, ("gates", "x")) is None
