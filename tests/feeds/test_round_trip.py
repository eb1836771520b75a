"""What one academy exports, an empty one reads and exports again: byte by byte the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from academy.db import db
from courses.catalogue.models import Offer
from courses.feeds import moochub
from courses.harvesting.models import HarvestState
from tests.feeds.many_sided import make_many_sided
from tests.harvesting.partner import Partner, approved, read, sums

LINES, PAGES = "/api/v1/offers.jsonl", "/bridges/moochub/courses"


@contextmanager
def answering(app: Flask) -> Iterator[Partner]:
    """Let an academy answer on a port of this machine, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Partner(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()


def exported(app: Flask, address: str) -> list[bytes]:
    """Fetch an export, page by page."""
    pages, following = [], address
    client = app.test_client()
    while following:
        answer = client.get(following)
        assert answer.status_code == 200
        pages.append(answer.get_data())
        told = {} if address == LINES else json.loads(pages[-1])
        following = told.get("links", {}).get("next", "").removeprefix("http://localhost")
    return pages


def everything(pages: list[bytes]) -> list[Any]:
    """Take the records out of an export."""
    if len(pages) == 1 and not pages[0].startswith(b'{"links"'):
        return [json.loads(line) for line in pages[0].splitlines()]
    return [one for page in pages for one in json.loads(page)["data"]]


@pytest.mark.parametrize(("adapter", "address"), [("jsonl", LINES), ("moochub", PAGES)])
def test_an_export_read_into_an_empty_academy_is_exported_as_it_was(
    academy: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    adapter: str,
    address: str,
) -> None:
    monkeypatch.setattr(moochub, "PAGE_SIZE", 3)
    first, second = academy(), academy()
    with first.app_context():
        make_many_sided()
        number = db.session.scalar(select(func.count(Offer.id)))
    before = exported(first, address)
    assert len(everything(before)) == number == 7
    with answering(first) as there, second.app_context():
        source = approved(there.url + address, adapter)
        harvest = read(second, source, there)
        assert (harvest.state, sums(harvest)) == (HarvestState.DONE, (7, 7, 0, 0, 0))
        assert sums(read(second, source, there)) == (7, 0, 0, 7, 0)
    after = exported(second, address)
    assert everything(after) == everything(before)
    assert after == before
