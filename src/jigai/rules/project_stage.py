"""Verdict, best track and bounds of a project as columns, for executors that work in columns."""

from __future__ import annotations

from jigai.rules.code import Builder, Code, depth_first
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED, MeasurePlan, Plan, Step


def packing(tracks: int) -> int:
    """Power of two above the number of tracks: the factor in ``packed``, whose ranks start at 1."""
    return 1 << max(tracks, 1).bit_length()


def project_steps(plan: Plan, builder: Builder, columns: dict[str, Code]) -> list[Step]:
    """Steps for ``verdict``, ``packed`` (amount·K + K−1−track), ``low`` and ``high``.

    ``columns`` are the codes of measure columns. Without project measures there is nothing.
    """
    if plan.selection is None:
        return []
    by_id = {measure.id: measure for measure in plan.measures}
    tracks = [tuple(by_id[i] for i in ids) for ids in plan.selection.tracks]
    stage = _Stage(plan, builder, columns, tracks)
    return [
        Step("verdict", "project", "project", "项目结论", stage.verdict()),
        Step("packed", "project", "project", "项目金额", stage.packed()),
        Step("low", "project", "project", "下限", stage.bound("low")),
        Step("high", "project", "project", "上限", stage.bound("high")),
    ]


class _Stage:
    def __init__(
        self,
        plan: Plan,
        builder: Builder,
        columns: dict[str, Code],
        tracks: list[tuple[MeasurePlan, ...]],
    ) -> None:
        self.plan, self.b, self.columns, self.tracks = plan, builder, columns, tracks
        assert plan.selection is not None
        name = plan.selection.measure_choice
        chosen = columns.get(name) if name else None
        self.chosen = chosen if chosen is not None and chosen.op != "null" else None

    def _considered(self, index: int) -> Code:
        """Whether the applicant's choice (if any) leaves this track in."""
        b = self.b
        if self.chosen is None:
            return b.constant(True, "bool")
        everything = [m.id for track in self.tracks for m in track]
        mine = [m.id for m in self.tracks[index]]
        known = b.make(
            "in", (self.chosen, *(b.constant(i, "text") for i in everything)), kind="bool"
        )
        own = b.make("in", (self.chosen, *(b.constant(i, "text") for i in mine)), kind="bool")
        return b.logic("or", [b.is_true(b.negation(b.is_true(known))), b.is_true(own)])

    def verdict(self) -> Code:
        """Combined verdict of the considered measures."""
        if self.plan.shared_gates and self.chosen is None:
            return self._shared()
        b = self.b
        codes: list[tuple[Code, Code]] = []
        for index, track in enumerate(self.tracks):
            codes += [(self._considered(index), self.columns[m.code]) for m in track]

        def some(verdict: int) -> Code:
            return b.logic(
                "or",
                [
                    b.logic("and", [c, b.compare("eq", code, b.constant(verdict, "enum"))])
                    for c, code in codes
                ],
            )

        others = b.logic(
            "or",
            [
                b.logic("and", [c, b.compare("ne", code, b.constant(EXCLUDED, "enum"))])
                for c, code in codes
            ],
        )
        return b.case(
            (
                some(UNDETERMINED),
                b.constant(UNDETERMINED, "enum"),
                some(MISSING),
                b.constant(MISSING, "enum"),
                some(PAY),
                b.constant(PAY, "enum"),
                others,
                b.constant(BELOW, "enum"),
                b.constant(EXCLUDED, "enum"),
            )
        )

    def _shared(self) -> Code:
        """All measures share their gates: judge those once."""
        b = self.b
        measures = [m for track in self.tracks for m in track]
        ok = self.columns[measures[0].ok]
        reached = b.logic("or", [self.columns[m.when] for m in measures])
        amounts = b.logic("and", [b.known(self.columns[m.amount]) for m in measures])
        unknown = b.negation(b.logic("and", [b.settled(ok), amounts]))
        undetermined = [
            b.compare("eq", self.columns[m.code], b.constant(UNDETERMINED, "enum"))
            for m in measures
            if self._can_be_undetermined(m)
        ]
        waiting: Code = b.constant(MISSING, "enum")
        if undetermined:
            waiting = b.case(
                (b.logic("or", undetermined), b.constant(UNDETERMINED, "enum"), waiting)
            )
        return b.case(
            (
                b.is_true(b.negation(ok)),
                b.constant(EXCLUDED, "enum"),
                b.is_true(b.negation(reached)),
                b.constant(BELOW, "enum"),
                unknown,
                waiting,
                b.constant(PAY, "enum"),
            )
        )

    def _can_be_undetermined(self, measure: MeasurePlan) -> bool:
        code = next(
            item.code
            for item in self.plan.items
            if isinstance(item, Step) and item.id == measure.code
        )
        return any(
            node.op == "const" and node.value == UNDETERMINED for node in depth_first([code])
        )

    def packed(self) -> Code:
        """Greatest total of a paying track with the track's rank in the low digits, else 0."""
        b, size = self.b, packing(len(self.tracks))
        shared = self.plan.shared_gates and self.chosen is None
        totals: list[Code] = []
        for index, track in enumerate(self.tracks):
            total: Code = b.integer(0)
            for measure in track:
                total = b.add(total, self.columns[measure.amount if shared else measure.effective])
            ranked = b.add(b.multiply(total, b.integer(size)), b.integer(size - 1 - index))
            pays = [self._pays(measure, shared) for measure in track]
            paying = b.logic("and", [self._considered(index), b.logic("or", pays)])
            totals.append(b.case((paying, ranked, b.integer(0))))
        best = b.extreme("greatest", tuple(totals))
        verdict = b.column("verdict", "enum", nullable=False)
        pays_at_all = b.compare("eq", verdict, b.constant(PAY, "enum"))
        return b.coalesce(b.case((pays_at_all, best, b.integer(0))), b.integer(0))

    def _pays(self, measure: MeasurePlan, shared: bool) -> Code:
        if shared:
            return self.columns[measure.when]
        return self.b.compare("eq", self.columns[measure.code], self.b.constant(PAY, "enum"))

    def bound(self, side: str) -> Code:
        """Least or greatest total over the considered tracks where the verdict is open."""
        b = self.b
        totals: list[Code] = []
        for index, track in enumerate(self.tracks):
            total: Code = b.integer(0)
            for measure in track:
                total = b.add(total, self.columns[getattr(measure, side)])
            totals.append(
                b.case((self._considered(index), total, b.integer(0))) if self.chosen else total
            )
        open_ = b.make(
            "in",
            (
                b.column("verdict", "enum", nullable=False),
                b.constant(MISSING, "enum"),
                b.constant(UNDETERMINED, "enum"),
            ),
            kind="bool",
            nullable=False,
        )
        return b.case((open_, b.extreme("greatest", tuple(totals)), b.integer(0)))
