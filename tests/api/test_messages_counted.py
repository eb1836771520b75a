"""Messages of sources are counted by who signed them: nobody shuts out the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import Context

import pytest
from flask import Flask

from academy.db import db, unit_of_work
from courses.sources.models import Source
from tests.api.test_pushing import keep_secret, send
from tests.harvesting.partner import approved

FEED = "https://school.example/feed.jsonl"
A_MINUTE = 300


@pytest.fixture
def limited(academy: Callable[..., Flask]) -> Iterator[Flask]:
    """An academy that counts."""
    app = academy(rate_limits=True)
    with app.app_context():
        yield app


def unsigned(app: Flask, reference: str, place: str) -> int:
    path = f"/api/v1/sources/{reference}/messages"
    client = app.test_client()
    return client.post(path, data=b"{}", environ_base={"REMOTE_ADDR": place}).status_code


def test_unsigned_messages_shut_out_the_place_they_come_from_and_nobody_else(
    limited: Flask,
) -> None:
    reference = keep_secret(limited, approved(FEED, "jsonl"))
    given = [unsigned(limited, reference, "203.0.113.9") for _ in range(A_MINUTE + 1)]
    assert given == [401] * A_MINUTE + [429]
    assert unsigned(limited, "nobody", "203.0.113.9") == 429
    assert unsigned(limited, reference, "203.0.113.10") == 401
    assert send(limited, reference, {}).status_code == 202


def test_a_source_that_sends_too_many_shuts_out_itself_alone(limited: Flask) -> None:
    loud = keep_secret(limited, approved(FEED, "jsonl", name="loud"))
    calm = keep_secret(limited, approved(FEED, "jsonl", name="calm"))
    given = [send(limited, loud, {}).status_code for _ in range(A_MINUTE + 1)]
    assert given == [202] * A_MINUTE + [429]
    assert send(limited, calm, {}).status_code == 202


def test_what_nobody_signed_waits_for_no_write(app: Flask) -> None:
    reference = keep_secret(app, approved(FEED, "jsonl"))
    with unit_of_work():
        db.session.query(Source).one().note = "being written"
        db.session.flush()
        assert Context().run(unsigned, app, reference, "203.0.113.9") == 401
