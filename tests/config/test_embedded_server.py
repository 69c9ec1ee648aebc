"""The supervisor of the embedded database: start, stop, and everything that goes wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from jigai.config.embedded import Place, Server, binaries, cluster, postmaster, serving
from jigai.errors import JigaiError
from tests.config.conftest import CHEAP
from tests.config.running import processes_of


def ask(place: Place, statement: str) -> object:
    """First value of the first row, as the platform's role."""
    with psycopg.connect(place.address(), autocommit=True) as session:
        cursor = session.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]


def put_row(place: Place) -> None:
    ask(place, "CREATE TABLE kept (word text)")
    ask(place, "INSERT INTO kept VALUES ('县')")


def pid_of(place: Place) -> int:
    found = postmaster.read(place.cluster)
    assert found is not None
    return found.pid


def test_data_survive_a_restart_and_no_process_does(server: Server, data: Path) -> None:
    server.start()
    put_row(server.place)
    server.stop()
    assert processes_of(data) == []
    server.start()
    assert ask(server.place, "SELECT word FROM kept") == "县"


def test_the_role_is_no_superuser_and_the_password_is_asked_for(server: Server) -> None:
    server.start()
    assert ask(server.place, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    wrong = server.place.address().replace(server.place.password, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(server.place.address().replace("jigai:", "postgres:", 1))


def test_it_listens_on_its_socket_only(server: Server) -> None:
    server.start()
    process = psutil.Process(pid_of(server.place))
    assert {c.family.name for c in process.net_connections("all") if c.status == "LISTEN"} <= set()
    assert ask(server.place, "SHOW listen_addresses") == ""
    assert server.place.run.stat().st_mode & 0o777 == 0o700


def test_text_is_utf8_in_code_point_order_with_upper_and_lower_case(server: Server) -> None:
    server.start()
    assert ask(server.place, "SHOW server_encoding") == "UTF8"
    assert ask(server.place, "SELECT lower('ÄÉ') || ('Z' < 'a')::text") == "äétrue"


def test_settings_of_the_operator_win_and_stay(server: Server) -> None:
    server.place.extra_settings.write_text("work_mem = '7MB'\n")
    server.start()
    assert ask(server.place, "SHOW work_mem") == "7MB"


def test_folders_above_keep_their_modes_even_closed_ones(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    data.chmod(0o700)
    server = Server(Place(closed / "postgres"), CHEAP)
    server.start()
    assert ask(server.place, "SELECT 1") == 1
    server.stop()
    assert [path.stat().st_mode & 0o777 for path in (data, closed)] == [0o700, 0o700]


def test_a_long_path_gets_a_short_socket_elsewhere(data: Path) -> None:
    server = Server(Place(data / ("长" * 40) / "postgres"), CHEAP)
    server.start()
    assert ask(server.place, "SELECT 1") == 1
    assert not server.place.run.is_relative_to(data)
    server.stop()
    shutil.rmtree(server.place.run)


def test_after_a_killed_server_the_next_start_recovers(server: Server) -> None:
    server.start()
    put_row(server.place)
    victim = psutil.Process(pid_of(server.place))
    victim.kill()
    victim.wait(10)
    assert (server.place.cluster / "postmaster.pid").exists()
    assert server.alive() is False
    server.start()
    assert ask(server.place, "SELECT word FROM kept") == "县"


def reuse_pid(place: Place, pid: int, started: float) -> None:
    """Leave a pid file that names another process, as after a power cut and a restart."""
    file = place.cluster / "postmaster.pid"
    shape = [pid, place.cluster, int(started), 5432, place.run, "", "  123 456", "ready"]
    file.write_text("\n".join(map(str, shape)) + "\n")


def test_a_pid_that_now_belongs_to_another_program_does_not_stop_the_start(server: Server) -> None:
    server.start()
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        reuse_pid(server.place, other.pid, time.time())
        assert postmaster.running(server.place.cluster) is None
        server.start()
        assert ask(server.place, "SELECT 1") == 1
        assert other.poll() is None, "the stranger must not be stopped"
        other.kill()


def test_a_pid_that_now_belongs_to_another_postgres_is_known_by_its_start(
    server: Server, tmp_path: Path
) -> None:
    server.start()
    server.stop()
    named_alike = tmp_path / "postgres"
    shutil.copy(shutil.which("sleep") or "sleep", named_alike)
    with subprocess.Popen([named_alike, "60"]) as other:
        reuse_pid(server.place, other.pid, time.time() - 3600)
        assert postmaster.running(server.place.cluster) is None
        server.start()
        assert other.poll() is None
        other.kill()


def test_the_clock_may_be_set_while_the_server_runs(server: Server) -> None:
    server.start()
    real = pid_of(server.place)
    file = server.place.cluster / "postmaster.pid"
    lines = file.read_text().splitlines()
    lines[2] = str(int(lines[2]) - 86400)
    file.write_text("\n".join(lines) + "\n")
    found = postmaster.running(server.place.cluster)
    assert found is not None and found.pid == real


def test_a_second_command_joins_and_the_last_one_stops(server: Server) -> None:
    assert server.start() is True
    second = Server(server.place, CHEAP)
    assert second.start() is False
    server.leave()
    assert ask(server.place, "SELECT 1") == 1
    second.leave()
    assert postmaster.running(server.place.cluster) is None


def test_two_starts_at_once_make_one_server(data: Path) -> None:
    servers = [Server(Place(data / "postgres"), CHEAP) for _ in range(2)]
    started: list[bool] = []
    threads = [
        threading.Thread(target=lambda s=server: started.append(s.start())) for server in servers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, True]
    assert ask(servers[0].place, "SELECT 1") == 1
    for server in servers:
        server.leave()


STARTER = """
import sys, time
from pathlib import Path
from jigai.config.embedded import Place, Server
Server(Place(Path(sys.argv[1])), {"fsync": "off"}).start(bound=sys.argv[2] == "bound")
print("up", flush=True)
time.sleep(60)
"""


def start_elsewhere(place: Place, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(place.root), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    return process


def test_an_orphan_that_nobody_uses_is_replaced(server: Server) -> None:
    with start_elsewhere(server.place, "free") as parent:
        orphan = pid_of(server.place)
        put_row(server.place)
        parent.kill()
    assert psutil.pid_exists(orphan)
    assert server.start() is True
    assert pid_of(server.place) != orphan
    assert ask(server.place, "SELECT word FROM kept") == "县"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_bound_server_ends_with_its_killed_parent(server: Server) -> None:
    with start_elsewhere(server.place, "bound") as parent:
        bound = psutil.Process(pid_of(server.place))
        parent.kill()
    assert bound.wait(10) in (0, None)
    assert server.start() is True


def test_a_half_made_cluster_is_made_again(data: Path) -> None:
    server = Server(Place(data / "postgres"), CHEAP)
    draft = server.place.root / "cluster.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    server.start()
    assert ask(server.place, "SELECT 1") == 1
    assert not draft.exists()
    server.stop()


def test_serving_leaves_the_database_as_it_found_it(data: Path) -> None:
    place = Place(data / "postgres")
    with serving():
        assert ask(place, "SELECT 1") == 1
    assert postmaster.running(place.cluster) is None


def test_serving_starts_nothing_for_a_database_of_the_deployer(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/jigai")
    with serving():
        assert not (data / "postgres").exists()


def failure(server: Server) -> JigaiError:
    with pytest.raises(JigaiError) as caught:
        server.start()
    assert caught.value.hint
    return caught.value


def test_another_version_of_the_data_is_refused(server: Server) -> None:
    (server.place.cluster / "PG_VERSION").write_text("15\n")
    error = failure(server)
    assert error.code == "postgres-version" and "15" in error.message


def test_a_full_disk_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ROOM_NEEDED", 2**62)
    assert failure(Server(Place(data / "postgres"))).code == "disk-full"


def test_a_disk_that_fills_up_later_is_said(server: Server) -> None:
    (server.place.log / "postgres-Mon.log").write_text(
        "PANIC:  could not write to file: No space left on device\n"
    )
    from jigai.config.embedded import failures

    assert failures.explain(server.place, "启动失败", "").code == "disk-full"


@pytest.mark.parametrize("wheel", ["no_such_wheel_here", "jigai"])
def test_a_missing_wheel_is_said(
    server: Server, monkeypatch: pytest.MonkeyPatch, wheel: str
) -> None:
    monkeypatch.setattr(binaries, "WHEEL", wheel)
    error = failure(server)
    assert error.code == "postgres-missing" and "DATABASE_URL" in error.hint


def test_a_bad_setting_is_said_with_postgresqls_own_words(server: Server) -> None:
    server.place.extra_settings.write_text("no_such_setting = 1\n")
    error = failure(server)
    assert error.code == "postgres-start" and "extra.conf" in error.message


def test_a_folder_in_the_place_of_the_socket_is_said(server: Server) -> None:
    server.start()
    server.stop()
    (server.place.run / ".s.PGSQL.5432").mkdir()
    assert failure(server).code in ("postgres-socket", "postgres-start")


def test_stopping_waits_for_the_end_although_somebody_is_connected(server: Server) -> None:
    server.start()
    with psycopg.connect(server.place.address()) as session:
        session.execute("SELECT 1")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    assert server.alive() is False


def test_the_signal_of_the_terminal_does_not_reach_the_server(server: Server) -> None:
    server.start()
    assert os.getpgid(pid_of(server.place)) != os.getpgid(0)
