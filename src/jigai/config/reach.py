"""Where a running platform is found: its lock, its port, its address, its logs."""

from __future__ import annotations

import os
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from jigai.config import environment
from jigai.config.embedded.locks import Lock
from jigai.errors import JigaiError


def log_folder() -> Path:
    """Where web, worker and preparation write."""
    return environment.data_dir() / "log"


def running_lock() -> Lock:
    """The lock that the running platform holds on its data directory."""
    return Lock(environment.data_dir() / "up.lock")


def already_running(lock: Lock) -> JigaiError:
    """The error for data that a running platform is using, with its address."""
    try:
        pid, host, port = lock.path.read_text().split()
        where = f"（进程 {pid}，{page_address(host, int(port))}）"
    except ValueError:
        where = ""
    return JigaiError(
        "already-running",
        f"平台已在用这份数据运行{where}。",
        "先停止它，或设 JIGAI_DATA 换一个数据目录。",
    )


def refuse_busy_port(host: str, port: int) -> None:
    """Raises :class:`JigaiError` when nothing can listen there."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        raise JigaiError(
            "port-busy",
            f"不能在 {host} 的端口 {port} 上提供服务：{error.strerror}。",
            f"用 --port 换一个端口，如 jigai up --port {port + 1 if port < 65535 else 8000}。",
        ) from None


def page_address(host: str, port: int) -> str:
    """The address to open in a browser."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def answers(host: str, port: int) -> bool:
    """True when the web service answers, whatever it answers."""
    connection = HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5
    )
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse().read()
        return True
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
