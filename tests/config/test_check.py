"""``jigai check`` on a good platform and on everything that can be wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.config import check
from tests.config.running import jigai


def by_title(findings: list[check.Finding]) -> dict[str, check.Finding]:
    return {found.title: found for found in findings}


def test_a_started_platform_passes(platform_data: Path) -> None:
    done = jigai(platform_data, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    for title in ("数据目录", "权限", "磁盘", "密钥", "配置", "数据库", "数据表", "页面资源"):
        assert f"✔  {title}" in done.stdout
    assert "✘" not in done.stdout and "PostgreSQL 18" in done.stdout


def test_each_fault_is_named_with_a_way_out(platform_data: Path) -> None:
    (platform_data / "secret.key").write_text("short")
    (platform_data / "secret.key").chmod(0o644)
    (platform_data / "static" / "staticfiles.json").unlink()
    jigai(platform_data, "manage", "migrate", "sessions", "zero", "--verbosity=0")
    done = jigai(platform_data, "check")
    assert done.returncode == 1
    lines = {line.split()[1]: line for line in done.stdout.splitlines() if "✘" in line}
    assert set(lines) == {"权限", "密钥", "数据表", "页面资源"}
    assert "secret.key" in lines["权限"] and "chmod" in lines["权限"]
    assert "JIGAI_SECRET_KEY" in lines["密钥"]
    assert "jigai manage migrate" in lines["数据表"]
    assert "jigai up" in lines["页面资源"]


def test_a_platform_that_was_never_started(data: Path) -> None:
    found = by_title(check.run_checks(lambda text: None))
    assert not found["数据库"].passed and "jigai up" in found["数据库"].hint
    assert not (data / "postgres" / "cluster").exists(), "a check makes no database"


def test_a_data_directory_that_is_not_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIGAI_DATA", str(data / "nowhere"))
    found = by_title(check.run_checks(lambda text: None))
    assert not found["数据目录"].passed and "JIGAI_DATA" in found["数据目录"].hint


def test_a_full_disk(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "ROOM_NEEDED", 2**62)
    assert not by_title(check.run_checks(lambda text: None))["磁盘"].passed


def test_an_outside_database_that_does_not_answer(platform_data: Path) -> None:
    done = jigai(platform_data, "check", DATABASE_URL="postgresql://jigai@127.0.0.1:1/jigai")
    assert done.returncode == 1
    assert any("✘" in line and "连接不上" in line for line in done.stdout.splitlines())


def test_an_address_that_is_no_postgresql(platform_data: Path) -> None:
    done = jigai(platform_data, "check", DATABASE_URL="mysql://jigai@127.0.0.1/jigai")
    assert done.returncode == 1 and "postgresql://" in done.stdout
