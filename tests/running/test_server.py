"""The web server as a process that is asked over a real connection."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.running.processes import LIMIT, Start


def connected(port: int) -> http.client.HTTPConnection:
    """A connection to the server at the port, waiting for it to listen."""
    deadline = time.monotonic() + LIMIT
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        try:
            connection.connect()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
        else:
            return connection


@pytest.mark.parametrize(("hops", "seen"), [("0", b"nobody"), ("1", b"192.0.2.7")])
def test_proxy_headers_pass_only_where_a_proxy_is_declared(
    start: Start, tmp_path: Path, free_port: int, hops: str, seen: bytes
) -> None:
    start("-m", "tests.running.served", str(free_port), hops, str(tmp_path / "gate"))
    connection = connected(free_port)
    connection.request("GET", "/", headers={"X-Forwarded-For": "192.0.2.7"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, seen)
    assert answer.headers["Server"] is None
    connection.close()


def test_a_request_that_has_begun_is_answered_before_the_end(
    start: Start, tmp_path: Path, free_port: int
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    server = start("-m", "tests.running.served", str(free_port), "0", str(gate))
    connection = connected(free_port)
    connection.request("GET", "/slow")
    server.wait_for("begun")
    server.process.send_signal(signal.SIGTERM)
    gate.write_text("done", encoding="ascii")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"done")
    connection.close()
    assert server.exit_code() == 0


def test_a_server_whose_port_is_taken_says_so(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = start("-m", "academy.server", ACADEMY_PORT=str(port))
        assert server.exit_code() == os.EX_CONFIG
    assert server.errors() == (
        f"The academy could not start: Address already in use: 127.0.0.1, port {port}\n"
    )
