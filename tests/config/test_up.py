"""``jigai up`` from outside: real processes, real signals, real pages."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import psutil
import psycopg
import pytest

from jigai.config.embedded import Place, postmaster
from jigai.config.processes import Child
from jigai.config.up import Platform, StopAsked
from tests.config.running import Running, jigai, processes_of, running, until


def child(platform: Running, module: str) -> psutil.Process:
    """The child that runs a module, the outermost one if it has children of its own."""
    parent = psutil.Process(platform.process.pid)
    found = [part for part in parent.children() if module in part.cmdline()]
    assert len(found) == 1, [part.cmdline() for part in parent.children()]
    return found[0]


def test_the_first_start_told_what_it_did_and_left_nothing(first_start: Running) -> None:
    said = "\n".join(first_start.lines)
    order = ["第一次启动", "更新数据表", "整理页面资源", "技改通已启动", "正在停止", "已停止"]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
    assert f"http://127.0.0.1:{first_start.port}/" in said
    assert "Traceback" not in said and "意外" not in said
    assert first_start.process.returncode == 0


def stops_with(platform: Running, number: int) -> None:
    """It ends in order and leaves no process; starting it takes long, so several tests end so."""
    assert len(processes_of(platform.data)) > 4
    assert platform.end(number) == 0
    assert processes_of(platform.data) == []
    assert platform.lines[-1] == "已停止"


def test_a_second_start_while_it_runs_and_its_end(platform_data: Path) -> None:
    with running(platform_data) as platform:
        assert platform.get("/healthz") == (200, "ok")
        assert platform.get("/readyz")[0] == 200

        second = jigai(platform_data, "up", "--port", str(platform.port))
        assert second.returncode == 2
        assert str(platform.process.pid) in second.stderr and "JIGAI_DATA" in second.stderr

        reset = jigai(platform_data, "reset", "--yes")
        assert reset.returncode == 2 and "已在用这份数据运行" in reset.stderr

        shown = jigai(platform_data, "manage", "showmigrations", "--plan")
        assert shown.returncode == 0 and "[X]" in shown.stdout and "[ ]" not in shown.stdout
        assert platform.get("/readyz")[0] == 200, "a short command must not stop the database"
        stops_with(platform, signal.SIGTERM)
    said = "\n".join(platform.lines)
    assert "更新数据表" not in said and "整理页面资源" not in said


def test_what_ends_is_started_again(platform_data: Path) -> None:
    with running(platform_data) as platform:
        for module, title in (
            ("jigai.config.web", "网页服务"),
            ("jigai.config.worker", "任务服务"),
        ):
            victim = child(platform, module)
            victim.kill()
            platform.wait_for(f"{title}意外退出")
            until(
                lambda m=module: [
                    c for c in psutil.Process(platform.process.pid).children() if m in c.cmdline()
                ],
                f"{module} again",
            )
            assert child(platform, module).pid != victim.pid
        found = postmaster.running(Place(platform_data / "postgres").cluster)
        assert found is not None
        found.kill()
        platform.wait_for("数据库意外停止")
        until(lambda: ready(platform), "ready again")
        assert platform.end() == 0
    assert processes_of(platform_data) == []


def ready(platform: Running) -> bool:
    try:
        return platform.get("/readyz")[0] == 200
    except OSError:
        return False


def test_killed_outright_it_takes_its_children_along_and_starts_again(platform_data: Path) -> None:
    with running(platform_data) as platform:
        with psycopg.connect(Place(platform_data / "postgres").address()) as session:
            session.execute("CREATE TABLE kept AS SELECT '县' AS word")
        platform.end(signal.SIGKILL)
    until(lambda: not processes_of(platform_data), "children of a killed platform end")
    with running(platform_data) as platform:
        with psycopg.connect(Place(platform_data / "postgres").address()) as session:
            assert session.execute("SELECT word FROM kept").fetchone() == ("县",)
        stops_with(platform, signal.SIGHUP)


def test_a_signal_in_the_middle_of_the_start_leaves_nothing(platform_data: Path) -> None:
    platform = Running(platform_data)
    platform.wait_for("启动网页服务")
    assert platform.end(signal.SIGINT) == 0
    assert processes_of(platform_data) == []


def test_a_signal_while_a_child_starts_waits_until_it_is_known(tmp_path: Path) -> None:
    platform = Platform("127.0.0.1", 0, tell=lambda words: None)
    known: list[bool] = []

    class Interrupted(Child):
        def start(self, on_line: object = None) -> None:
            platform._on_signal(signal.SIGINT, None)
            known.append(True)

    with pytest.raises(StopAsked):
        platform._begin(Interrupted("web", "网页服务", [], tmp_path))
    assert known == [True]
    platform._on_signal(signal.SIGINT, None)  # the second one only hurries


def test_a_busy_port_is_said_before_anything_starts(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = jigai(data, "up", "--port", str(other.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr and not (data / "postgres" / "cluster").exists()
