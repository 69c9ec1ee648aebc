"""A procedure, or a running case of it, as boxes and arrows: coordinates only, a template draws.

Layers run from left to right; steps that may run at the same time stand above each other. All
coordinates are whole pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from jigai.cases.flow.diagram_lines import Point, columns, routes
from jigai.cases.flow.graph import counted_path, layers, order, sum_of_days, uncounted
from jigai.cases.flow.shapes import Procedure, Step
from jigai.cases.flow.wrapping import wrapped

# A sign before the word: a state must not hang on its colour alone.
STATES = {
    "waiting": ("○", "未到"), "active": ("▶", "办理中"), "done": ("✓", "已办"),
    "skipped": ("–", "不用办"), "refused": ("✕", "不同意"), "returned": ("↩", "已退回"),
    "overdue": ("!", "已超期"),
}  # fmt: skip
BOX_WIDTH, LINE_HEIGHT, PADDING = 136, 20, 10
GAP_BELOW, MARGIN, HEADER = 18, 12, 30
NAME_SIGNS = 8


@dataclass(frozen=True, slots=True)
class StepView:
    """How a step of a running case stands: a code of ``STATES``, the light of its clock and a few
    words on its time (``剩 2 个工作日``; empty: its limit)."""

    state: str
    light: str = "none"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a box, centred at ``x`` with its base at ``y``; ``part`` is ``name``,
    ``time`` or ``state``."""

    x: int
    y: int
    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Box:
    """A step. ``told`` says the same in a sentence, for those who cannot see the picture."""

    id: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    state: str
    light: str
    critical: bool
    told: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the right edge of one box to the left edge of another, with right angles only."""

    source: str
    target: str
    points: tuple[Point, ...]
    critical: bool

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def head(self) -> str:
        """The triangle at the end as SVG writes it."""
        x, y = self.points[-1]
        return f"{x},{y} {x - 8},{y - 4} {x - 8},{y + 4}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of steps that may run at the same time; ``label`` stands above at ``label_x``."""

    x: int
    width: int
    label: str
    label_x: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw; ``title`` sums it up in a sentence. Boxes stand in the order of work."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    lanes: tuple[Lane, ...]
    title: str
    running: bool


def picture(procedure: Procedure, running: Mapping[str, StepView] | None = None) -> Picture:
    """The picture of a procedure; with ``running`` (by step id) that of a case.

    Steps without a view are waiting; an active step with a red light is overdue. Raises
    :class:`JigaiError` (``procedure-cycle``) where steps wait for each other.
    """
    skipped = [name for name, view in (running or {}).items() if view.state == "skipped"]
    critical = counted_path(procedure, skipped).steps
    texts = {step.id: _texts(step, running) for step in procedure.steps}
    tall = max((len(lines) for lines in texts.values()), default=1) * LINE_HEIGHT + 2 * PADDING
    ranks = layers(procedure)
    plan = columns(
        procedure.steps, ranks, width=BOX_WIDTH, height=tall, gap=GAP_BELOW, margin=MARGIN,
        top=HEADER + MARGIN,
    )  # fmt: skip
    known = {step.id: step for step in procedure.steps}
    boxes = tuple(
        _box(known[name], plan.boxes[name], tall, texts[name], running, name in critical, known)
        for name in order(procedure.steps)
    )
    near = set(pairwise(critical))
    arrows = [
        Arrow(source, target, points, (source, target) in near)
        for (source, target), points in routes(plan).items()
    ]
    # Drawn last, so that no other line lies on the critical path.
    arrows.sort(key=lambda arrow: arrow.critical)
    lanes = tuple(
        Lane(x, BOX_WIDTH, _lane_label(number, len(rank)), x + BOX_WIDTH // 2)
        for number, (x, rank) in enumerate(zip(plan.lefts, ranks, strict=True), 1)
    )
    title = _title(procedure, skipped)
    return Picture(plan.width, plan.height, boxes, tuple(arrows), lanes, title, running is not None)


def _lane_label(number: int, steps: int) -> str:
    return f"第 {number} 环节" + (f"·并行 {steps} 项" if steps > 1 else "")


def _title(procedure: Procedure, skipped: list[str]) -> str:
    path = counted_path(procedure, skipped)
    names = {step.id: step.name for step in procedure.steps}
    if not path.days:
        return f"办理流程，{len(names)} 个步骤，没有写时限"
    early = uncounted(procedure)
    whole = sum_of_days(procedure.steps, early.union(skipped))
    return (
        f"办理流程，{len(names)} 个步骤；{'受理之后' if early else ''}"
        f"关键路径 {path.days} 个工作日：{'→'.join(names[one] for one in path.steps)}；"
        f"并行的步骤不重复计时（逐项相加是 {whole} 个工作日）"
    )


def _state(step: Step, running: Mapping[str, StepView] | None) -> StepView:
    view = (running or {}).get(step.id, StepView("waiting"))
    if view.state == "active" and view.light == "red":
        return StepView("overdue", view.light, view.words)
    return view


def _time(step: Step, view: StepView) -> str:
    return view.words or (f"{step.days}个工作日" if step.days else "")


def _texts(step: Step, running: Mapping[str, StepView] | None) -> list[tuple[str, str]]:
    """The lines of a box, each with the part it is."""
    view = _state(step, running)
    found = [(line, "name") for line in wrapped(step.name or step.id, NAME_SIGNS)]
    # Times are set smaller, so more signs fit.
    found += [(line, "time") for line in wrapped(_time(step, view), NAME_SIGNS + 1)]
    if running is not None:
        found.append((" ".join(STATES[view.state]), "state"))
    return found


def _box(
    step: Step, place: Point, height: int, texts: list[tuple[str, str]],
    running: Mapping[str, StepView] | None, critical: bool, known: Mapping[str, Step],
) -> Box:  # fmt: skip
    x, y = place
    view = _state(step, running)
    first = y + (height - len(texts) * LINE_HEIGHT) // 2 + 15
    lines = tuple(
        Line(x + BOX_WIDTH // 2, first + LINE_HEIGHT * at, text, part)
        for at, (text, part) in enumerate(texts)
    )
    before = "、".join(f"“{known[name].name}”" for name in step.after if name in known)
    parts = [
        step.name or step.id, f"在{before}之后" if before else "最先开始", _time(step, view),
        STATES[view.state][1] if running is not None else "", "在关键路径上" if critical else "",
    ]  # fmt: skip
    told = "，".join(part for part in parts if part)
    return Box(
        step.id, x, y, BOX_WIDTH, height, lines, view.state, view.light, critical, told
    )  # fmt: skip
