"""Starting and stopping the embedded server."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping

import psutil

from jigai.config.embedded import cluster, failures, postmaster
from jigai.config.embedded.account import Account, account_for
from jigai.config.embedded.binaries import program
from jigai.config.embedded.locks import Lock, alone
from jigai.config.embedded.place import WINDOWS, Place
from jigai.errors import JigaiError

Tell = Callable[[str], None]

# Seconds. After a hard stop the write-ahead log is replayed before the server answers.
START_LIMIT = 120.0
STOP_LIMIT = 60.0
HURRIED_LIMIT = 5.0
# Seconds of silence before a slow start or stop is explained.
PATIENCE = 3.0
PAUSE = 0.02


def _silent(_: str) -> None:
    pass


class Server:
    """One embedded server: at most one process per place, whoever started it.

    ``settings`` are PostgreSQL settings that win over the platform's own (tests turn fsync off).
    """

    def __init__(self, place: Place, settings: Mapping[str, str] | None = None) -> None:
        self.place = place
        self.settings = dict(settings or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._users = Lock(place.root / "users.lock")

    def start(self, tell: Tell = _silent, *, bound: bool = False) -> bool:
        """Start the server and wait until it answers; true when this call started it.

        A server that another command of the platform is using is joined. One that nobody uses any
        more (its parent was killed) is stopped first. ``bound`` ends the server with this process.
        Raises :class:`JigaiError` when it does not come up within ``START_LIMIT`` seconds.
        """
        with alone(self.place.root / "start.lock"):
            in_use = not self._users.take()
            found = postmaster.running(self.place.cluster)
            if found and not in_use:
                tell("上次的数据库没有随平台停止，先停止它")
                _stop(found)
            if not (found and in_use):
                self._launch(tell, bound)
            self._users.take(shared=True)
            return self._child is not None

    def stop(self, *, hurry: bool = False) -> None:
        """Stop the server and wait for its end; harmless when it does not run.

        Open transactions are rolled back. ``hurry`` skips the final checkpoint; the next start then
        recovers from the log.
        """
        with alone(self.place.root / "start.lock"):
            self._stop_now(hurry)

    def leave(self) -> None:
        """Stop the server if nobody else is using it."""
        with alone(self.place.root / "start.lock"):
            if self._users.take():
                self._stop_now()
            elif self._child is not None:
                # It lives on for the others, on purpose; Python would warn about a lost child.
                self._child.returncode = 0
            self._forget()

    def alive(self) -> bool:
        """True while the server process runs."""
        if self._child is not None:
            return self._child.poll() is None
        return postmaster.running(self.place.cluster) is not None

    def _stop_now(self, hurry: bool = False) -> None:
        found = postmaster.running(self.place.cluster)
        if found:
            _stop(found, hurry)
        self._forget()

    def _forget(self) -> None:
        self._users.release()
        if self._child is not None and self._child.poll() is not None:
            self._child = None

    def _launch(self, tell: Tell, bound: bool) -> None:
        account = account_for(self.place.cluster)
        cluster.prepare_folders(self.place, account)
        if not self.place.cluster.exists():
            tell("第一次启动：建立数据库")
        cluster.ensure_cluster(self.place, account)
        cluster.write_settings(self.place, account, self.settings)
        postmaster.forget_reused(self.place.cluster)
        self._child = self._spawn(account, bound)
        self._wait_ready(self._child, tell)

    def _spawn(self, account: Account, bound: bool) -> subprocess.Popen[bytes]:
        """In a session of its own: Ctrl-C reaches the platform alone, which then stops in order."""
        command = account.command(program("postgres"), "-D", str(self.place.cluster), bound=bound)
        # What the server says before its own log opens.
        with (self.place.root / "start.log").open("wb") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=cluster.environment(),
                cwd=self.place.root,
                start_new_session=True,
            )

    def _wait_ready(self, child: subprocess.Popen[bytes], tell: Tell) -> None:
        begun = time.monotonic()
        told = False
        while time.monotonic() - begun < START_LIMIT:
            if child.poll() is not None:
                raise self._explain(child.returncode)
            found = postmaster.read(self.place.cluster)
            if found and found.ready and (WINDOWS or found.pid == child.pid):
                return
            if not told and time.monotonic() - begun > PATIENCE:
                tell("数据库正在从上次的中断中恢复，请稍候")
                told = True
            time.sleep(PAUSE)
        _stop(psutil.Process(child.pid))
        raise JigaiError(
            "postgres-start",
            f"数据库 {START_LIMIT:.0f} 秒内没有就绪。",
            "再启动一次会从中断处继续恢复；若反复如此，请查看数据目录下的 postgres/log。",
        )

    def _explain(self, exit_code: int) -> JigaiError:
        said = (self.place.root / "start.log").read_text(errors="replace")
        return failures.explain(self.place, "启动失败", said, exit_code)


def _stop(server: psutil.Process, hurry: bool = False) -> None:
    """Fast shutdown; where that takes too long, immediate; where even that fails, kill."""
    steps = (
        (signal.SIGINT, STOP_LIMIT),
        (signal.SIGQUIT, HURRIED_LIMIT),
        (signal.SIGKILL, HURRIED_LIMIT),
    )
    for number, limit in steps[1 if hurry else 0 :]:
        try:
            helpers = server.children()
            server.send_signal(number)
        except psutil.NoSuchProcess:
            return
        if _ended(server, limit):
            # The logger writes a little longer than the server lives.
            for helper in helpers:
                _ended(helper, HURRIED_LIMIT)
            return


def _ended(process: psutil.Process, limit: float) -> bool:
    """Wait for the end of a process. One that nobody has collected yet has ended, too.

    Some first processes of containers collect orphans only every few seconds.
    """
    until = time.monotonic() + limit
    while time.monotonic() < until:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
            process.wait(timeout=PAUSE)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            pass
        return True
    return False
