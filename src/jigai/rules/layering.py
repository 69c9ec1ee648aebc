"""Orders a plan's items into layers: steps of one subject together, aggregates between them."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.rules.code import depth_first
from jigai.rules.plan import Aggregate, Item, Plan, Step, Through


@dataclass(frozen=True, slots=True)
class Layer:
    """Items computed in one pass over the rows of ``subject``.

    ``kind``: steps, aggregate (all from one ``source``) or through (one ``via`` key).
    """

    kind: str
    subject: str
    items: tuple[Item, ...]
    source: str = ""


def columns_of(item: Item) -> list[str]:
    """Columns an item reads (of its own subject, its parents, or an aggregate's source)."""
    if isinstance(item, Through):
        return [item.target]
    return [node.value for node in depth_first([item.code]) if node.op == "col"]


def layers_of(plan: Plan) -> list[Layer]:
    """Greedy layering: as many items as possible in each pass, in dependency order."""
    waiting = list(plan.items)
    computed = {item.id for item in plan.items}
    done: set[str] = set()
    layers: list[Layer] = []

    def ready(item: Item, extra: set[str]) -> bool:
        return all(c in done or c in extra or c not in computed for c in columns_of(item))

    while waiting:
        layer = _next_layer(waiting, ready)
        layers.append(layer)
        done |= {item.id for item in layer.items}
        waiting = [item for item in waiting if item.id not in done]
    return layers


def _next_layer(waiting: list[Item], ready) -> Layer:  # type: ignore[no-untyped-def]
    best: Layer | None = None
    for subject in dict.fromkeys(item.subject for item in waiting):
        taken: list[Item] = []
        names: set[str] = set()
        for item in waiting:
            if isinstance(item, Step) and item.subject == subject and ready(item, names):
                taken.append(item)
                names.add(item.id)
        if taken and (best is None or len(taken) > len(best.items)):
            best = Layer("steps", subject, tuple(taken))
    if best is not None:
        return best
    first = next(item for item in waiting if ready(item, set()))
    if isinstance(first, Through):
        return Layer("through", first.subject, (first,))
    assert isinstance(first, Aggregate)
    same = [
        item
        for item in waiting
        if isinstance(item, Aggregate)
        and (item.subject, item.source) == (first.subject, first.source)
        and ready(item, set())
    ]
    return Layer("aggregate", first.subject, tuple(same), first.source)
