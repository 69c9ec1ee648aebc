"""The size class that follows from a register is recorded with it and taken back with it."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.core.models import Enterprise, EnterpriseFigure, ImportBatch, User
from jigai.core.selectors_figures import Figure, figures_by_enterprise, known_figures
from jigai.core.services.record_figure import record_figure
from jigai.core.size_class import DERIVED
from tests.core.imports.kit import HEADS, YEAR, book, bring
from tests.core.imports.test_undo import take_back
from tests.factories import uscc_of

CRANES, FARMING = "3432", "0111"


def sizes(staff: int | None, wan: float | None, industry: str = CRANES, firms: int = 1) -> bytes:
    """A register of firms that are alike."""
    rows = [
        (f"兖州第{n}机械有限公司", uscc_of(n), "镇", staff, wan, "A", industry)
        for n in range(1, firms + 1)
    ]
    return book((*HEADS, "行业代码"), *rows)


def known() -> Figure:
    """The class of the only firm this year."""
    firm = Enterprise.objects.get()
    return figures_by_enterprise([firm.pk], YEAR)[firm.pk]["size_computed"]


def classes() -> list[tuple[int, str | None]]:
    """The classes that count, by year."""
    rows = known_figures().filter(term="size_computed").order_by("year", "-id").distinct("year")
    return list(rows.values_list("year", "text"))


def test_it_is_recorded_once_with_the_figures_it_follows_from(clerk: User) -> None:
    batch = bring(sizes(300, 2000), clerk)
    figure = EnterpriseFigure.objects.get(term="size_computed")
    assert (figure.text, figure.year, figure.source) == ("medium", YEAR, DERIVED)
    assert figure.batch_id == batch.pk and figure.recorded_by_id == clerk.pk
    assert figure.recorded_at == batch.committed_at
    bring(sizes(301, 2001), clerk)
    assert EnterpriseFigure.objects.filter(term="size_computed").count() == 1, "the same class"
    bring(sizes(20, 300), clerk)
    assert known().text == "small"


def test_nothing_is_recorded_where_it_cannot_be_told(clerk: User) -> None:
    bring(sizes(None, 2000), clerk)
    assert not EnterpriseFigure.objects.filter(term="size_computed").exists()
    bring(sizes(300, 2000), clerk)
    bring(sizes(None, 2000), clerk)
    # Known to be missing, not the class of before.
    assert known().text is None


def test_a_new_industry_gives_a_new_class_in_every_year(clerk: User) -> None:
    bring(sizes(300, 1500), clerk, year=YEAR - 1)
    bring(sizes(300, 1500), clerk)
    last = bring(sizes(300, 1500, FARMING), clerk)
    assert classes() == [(YEAR - 1, "medium"), (YEAR, "medium")]
    assert take_back(last, clerk).status == "done"
    assert classes() == [(YEAR - 1, "small"), (YEAR, "small")]


def test_an_undo_gives_the_class_of_before(clerk: User) -> None:
    first = bring(sizes(300, 2000), clerk)
    second = bring(sizes(20, 300), clerk)
    firm = Enterprise.objects.get()
    seen = figures_by_enterprise([firm.pk], YEAR)[firm.pk]
    assert seen["size_computed"].text == "small"
    # Somebody corrects one of the two figures by hand in between: 1,200 persons.
    staff = firm.figures.filter(term="employees").order_by("-id").first()
    record_figure(
        enterprise=firm, term="employees", year=YEAR, value=1200, source="年报", reason="更正",
        user=clerk, seen=staff.pk if staff else None,
    )  # fmt: skip
    assert known().text == "small"  # 300 万元 only
    assert take_back(second, clerk).status == "done"
    # 1,200 persons by hand and the 2,000 万元 of the first file again.
    assert known().text == "medium"
    assert ImportBatch.objects.get(pk=first.pk).status == "committed"


def test_taking_back_everything_leaves_nothing(clerk: User) -> None:
    first = bring(sizes(300, 2000), clerk)
    second = bring(sizes(300, 1500, FARMING), clerk)
    for batch in (second, first):
        job = take_back(batch, clerk)
        assert job.status == "done", job.error
    assert not Enterprise.objects.exists() and not EnterpriseFigure.objects.exists()


def test_many_enterprises_cost_no_more_queries(clerk: User) -> None:
    asked = []
    for firms in (2, 40):
        with CaptureQueriesContext(connection) as caught:
            bring(sizes(300, 2000, firms=firms), clerk)
        asked.append(len(caught))
        assert EnterpriseFigure.objects.filter(term="size_computed").count() == firms
    assert asked[1] <= asked[0]
