"""`python -m academy`: what stops it before it starts, and its two processes once it has."""

from __future__ import annotations

import http.client
import os
import signal
import socket
from pathlib import Path

import pytest

from tests.running.processes import Start, Watch

ACADEMY = ("-m", "academy")


def test_a_taken_port_is_named_before_anything_is_prepared(
    start: Start, environment: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        academy = start(*ACADEMY, ACADEMY_PORT=str(port))
        assert academy.exit_code() == 1
    other = port + 1 if port < 65535 else 8000
    assert academy.errors() == (
        f"Port {port} is taken: choose another one, as in ACADEMY_PORT={other} make run.\n"
    )
    home = Path(environment["ACADEMY_HOME"])
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_a_folder_that_cannot_keep_data_is_named(start: Start, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="ascii")
    academy = start(*ACADEMY, ACADEMY_HOME=str(in_the_way / "var"))
    assert academy.exit_code() == 1
    assert academy.errors() == (
        f"The academy cannot keep its data in {in_the_way}/var (Not a directory):"
        " choose another folder, as in ACADEMY_HOME=/some/folder make run.\n"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ACADEMY_PORT": "many"}, "ACADEMY_PORT is 'many'; it must be a whole number."),
        ({"ACADEMY_PORT": "70000"}, "ACADEMY_PORT is 70000: it must be between 1 and 65535."),
        (
            {"ACADEMY_HOST": "192.0.2.1", "ACADEMY_PORT": "8000"},
            "The academy cannot listen at 192.0.2.1, port 8000"
            " (Cannot assign requested address): see ACADEMY_HOST.",
        ),
        (
            {"ACADEMY_ENV": "production", "BASE_URL": "https://academy.example"},
            "SECRET_KEY is not set: 32 random bytes or more, kept out of the code.",
        ),
    ],
)
def test_settings_that_do_not_work_are_explained_in_one_sentence(
    start: Start, changes: dict[str, str], sentence: str
) -> None:
    academy = start(*ACADEMY, **changes)
    assert academy.exit_code() == 1
    assert academy.errors() == f"{sentence}\n"


def status(port: int) -> int:
    """Ask for the first page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/en/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(number) for number in listed.split()]


def test_a_web_server_that_ends_while_preparing_is_named(start: Start, free_port: int) -> None:
    academy = start(*ACADEMY, ACADEMY_PORT=str(free_port))
    academy.wait_for("Bringing the database up to date")
    (server,) = children(academy.process.pid)
    os.kill(server, signal.SIGKILL)
    assert academy.exit_code() == 1
    expected = "The web server ended (SIGKILL), so the academy was stopped.\n"
    assert academy.errors() == expected


def test_interrupted_while_preparing_it_starts_the_next_time(
    start: Start, watch: Watch, free_port: int
) -> None:
    first = start(*ACADEMY, ACADEMY_PORT=str(free_port))
    first.wait_for("Bringing the database up to date")
    first.interrupt()
    assert first.exit_code() == 130
    expected = "Interrupted while preparing: the next start takes it up again.\n"
    assert first.errors() == expected

    second = start(*ACADEMY, ACADEMY_PORT=str(free_port))
    address = second.wait_for("Urban Academy is at ")
    assert (address, status(free_port)) == (f"http://127.0.0.1:{free_port}", 200)

    both = [watch(pid) for pid in children(second.process.pid)]
    second.wait_for("Ctrl-C stops it.")
    second.interrupt()
    second.wait_for("Stopped.")
    assert (second.exit_code(), second.errors()) == (0, "")
    assert [child.has_ended() for child in both] == [True, True]
    with pytest.raises(ConnectionRefusedError):
        status(free_port)
