"""The picture of a procedure: nothing overlaps, arrows meet boxes, every state also in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from django.template import Context, Engine
from hypothesis import given, settings

import jigai.cases
from jigai.cases.flow import graph
from jigai.cases.flow.diagram import STATES, Picture, StepView, picture
from jigai.cases.flow.shapes import Procedure, Step
from jigai.cases.flow.wrapping import breadth, wrapped
from jigai.errors import JigaiError
from tests.cases.flow.strategies import procedures

ROOM = Path(jigai.cases.__file__).parent
SVG = "{http://www.w3.org/2000/svg}"

LAND = Procedure(
    steps=(
        Step("accept", "受理", days=1, accepts=True),
        Step("land", "用地预审", after=("accept",), days=5),
        Step("environment", "建设项目环境影响报告表审批", after=("accept",), days=8),
        Step("energy", "节能审查", after=("accept",), days=4, when="综合能耗 >= 1000"),
        Step("expert", "专家评审", after=("environment",), days=3),
        Step("meeting", "联合会审", after=("land", "expert", "energy", "accept"), days=2),
    )
)  # fmt: skip


def text_of(found: Picture, name: str) -> list[str]:
    return [line.text for box in found.boxes if box.id == name for line in box.lines]


@settings(max_examples=100, deadline=None)
@given(procedures())
def test_nothing_overlaps_and_arrows_meet_the_boxes(procedure: Procedure) -> None:
    found = picture(procedure)
    boxes = {box.id: box for box in found.boxes}
    assert set(boxes) == {step.id for step in procedure.steps}
    for box in found.boxes:
        assert box.x >= 0 and box.x + box.width <= found.width
        assert box.y >= 0 and box.y + box.height <= found.height
        for line in box.lines:
            assert line.x == box.x + box.width // 2
            assert box.y + 12 <= line.y <= box.y + box.height - 4
    for one, other in combinations(found.boxes, 2):
        apart = (
            one.x + one.width <= other.x or other.x + other.width <= one.x
            or one.y + one.height <= other.y or other.y + other.height <= one.y
        )  # fmt: skip
        assert apart, (one.id, other.id)
    for arrow in found.arrows:
        source, target = boxes[arrow.source], boxes[arrow.target]
        assert arrow.points[0] == (source.x + source.width, source.y + source.height // 2)
        assert arrow.points[-1] == (target.x, target.y + target.height // 2)
        # The head lies on the last stretch, which runs to the right.
        assert arrow.points[-1][0] - arrow.points[-2][0] >= 8
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            assert (x1 == x2) != (y1 == y2), "every stretch is level or upright"
            assert x2 >= x1, "no arrow runs back"
            assert max(x1, x2) <= found.width and max(y1, y2) <= found.height and min(y1, y2) >= 0
            for box in found.boxes:
                through = (
                    x2 > box.x and x1 < box.x + box.width
                    and max(y1, y2) > box.y and min(y1, y2) < box.y + box.height
                )  # fmt: skip
                assert not through, (arrow.source, arrow.target, box.id)


@settings(max_examples=100, deadline=None)
@given(procedures())
def test_the_arrows_say_the_whole_order_and_nothing_twice(procedure: Procedure) -> None:
    found = picture(procedure)
    drawn = tuple(
        Step(step.id, step.name, tuple(a.source for a in found.arrows if a.target == step.id))
        for step in procedure.steps
    )
    assert graph.all_before(drawn) == graph.all_before(procedure.steps)
    for arrow in found.arrows:
        others = [a.source for a in found.arrows if a.target == arrow.target]
        assert not any(arrow.source in graph.predecessors(drawn, one) for one in others)
    path = graph.critical_path(procedure.steps).steps
    assert {(a.source, a.target) for a in found.arrows if a.critical} == set(pairwise(path))
    assert {box.id for box in found.boxes if box.critical} == set(path)
    # What is drawn later lies on top.
    assert [arrow.critical for arrow in found.arrows] == sorted(a.critical for a in found.arrows)


@settings(max_examples=100, deadline=None)
@given(procedures())
def test_sources_with_different_ways_do_not_share_an_upright_stretch(procedure: Procedure) -> None:
    tracks: dict[int, str] = {}
    for arrow in picture(procedure).arrows:
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            if x1 == x2 and y1 != y2:
                assert tracks.setdefault(x1, arrow.source) == arrow.source


@pytest.mark.system("parallel-approval")
def test_parallel_steps_stand_above_each_other() -> None:
    found = picture(LAND)
    at = {box.id: (box.x, box.y) for box in found.boxes}
    assert at["land"][0] == at["environment"][0] == at["energy"][0]
    assert len({at[name][1] for name in ("land", "environment", "energy")}) == 3
    assert at["accept"][0] < at["land"][0] < at["expert"][0] < at["meeting"][0]
    assert [lane.label for lane in found.lanes] == [
        "第 1 环节", "第 2 环节·并行 3 项", "第 3 环节", "第 4 环节",
    ]  # fmt: skip
    assert found.title == (
        "办理流程，6 个步骤；受理之后关键路径 13 个工作日："
        "建设项目环境影响报告表审批→专家评审→联合会审；"
        "并行的步骤不重复计时（逐项相加是 22 个工作日）"
    )
    assert [box.id for box in found.boxes if box.critical] == ["environment", "expert", "meeting"]


def test_what_follows_from_other_arrows_is_not_drawn() -> None:
    pairs = {(arrow.source, arrow.target) for arrow in picture(LAND).arrows}
    assert ("accept", "meeting") not in pairs and ("land", "meeting") in pairs


def test_a_box_holds_the_name_in_short_lines_and_the_limit() -> None:
    found = picture(LAND)
    assert text_of(found, "environment") == ["建设项目环境影", "响报告表审批", "8个工作日"]
    assert text_of(picture(Procedure(steps=(Step("a", "意见"),))), "a") == ["意见"]
    assert all(box.state == "waiting" for box in found.boxes) and not found.running


def test_a_running_case_shows_states_times_and_skips() -> None:
    views = {
        "accept": StepView("done", "met", "用了 1 个工作日"), "energy": StepView("skipped"),
        "land": StepView("active", "amber", "剩 1 个工作日"),
        "environment": StepView("active", "red", "超期 2 个工作日"),
    }  # fmt: skip
    found = picture(LAND, views)
    boxes = {box.id: box for box in found.boxes}
    assert text_of(found, "land") == ["用地预审", "剩 1 个工作日", "▶ 办理中"]
    assert text_of(found, "meeting") == ["联合会审", "2个工作日", "○ 未到"]
    assert text_of(found, "energy")[-1] == "– 不用办"
    assert boxes["environment"].state == "overdue" and boxes["environment"].lines[-1].text == (
        "! 已超期"
    )
    assert found.title.endswith("相加是 18 个工作日）")
    assert boxes["land"].told == "用地预审，在“受理”之后，剩 1 个工作日，办理中"
    assert boxes["accept"].told == "受理，最先开始，用了 1 个工作日，已办"


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_told_by_a_sign_and_a_word(state: str) -> None:
    (box,) = picture(Procedure(steps=(Step("a", "甲"),)), {"a": StepView(state)}).boxes
    sign, word = STATES[state]
    assert box.state == state and box.lines[-1].text == f"{sign} {word}" and word in box.told
    css = (ROOM / "static/cases/diagram.css").read_text()
    assert state == "waiting" or f".is-{state}" in css
    assert len({signs for signs, _ in STATES.values()}) == len(STATES)


def test_no_steps_and_no_days() -> None:
    empty = picture(Procedure())
    assert (empty.boxes, empty.arrows, empty.lanes) == ((), (), ())
    assert empty.width > 0 and empty.height > 0
    assert picture(Procedure(steps=(Step("a", "甲"),))).title == "办理流程，1 个步骤，没有写时限"


def test_a_ring_cannot_be_drawn() -> None:
    with pytest.raises(JigaiError, match="互相等候"):
        picture(Procedure(steps=(Step("a", "甲", ("b",)), Step("b", "乙", ("a",)))))


def test_six_layers_fit_the_smallest_screen() -> None:
    row = tuple(Step(f"s{n}", "部门审核", (f"s{n - 1}",) if n else (), days=3) for n in range(6))
    assert picture(Procedure(steps=row)).width <= 1366 - 212 - 2 * 24


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("受理", ["受理"]),
        ("建设项目环境影响报告表审批", ["建设项目环境影", "响报告表审批"]),
        ("县级工业信息化局初审意见汇总核", ["县级工业信息化局", "初审意见汇总核"]),
        ("一二三四五六七八九十百千万亿兆）", ["一二三四五六七八", "九十百千万亿兆）"]),
        ("ISO 9001 认证复核", ["ISO 9001", "认证复核"]),
        ("质量管理体系 certificate", ["质量管理体系", "certificate"]),
        ("abcdefghijklmnopqrstuvw", ["abcdefghijkl", "mnopqrstuvw"]),
    ],
)
def test_lines_are_short_and_broken_where_chinese_breaks(text: str, lines: list[str]) -> None:
    assert wrapped(text, 8) == lines
    assert all(breadth(line) <= 8 for line in lines)


def test_no_line_begins_or_ends_with_the_wrong_bracket() -> None:
    assert wrapped("受理审查、核验", 4) == ["受理审", "查、核验"]
    assert wrapped("初审查（县级）", 4) == ["初审查", "（县级）"]


def drawn(found: Picture) -> str:
    engine = Engine(dirs=[ROOM / "templates"])
    return engine.get_template("cases/diagram.html").render(Context({"picture": found}))


def test_the_template_draws_all_of_it_without_inline_style() -> None:
    name = "甲<乙>&“丙”"
    procedure = Procedure(steps=(*LAND.steps, Step("last", name, after=("meeting",), days=1)))
    html = drawn(picture(procedure, {"accept": StepView("refused")}))
    assert not re.search(r"\sstyle=|<script|\son\w+=|url\(|href=", html)
    root = ET.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL).group(0))  # type: ignore[union-attr]
    assert root.get("role") == "img" and root[0].tag == f"{SVG}title" and root[0].text
    assert len(root.findall(f".//{SVG}rect")) == 7
    assert len(root.findall(f".//{SVG}polyline")) == len(root.findall(f".//{SVG}polygon")) == 8
    words = [found.text for found in root.iter(f"{SVG}text")]
    assert "✕ 不同意" in words and "第 2 环节·并行 3 项" in words
    assert "甲<乙>&“丙”" in words
    twin = re.search(r"<details.*?</details>", html, re.DOTALL)
    assert twin and twin.group(0).count("<li>") == 7 and "受理，最先开始，1个工作日，不同意" in html


def test_colours_are_those_of_the_platform() -> None:
    css = (ROOM / "static/cases/diagram.css").read_text()
    tokens = (ROOM.parent / "core/static/core/css/tokens.css").read_text()
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|oklch", css)
    for token in set(re.findall(r"var\((--[\w-]+)\)", css)):
        assert f"{token}:" in tokens, token
