"""``jigai up``: database, tables, content, web and worker as one process tree."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from jigai.config import environment
from jigai.config.embedded import Place, Server
from jigai.config.prepare import heard
from jigai.config.processes import Child, stop_all
from jigai.config.reach import (
    already_running,
    answers,
    log_folder,
    refuse_busy_port,
    running_lock,
)
from jigai.config.summary import Summary
from jigai.errors import JigaiError

Tell = Callable[[str], None]

# Seconds: from start to the first answer; for a request or job to finish at the end.
READY_LIMIT, FINISH_LIMIT = 60.0, 20.0
PAUSE = 0.1
# Ends in a row before the first answer after which the web service is given up.
HOPELESS = 3


class StopAsked(BaseException):
    """A signal asked the platform to stop; not an error, so no handler of errors may catch it."""


@dataclass
class Platform:
    """A running platform. ``run`` blocks until it is asked to stop and leaves no process behind."""

    host: str
    port: int
    tell: Tell
    samples: bool = True
    announce: Callable[[Summary | None], None] = lambda summary: None
    children: list[Child] = field(default_factory=list)
    database: Server | None = None
    _due: dict[str, float] = field(default_factory=dict)
    _asked: int = 0
    _starting: bool = False

    def run(self) -> None:
        """Start everything, watch over it, stop everything.

        Raises :class:`JigaiError` when the data is in use, the port taken or a part does not start.
        """
        lock = running_lock()
        if not lock.take():
            raise already_running(lock)
        try:
            self._listen_to_signals()
            refuse_busy_port(self.host, self.port)
            lock.note(f"{os.getpid()} {self.host} {self.port}\n")
            self._start()
            while True:
                self._look_after()
                time.sleep(PAUSE)
        except StopAsked:
            pass
        finally:
            self._asked = max(self._asked, 1)
            self._stop()
            lock.release()

    def _listen_to_signals(self) -> None:
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        for number in (getattr(signal, name, None) for name in names):
            if number is not None:
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first signal leaves what is being done; the next ones only hurry the stop."""
        self._asked += 1
        if self._asked == 1 and not self._starting:
            raise StopAsked

    def _begin(self, child: Child, on_line: Callable[[str], bool] | None = None) -> None:
        """Start a child. A signal that comes meanwhile waits until the child is known, or nobody
        could stop it."""
        self._starting = True
        try:
            child.start(on_line)
        finally:
            self._starting = False
        if self._asked:
            raise StopAsked

    def _start(self) -> None:
        if not environment.text("DATABASE_URL"):
            self.tell("启动数据库")
            self.database = Server(Place.of_platform())
            self.database.start(self.tell, bound=True)
        summary = self._prepare()
        log = log_folder()
        web = ["jigai.config.web", self.host, str(self.port)]
        self.tell("启动网页服务与任务服务")
        for child in (
            Child("web", "网页服务", web, log),
            Child("worker", "任务服务", ["jigai.config.worker"], log),
        ):
            self.children.append(child)
            self._begin(child)
        self._wait_for_page()
        self.announce(summary)

    def _prepare(self) -> Summary | None:
        arguments = ["jigai.config.prepare", *([] if self.samples else ["--no-samples"])]
        child = Child("prepare", "数据准备", arguments, log_folder())
        self.children.append(child)
        result = _Preparation(self.tell)
        self._begin(child, result.take)
        code = child.wait()
        self.children.remove(child)
        child.release()
        if result.error is not None:
            raise result.error
        if code != 0:
            raise failed_child(child)
        return result.summary

    def _wait_for_page(self) -> None:
        until = time.monotonic() + READY_LIMIT
        ends = 0
        web = self.children[0]
        while time.monotonic() < until:
            if answers(self.host, self.port):
                return
            if not web.running:
                ends += 1
                if ends == HOPELESS:
                    break
                self._begin(web)
            time.sleep(PAUSE)
        raise failed_child(web)

    def _look_after(self) -> None:
        """Start again what has ended, later and later if it keeps ending."""
        if self.database is not None and not self.database.alive():
            self.tell("数据库意外停止，正在重新启动")
            self.database.start(self.tell, bound=True)
        now = time.monotonic()
        for child in self.children:
            if child.running:
                continue
            if child.name not in self._due:
                pause = child.next_pause()
                self._due[child.name] = now + pause
                self.tell(f"{child.title}意外退出（{child.exit_code}），{pause:.0f} 秒后重新启动")
                if child.tail:
                    self.tell(f"　最后的输出：{child.tail[-1]}")
                child.kill()
                child.release()
            elif now >= self._due[child.name]:
                del self._due[child.name]
                self._begin(child)

    def _stop(self) -> None:
        if self.children:
            self.tell("正在停止（再按一次 Ctrl-C 立即停止）")
        late = stop_all(self.children, FINISH_LIMIT, lambda: self._asked > 1)
        for child in late:
            self.tell(f"{child.title}没有及时结束，已强制停止；没做完的任务下次启动时继续")
        if self.database is not None:
            self.database.stop(hurry=self._asked > 2)
        if self.children or self.database:
            self.tell("已停止")


@dataclass
class _Preparation:
    """Listens to the preparing child."""

    tell: Tell
    summary: Summary | None = None
    error: JigaiError | None = None

    def take(self, line: str) -> bool:
        message = heard(line)
        if message is None:
            return False
        if "tell" in message:
            self.tell(message["tell"])
        if "summary" in message:
            self.summary = Summary.from_json(message["summary"])
        if "error" in message:
            self.error = JigaiError(*message["error"])
        return True


def failed_child(child: Child) -> JigaiError:
    """The error for a service that does not come up, with what it said last."""
    said = child.tail[-1] if child.tail else f"退出码 {child.exit_code}"
    return JigaiError(
        f"{child.name}-failed", f"{child.title}启动失败：{said}", f"详见 {child.log_path}。"
    )
