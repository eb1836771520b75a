"""Pages that lead on for ever, round in a circle, or where nobody should go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.outbound import Limits
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.asking import as_asked
from courses.harvesting.harvests.fetching import Gathered, Gathering
from courses.harvesting.models import HarvestState, RecordedFinding
from courses.sources.models import Source
from tests.harvesting import repository
from tests.harvesting.partner import (
    Answer,
    Partner,
    approved,
    door_to,
    partner_serving,
    read,
    sums,
)
from tests.making import NOW


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def gathered(app: Flask, partner: Partner, source: int, **bounds: Any) -> Gathered:
    asked: Asked = as_asked(db.session.get_one(Source, source), app.config["SETTINGS"], now=NOW)
    folder = app.config["SETTINGS"].home
    return Gathering(asked, door_to(partner), folder, {}, lambda _n: None).gather(**bounds)


def leads_on(partner: Partner, adapter: str) -> str:
    """Let each page of a source lead to another that was never seen, for ever."""

    def answer(asked: Any) -> None:
        number = len(partner.asked)
        if adapter == "oai":
            told = repository.answer(
                repository.course(f"n{number}") + f"<resumptionToken>t{number}</resumptionToken>"
            )
        else:
            rows = [{"id": number, "title": f"About {number}"}]
            told = json.dumps({"results": rows, "next": f"?page={number}"}).encode()
        partner.pages[asked.path] = Answer(told)

    partner.before = answer
    if adapter == "oai":
        return f"{partner.url}/oai?verb=ListRecords&metadataPrefix=oai_dc"
    return f"{partner.url}/api"


@pytest.mark.parametrize("adapter", ["oai", "objects"])
def test_pages_without_end_are_ended_and_nothing_counts_as_missing(
    app: Flask, partner: Partner, adapter: str
) -> None:
    found = gathered(app, partner, approved(leads_on(partner, adapter), adapter), most=7)
    assert len(found.pages) == len(partner.asked) == 7
    assert [code for _address, code in found.left_out] == ["more-pages"]
    assert not found.whole


def test_a_folder_is_not_filled_without_end(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courses.harvesting.harvests.fetching.MOST_BYTES", 200)
    found = gathered(app, partner, approved(leads_on(partner, "objects"), "objects"))
    assert 1 < len(found.pages) < 10
    assert not found.whole


def test_pages_that_lead_round_in_a_circle_are_read_once(app: Flask, partner: Partner) -> None:
    rows = [{"id": number, "title": f"About {number}"} for number in range(3)]
    for number in range(3):
        content = {"results": [rows[number]], "next": f"/api?page={(number + 1) % 3}"}
        partner.say(f"/api?page={number}", json.dumps(content))
    harvest = read(app, approved(f"{partner.url}/api?page=0", "objects"), partner)
    assert (sums(harvest), harvest.whole, len(partner.asked)) == ((3, 3, 0, 0, 0), True, 3)


def test_words_of_all_pages_are_told_of(app: Flask, partner: Partner) -> None:
    told = [{"id": n, "title": f"About {n}", "subjects": f"word {n}"} for n in range(2)]
    more = f"{partner.url}/api?page=2"
    partner.say("/api?page=2", json.dumps({"results": told[1:]}))
    address = partner.say("/api", json.dumps({"results": told[:1], "next": more}))
    harvest = read(app, approved(address, "objects"), partner)
    assert harvest.unmapped == {"word 0": 1, "word 1": 1}


def test_a_token_of_a_megabyte_is_not_asked_for(app: Flask, partner: Partner) -> None:
    token = f"<resumptionToken>{'t' * 1_000_000}</resumptionToken>"
    partner.say("/oai", repository.answer(repository.course("water") + token))
    address = f"{partner.url}/oai?verb=ListRecords&metadataPrefix=oai_dc"
    harvest = read(app, approved(address, "oai"), partner)
    assert (harvest.state, harvest.added, harvest.whole) == (HarvestState.DONE, 1, False)
    found = db.session.scalars(select(RecordedFinding.code)).all()
    assert list(found) == ["page-left-out"]


def test_redirects_in_a_circle_are_a_failure_with_its_reason(app: Flask, partner: Partner) -> None:
    address = partner.say("/all.csv", b"", status=302, headers={"Location": "/all.csv"})
    harvest = read(app, approved(address, "csv"), partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "too-many-redirects")
    assert len(partner.asked) == Limits().redirects + 1
