"""Children of the platform: their output, their restarts, their end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from jigai.config import processes
from jigai.config.prepare import MARK
from jigai.config.processes import Child, stop_all
from jigai.config.summary import DemoAccount, Summary
from jigai.config.up import _Preparation
from jigai.errors import JigaiError
from tests.config.running import until

Make = Callable[[str], Child]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a child from the text of a module; all are gone at the end."""
    made: list[Child] = []
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def build(code: str) -> Child:
        name = f"child_{len(made)}"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(code))
        made.append(Child(name, "测试服务", [name], tmp_path / "log"))
        return made[-1]

    yield build
    for child in made:
        child.kill()
        child.release()


def test_output_goes_to_a_private_log_and_its_end_is_kept(make: Make) -> None:
    child = make("for number in range(20): print('第', number, '行')")
    child.start()
    assert child.wait() == 0
    assert child.log_path.read_text().splitlines()[0] == "第 0 行"
    assert child.tail[-1] == "第 19 行" and len(child.tail) == processes.TAIL_LINES
    assert child.log_path.stat().st_mode & 0o777 == 0o600


def test_the_log_does_not_grow_without_end(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_BYTES", 1000)
    child = make("for number in range(2000): print('line', number)")
    child.start()
    child.wait()
    files = list(child.log_path.parent.iterdir())
    assert len(files) == processes.LOG_FILES + 1
    assert all(file.stat().st_size <= 1000 for file in files)


def test_lines_that_are_taken_stay_out_of_the_log(make: Make) -> None:
    child = make("print('take me'); print('keep me')")
    child.start(lambda line: line.startswith("take"))
    child.wait()
    assert child.log_path.read_text() == "keep me\n"


def test_bytes_that_are_no_text_do_no_harm(make: Make) -> None:
    child = make(r"import sys; sys.stdout.buffer.write(b'\xff\xfe oops\n')")
    child.start()
    assert child.wait() == 0
    assert "oops" in child.tail[-1]


def test_restarts_come_later_and_later_and_a_calm_minute_is_forgiven(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = make("")
    clock = [0.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: clock[0])
    assert [child.next_pause() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    clock[0] = processes.CALM
    assert child.next_pause() == 1


def test_a_child_that_stops_when_asked_is_not_killed(make: Make) -> None:
    child = make("print('up'); import signal; signal.pause()")
    child.start()
    until(lambda: child.tail, "child is up")
    assert stop_all([child], 10, lambda: False) == []
    assert child.exit_code == -signal.SIGTERM


STUBBORN = """
    import signal, subprocess, sys
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
    print(inner.pid)
    signal.pause()
"""


@pytest.mark.parametrize(("limit", "hurry"), [(0.2, False), (60.0, True)])
def test_a_stubborn_child_is_killed_with_what_it_started(
    make: Make, limit: float, hurry: bool
) -> None:
    child = make(STUBBORN)
    child.start()
    until(lambda: child.tail, "child is up")
    assert stop_all([child], limit, lambda: hurry) == [child]
    assert child.exit_code == -signal.SIGKILL
    inner = int(child.tail[0])
    until(lambda: gone(inner), "the grandchild ends, too")


def gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-c", "from jigai.config import lifeline; lifeline.hold(); "
     "print('up', flush=True); import time; time.sleep(60)"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "JIGAI_LIFELINE": "1"},
)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_with_its_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not gone(child)
        parent.kill()
    until(lambda: gone(child), "the child notices")


def test_a_command_started_by_hand_needs_no_parent() -> None:
    code = "from jigai.config import lifeline; lifeline.hold(); print('still here')"
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.stdout == "still here\n"


def test_messages_of_the_preparation_are_heard() -> None:
    told: list[str] = []
    heard = _Preparation(told.append)
    summary = Summary((DemoAccount("审核员", "demo", "secret"),), ("一行",))

    for message in ({"tell": "装入样例"}, {"summary": summary.to_json()}):
        assert heard.take(MARK + json.dumps(message)) is True
    assert heard.take("ordinary output") is False
    assert told == ["装入样例"] and heard.summary == summary and heard.error is None
    heard.take(MARK + json.dumps({"error": ["code", "出错", "改法"]}))
    assert isinstance(heard.error, JigaiError) and heard.error.hint == "改法"
