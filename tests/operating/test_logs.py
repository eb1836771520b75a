"""What is written down of requests: enough to find a fault, nothing that tells who or lets in."""

from __future__ import annotations

import http.client
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from academy.accounts.operations import start_session
from academy.db import db, unit_of_work, utcnow
from academy.logs import HEADER, JsonLines, ReadableLines, redacted
from academy.operating.running import LOCK
from tests.making import PASSWORD, make_person
from tests.operating.operated import LIMIT, production
from tests.serving import free_port, wait_until_it_answers

MAIL = "canary.mail@example.org"
WRONG = "canary password of Ana"
WORDS = "canary words searched for"
ROAD = "canary-in-the-path-X7"
TOKEN_IN_PATH = "Zk3vXq9LmT2bNc8RwY5pHs7DfGj4aEu1"

ANSWERED = [
    ("GET", "/<language:lang>/sign-in", 200),
    ("POST", "/<language:lang>/sign-in", 422),
    ("GET", "/<language:lang>/sign-in", 200),
    ("POST", "/<language:lang>/sign-in", 303),
    ("POST", "/<language:lang>/sign-up", 400),
    ("GET", "/<language:lang>/learn", 200),
    ("GET", "(no page)", 404),
    ("GET", "/<language:lang>/learn/<slug>", 404),
    ("GET", "/api/v1/offers", 422),
    ("GET", "/<language:lang>/", 200),
]
"""The requests of the test below as the log tells them."""


@pytest.fixture
def home(academy: Any) -> Path:
    """The home of an academy with one person, and no process."""
    app: Flask = academy()
    with app.app_context():
        make_person(MAIL)
        db.session.remove()
        db.engine.dispose()
    found: Path = app.config["SETTINGS"].home
    return found


@contextmanager
def logged(home: Path, *, port: int) -> Iterator[list[str]]:
    """Serve in production and give the lines of the log once it has ended."""
    lines: list[str] = []
    environment = production(home, ACADEMY_PORT=str(port), TRUSTED_HOSTS="127.0.0.1")
    with subprocess.Popen(
        [sys.executable, "-m", "academy.server"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            wait_until_it_answers("127.0.0.1", port, server)  # type: ignore[arg-type]
            yield lines
        finally:
            server.terminate()
            _, errors = server.communicate(timeout=LIMIT)
            lines += errors.splitlines()


def send(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Send a request as the proxy would; give status and the name of the request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request(method, path, body, usual | named)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers[HEADER]


def sign_in(port: int, password: str) -> int:
    """Sign in as a browser does, behind the proxy; tell the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    here = {"X-Forwarded-Proto": "https", "Referer": f"https://127.0.0.1:{port}/"}
    connection.request("GET", "/en/sign-in", headers=here)
    answer = connection.getresponse()
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', answer.read().decode())[:1]
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    fields = urlencode({"email": MAIL, "password": password, "csrf_token": token})
    here |= {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/en/sign-in?next=/{ROAD}", fields, here)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_no_canary_of_real_requests_is_in_the_log(home: Path) -> None:
    port = free_port()
    with logged(home, port=port) as lines:
        answered = [sign_in(port, WRONG), sign_in(port, PASSWORD)]
        send(port, "POST", "/en/sign-up", urlencode({"name": MAIL, "password": WRONG}))
        send(port, "GET", f"/en/learn?{urlencode({'q': WORDS})}", Referer=f"https://x/{MAIL}")
        send(port, "GET", f"/en/{ROAD}/{TOKEN_IN_PATH}")
        send(port, "GET", f"/en/learn/{ROAD}", User_Agent=f"{MAIL}\t{WRONG}")
        send(port, "GET", "/api/v1/offers?issue=canary", Authorization=f"Bearer {TOKEN_IN_PATH}")
        _, name = send(port, "GET", "/en/", Cookie=f"__Host-academy={TOKEN_IN_PATH}")
    assert answered == [422, 303]
    log = "\n".join(lines)
    canaries = ("canary", TOKEN_IN_PATH, PASSWORD, "192.0.2.7", "@example")
    assert [one for one in canaries if one in log] == []
    told = [told for line in lines if (told := json.loads(line))["event"] == "request"]
    assert [(one["method"], one["path"], one["status"]) for one in told][-10:] == ANSWERED
    assert told[-1]["request"] == name
    assert set(told[-1]) == {
        *("time", "level", "logger", "event"),
        *("request", "method", "path", "status", "milliseconds"),
    }


def test_a_person_is_an_opaque_name_in_the_log(home: Path, academy: Any) -> None:
    app: Flask = academy()
    with app.app_context():
        person = make_person(MAIL)
        reference = person.reference
        with unit_of_work():
            token = start_session(db.session.merge(person), agent="", days=1, now=utcnow())
        db.session.remove()
        db.engine.dispose()
    port = free_port()
    with logged(app.config["SETTINGS"].home, port=port) as lines:
        status, _ = send(port, "GET", "/en/my", Cookie=f"__Host-academy={token}")
    told = json.loads(lines[-1])
    assert (status, told["person"]) == (200, reference)
    assert [one for one in (token, MAIL, "Ana") if one in "\n".join(lines)] == []


def test_the_proxy_names_the_request_and_nobody_else(home: Path) -> None:
    port = free_port()
    with logged(home, port=port) as lines:
        given = "0123456789abcdef0123456789abcdef"
        assert send(port, "GET", "/healthz", **{"X-Request-ID": given})[1] == given
        for forged in ("a b", "x" * 100, "<script>alert(1)</script>"):
            assert re.fullmatch(
                "[0-9a-f]{16}", send(port, "GET", "/healthz", **{HEADER: forged})[1]
            )
    assert [json.loads(line)["path"] for line in lines] == ["/"]
    assert (home / LOCK).exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("from ana@example.org to <ben@example.org>", "from [mail] to <[mail]>"),
        (f"token {TOKEN_IN_PATH}, done", "token [hidden], done"),
        ("digest " + "0f" * 16, "digest [hidden]"),
        (
            "smtp://ana:pass@mail.example:587 refused",
            "smtp://[credentials]@mail.example:587 refused",
        ),
        ("GET /en/learn?q=my+words HTTP", "GET /en/learn?[query] HTTP"),
        ("Client disconnected while serving /en/x", "Client disconnected while serving [path]"),
        (
            "courses.search.backlog.keep_draining_for_ever",
            "courses.search.backlog.keep_draining_for_ever",
        ),
        (
            'File "/opt/academy/courses/web/browse.py", line 20',
            'File "/opt/academy/courses/web/browse.py", line 20',
        ),
    ],
)
def test_what_would_let_somebody_in_is_taken_out(said: str, kept: str) -> None:
    assert redacted(said) == kept


def record(event: str, failure: Exception | None = None) -> logging.LogRecord:
    """Make an event as a logger would."""
    told = (type(failure), failure, None) if failure else None
    return logging.LogRecord("courses", logging.WARNING, "", 0, event, None, told)


def test_an_event_is_one_line_whatever_is_in_it() -> None:
    hostile = 'x\r\n{"level": "info"}\u2028y'
    assert "\n" not in ReadableLines().format(record(hostile))
    written = JsonLines().format(record(hostile, ValueError(f"{MAIL} at\nfault")))
    assert written.count("\n") == 0
    told = json.loads(written)
    assert (told["event"], told["level"]) == (hostile, "warning")
    assert told["trace"] == "ValueError: [mail] at\nfault"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["time"])
