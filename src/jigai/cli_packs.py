"""The command that installs a pack into the platform, after showing what changes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from jigai.cli_support import friendly_errors, progress_bar

if TYPE_CHECKING:
    from jigai.policies.examined_packs import Examined
    from jigai.policies.models import PackVersion

out = Console()
_SHOWN = 40
_WORDS = {"added": "增加", "removed": "删去", "changed": "改动"}


def install(
    folder: Annotated[Path, typer.Argument(help="政策包文件夹，如 packs/yanzhou-2020")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问，检查通过就安装")] = False,
) -> None:
    """安装政策包：检查，与现行版本比较条款、参数与金额，确认后安装；旧的决定仍按旧版本。"""
    from jigai.config.embedded import serving

    with friendly_errors(), serving(lambda text: None):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
        import django

        django.setup()
        code = install_folder(folder, yes)
    raise typer.Exit(code)


def install_folder(folder: Path, yes: bool) -> int:
    """Check, compare, ask, install; the exit code: 0 installed or the same, 1 refused or not."""
    from jigai.policies.examined_packs import examine_folder
    from jigai.policies.proposals import current_version

    examined = examine_folder(folder.resolve())
    for problem in examined.problems:
        _tell(str(problem))
    if examined.model is None:
        _tell("没有通过检查，没有安装")
        return 1
    base = current_version(examined.model.pack.identity.id)
    if not _differs(examined, base):
        _tell("与现行版本完全相同，不用安装")
        return 0
    if not yes and not typer.confirm("安装这个版本？今后的测算按它进行", default=False):
        _tell("没有安装")
        return 1
    version = _install(examined, base)
    _tell(f"已安装：{version.title}（{version.sha256[:16]}）")
    return 0


def _differs(examined: Examined, base: PackVersion | None) -> bool:
    """Tell what differs from the version in use; whether anything does."""
    from jigai.policies.compare import compare_packs
    from jigai.policies.stored_packs import files_hash, model_of

    assert examined.model is not None
    if base is not None and base.sha256 == files_hash(examined.files):
        return False
    found = compare_packs(model_of(base).pack if base else None, examined.model.pack)
    counts = found["counts"]
    _tell(f"{examined.model.pack.identity.title}：与{'现行版本' if base else '空白'}相比，"
          + "，".join(f"{word} {counts[kind]} 项" for kind, word in _WORDS.items()))  # fmt: skip
    if base is not None:
        _tell_rows(found["sections"])
        _tell_money(base, examined.model)
    return True


def _tell_rows(sections: list[dict[str, Any]]) -> None:
    rows = [(section["title"], row) for section in sections for row in section["rows"]]
    for title, row in rows[:_SHOWN]:
        _tell(f"  {title}：{_WORDS[row['change']]}“{row['name']}”（{row['code']}）")
        if row["change"] == "changed":
            for label, before, after in row["fields"]:
                _tell(f"    {label}：{before or '—'} → {after or '—'}")
    if len(rows) > _SHOWN:
        _tell(f"  ……另有 {len(rows) - _SHOWN} 项，安装后在“版本比较”页可以全部看到")


def _tell_money(base: PackVersion, model: Any) -> None:
    from jigai.core.screens import formats
    from jigai.policies.money_view import signed
    from jigai.policies.services.check_proposal import money_on

    with progress_bar(out) as tell:
        money = money_on(base, model, None, tell)
    if "none" in money:
        _tell(f"金额：{money['none']}")
        return
    before, after = (formats.yuan(money[side]["total_fen"]) for side in ("before", "after"))
    _tell(f"金额（{money['year']} 年度，{money['region']}）：拟补助合计 {before} 元 → {after} 元，"
          f"相差 {signed(money['difference'])} 元，{money['changed']} 个项目或共同体的结果有变"
    )  # fmt: skip


def _install(examined: Examined, base: PackVersion | None) -> PackVersion:
    import pghistory
    from django.db import transaction

    from jigai.errors import JigaiError
    from jigai.policies.proposals import current_version
    from jigai.policies.services.install_pack import install_pack, lock_pack
    from jigai.policies.uploaded_packs import laid_out_aside

    assert examined.model is not None
    slug = examined.model.pack.identity.id
    with transaction.atomic(), pghistory.context(reason="jigai pack install"):
        lock_pack(slug)
        now = current_version(slug)
        if (now.pk if now else None) != (base.pk if base else None):
            raise JigaiError(
                "proposal-overtaken", "比较之后，现行版本已经变了，没有安装", "请再运行一次"
            )
        # What was read and compared, whatever happens to the folder meanwhile.
        with laid_out_aside(slug, examined.files) as checked:
            return install_pack(folder=checked, check=False)


def _tell(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
