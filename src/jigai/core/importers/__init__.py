"""Kinds of tables this room imports."""

from __future__ import annotations

from jigai.core.importers.enterprises import EnterprisePlan
from jigai.core.importers.figures import withdraw_figures
from jigai.core.importers.sizes import settle_sizes
from jigai.core.imports.registry import Importer, register_importer
from jigai.core.models import Enterprise, EnterpriseName


def _sentence(counts: dict[str, int]) -> str:
    return (
        f"新建 {counts['created']:,} 家企业，更新 {counts['changed']:,} 家，"
        f"记录 {counts.get('figures', 0):,} 条年度数据"
    )


def register() -> None:
    """Called when the room loads."""
    register_importer(
        Importer(
            kind="enterprises",
            title="企业名录",
            order=10,
            capability="enterprise.import",
            plan=EnterprisePlan,
            models=(EnterpriseName, Enterprise),
            before_undo=withdraw_figures,
            after_undo=settle_sizes,
            sentence=_sentence,
            by_year=False,
            list_url="enterprise-list",
        )
    )
