"""The quick parser and the thorough one: the same content, the same nodes, the same faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from jigai.paths import packs_dir
from jigai.rules.source import _tree
from jigai.yaml_files import compose_yaml, load_yaml, read_yaml

SHIPPED = sorted(packs_dir().glob("yanzhou-2020/*.yaml")) + sorted(
    (Path(__file__).parents[1] / "src" / "jigai" / "core" / "data").glob("r*.yaml")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_ships_reads_the_same_by_both(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_yaml(path) == YAML(typ="safe", pure=True).load(text)
    quick, thorough = compose_yaml(text), YAML(typ="rt").compose(text)
    assert quick is not None and _tree(quick) == _tree(thorough)


def test_a_text_only_the_thorough_parser_takes_is_read() -> None:
    assert load_yaml("定位: [a:b, 项目:金额]") == {"定位": ["a:b", "项目:金额"]}
    node = compose_yaml("[a:b]")
    assert node is not None and _tree(node).items[0].text == "a:b"


@pytest.mark.parametrize("text", ["on: yes", "值: off", "号: 010", "时: 12:30", "数: 1_000"])
def test_words_and_numbers_mean_what_yaml_1_2_says(text: str) -> None:
    assert load_yaml(text) == YAML(typ="safe", pure=True).load(text)
    assert load_yaml(text) != {"on": True}


@pytest.mark.parametrize("text", ["a: [1", "a: 'x\n", "\tb: 1"])
@pytest.mark.parametrize("read", [load_yaml, compose_yaml])
def test_faults_are_told_with_their_line(text: str, read: Callable[[str], Any]) -> None:
    with pytest.raises(MarkedYAMLError) as caught:
        read(text)
    assert caught.value.problem_mark is not None


def test_the_same_key_twice_is_a_fault() -> None:
    with pytest.raises(MarkedYAMLError, match="duplicate"):
        load_yaml("a: 1\na: 2")
