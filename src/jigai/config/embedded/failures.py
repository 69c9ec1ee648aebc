"""What PostgreSQL's own words mean for the person who started the platform."""

from __future__ import annotations

from pathlib import Path

from jigai.config.embedded.launch import UNREACHABLE
from jigai.config.embedded.place import Place
from jigai.errors import JigaiError

TAIL = 4000
SAYS_WHY = ("FATAL:", "PANIC:", "ERROR:", "error:")


def disk_full(folder: Path) -> JigaiError:
    """No room for the database."""
    return JigaiError(
        "disk-full",
        f"磁盘空间不足：{folder} 所在的磁盘放不下数据库。",
        "清理后再启动，数据没有丢。",
    )


def failed(what: str, output: str) -> JigaiError:
    """Any other failure, with the line in which PostgreSQL says why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reasons = [line for line in lines if any(mark in line for mark in SAYS_WHY)] or lines[-1:]
    reason = reasons[-1] if reasons else "没有输出"
    return JigaiError(
        "postgres-start", f"内置数据库{what}：{reason}", "详见数据目录下的 postgres/log。"
    )


def explain(place: Place, what: str, output: str, exit_code: int | None = None) -> JigaiError:
    """The error for a program that ended early, from what it wrote and what its log says."""
    text = output + newest_log(place)
    if exit_code == UNREACHABLE:
        return JigaiError(
            "database-unreachable",
            f"以 root 启动时数据库用专门的账户运行，但该账户进不了 {place.root} 或程序所在的目录。",
            "把平台放到其他账户可进入的目录，用 JIGAI_DATA 换数据目录，或用普通账户运行。",
        )
    if "No space left on device" in text:
        return disk_full(place.root)
    if "could not bind" in text or "could not create any Unix-domain sockets" in text:
        return JigaiError(
            "postgres-socket",
            f"数据库的套接字或端口不可用：{place.run}",
            "确认没有别的程序占用，或用 JIGAI_DATA 换一个路径较短的数据目录。",
        )
    if "shared memory" in text and "FATAL" in text:
        return JigaiError(
            "postgres-memory",
            "数据库申请不到内存，或上一个数据库的进程还没有退出。",
            "稍候再启动；内存小的机器可在 postgres/extra.conf 里写 shared_buffers = '64MB'。",
        )
    return failed(what, text)


def newest_log(place: Place) -> str:
    """The end of the log written last; empty when there is none."""
    files = sorted(place.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    return files[-1].read_text(errors="replace")[-TAIL:] if files else ""
