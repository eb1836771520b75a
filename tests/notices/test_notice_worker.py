"""The real worker: mails go by themselves, wait for a server that is away, and survive kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic

import pytest
from flask import Flask

from academy.config import CHECKOUT, Settings
from academy.db import db, unit_of_work, utcnow
from academy.environment import FILE, SETTINGS
from academy.health import Heartbeat
from academy.notices.jobs import AWAY, Pace
from academy.notices.models import Notice, NoticeState
from academy.notices.operations import Recipient, notify
from tests.mailing import Post, open_post

LIMIT = 60.0
MAILS = 50
ADDRESSES = {f"reader{number}@example.org" for number in range(MAILS)}


@contextmanager
def worker(app: Flask, post: Post) -> Iterator[subprocess.Popen[bytes]]:
    """Run the worker on the data of the academy; whatever happens, it ends with the block."""
    settings: Settings = app.config["SETTINGS"]
    ours = {*SETTINGS, FILE, "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": "https://academy.example",
        "ACADEMY_HOME": str(settings.home),
        "MAIL_URL": post.url,
        "MAIL_PER_MINUTE": "100000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "academy.worker"], cwd=CHECKOUT, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(LIMIT)


ON_THE_WAY = (NoticeState.SENDING, NoticeState.WAITING, NoticeState.SENT)


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again; gives up when time is over."""
    end, pause = monotonic() + LIMIT, Event()
    while not true():
        assert monotonic() < end, "it did not come to that"
        pause.wait(0.05)


def states() -> Counter[NoticeState]:
    """Count the notices in each state, now."""
    db.session.rollback()
    found = Counter(state for (state,) in db.session.query(Notice.state))
    db.session.rollback()
    return found


def write(addresses: set[str]) -> None:
    """Write a notice down for each address."""
    now = utcnow()
    with unit_of_work():
        for address in sorted(addresses):
            notify("test", Recipient(address=address), about=address, now=now)


@pytest.fixture
def app(academy: Callable[..., Flask]) -> Iterator[Flask]:
    """An academy inside its application context; its worker knows the mail server."""
    made = academy()
    with made.app_context():
        yield made
        db.session.rollback()


@pytest.mark.slow
def killed_while_sending(app: Flask, post: Post, number: int) -> None:
    """Let a worker send, and kill it when the server has this mail and the worker knows nothing."""
    with worker(app, post) as process:
        killed: list[int] = []

        def strike(_address: str) -> str:
            if len(post.letters) >= number and not killed:
                killed.append(number)
                process.send_signal(signal.SIGKILL)
                process.wait(LIMIT)
            return ""

        post.at_end = strike
        process.wait(LIMIT)
        assert process.returncode == -signal.SIGKILL


def test_no_mail_is_lost_and_one_at_most_repeated_when_the_worker_is_killed(app: Flask) -> None:
    post, kills = Post(), [1, 9, 10, 23, 38]
    write(ADDRESSES)
    with open_post(post):
        for number in kills:
            killed_while_sending(app, post, number)
            left = states()
            assert left[NoticeState.SENDING] == 1
            assert sum(left[state] for state in ON_THE_WAY) == MAILS
            _let_leases_end()
        post.at_end = lambda _address: ""
        with worker(app, post):
            wait_until(lambda: states()[NoticeState.SENT] == MAILS)
    taken = Counter(post.recipients)
    assert set(taken) == ADDRESSES
    assert len(post.letters) == MAILS + len(kills)
    assert len([address for address, count in taken.items() if count > 1]) <= len(kills)
    names = {(to, one["Message-ID"]) for to, one in zip(post.recipients, post.letters, strict=True)}
    assert len(names) == MAILS


def _let_leases_end() -> None:
    """Let as much time pass as a worker that died may keep a notice."""
    with unit_of_work():
        db.session.query(Notice).filter_by(state=NoticeState.SENDING).update(
            {Notice.leased_until: utcnow()}
        )


@pytest.mark.slow
def test_mails_wait_for_a_server_that_is_away_and_then_go(app: Flask) -> None:
    post = Post()
    write({"ana@example.org"})
    with worker(app, post) as process:
        wait_until(lambda: beats(AWAY))
        assert states() == {NoticeState.WAITING: 1}
        with open_post(post):
            wait_until(lambda: states() == {NoticeState.SENT: 1})
            # The page of the stewards is told that the server is back.
            wait_until(lambda: not beats(AWAY))
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 0
    assert post.recipients == ["ana@example.org"]
    assert "https://academy.example/en/" in post.only().as_string()


def beats(name: str) -> bool:
    """Tell whether there is a heartbeat of this name, now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Heartbeat, name) is not None


@pytest.mark.slow
def test_a_mail_goes_within_two_seconds_and_without_a_server_the_worker_is_well(app: Flask) -> None:
    post = Post()
    with open_post(post), worker(app, post):
        wait_until(lambda: beats("worker"))
        write({"ana@example.org"})
        wrote = utcnow()
        wait_until(lambda: states() == {NoticeState.SENT: 1})
        # Generous: the machine may be busy.
        assert (utcnow() - wrote).total_seconds() < 10


def test_so_many_mails_a_minute() -> None:
    pace = Pace(120, at=0.0)
    waits = [pace.after_one(at=0.0) for _mail in range(12)]
    assert waits == [0.0] * 11 + [0.5]
    now, sent = 0.5, 0
    while now < 60.5:
        now += pace.after_one(at=now)
        sent += 1
    assert sent == 120


def test_a_rest_gives_no_more_than_a_tenth_at_once() -> None:
    pace = Pace(120, at=0.0)
    waits = [pace.after_one(at=3_600.0) for _mail in range(13)]
    assert waits == [0.0] * 11 + [0.5, 1.0]
