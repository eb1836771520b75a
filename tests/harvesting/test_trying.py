"""A reading for trial tells what would happen, and leaves every table as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from academy.db import Base
from courses.harvesting.harvests.preview import Outcome, Preview, preview
from tests.harvesting.harvested import lines, prints, record
from tests.harvesting.partner import Partner, approved, door_to, partner_serving, read
from tests.making import NOW


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def tried(app: Flask, source: int, partner: Partner) -> Preview:
    return preview(source, door_to(partner), app.config["SETTINGS"], now=NOW)


def everything() -> dict[str, str]:
    return prints(Base.metadata.tables)


def test_a_trial_tells_what_is_new_changed_the_same_and_refused(
    app: Flask, partner: Partner
) -> None:
    old = [record("water"), record("heat")]
    source = approved(partner.say("/all.jsonl", lines(*old)), "jsonl")
    read(app, source, partner)
    now = [record("water"), record("heat", title="Heat in the city"), record("waste"), {"id": 1}]
    partner.say("/all.jsonl", lines(*now))
    before = everything()
    made = tried(app, source, partner)
    assert everything() == before
    assert made.counts == {
        Outcome.NEW: 1,
        Outcome.CHANGED: 1,
        Outcome.SAME: 1,
        Outcome.REFUSED: 1,
    }
    told = {one.external_id: one for one in made.records}
    assert told["school:heat"].differences["texts.en.title"] == ["About heat", "Heat in the city"]
    assert told["school:waste"].outcome is Outcome.NEW
    assert told["school:waste"].title == "About waste"
    assert told["school:waste"].languages == ["en"]


def test_a_trial_shows_twenty_records_and_counts_all(app: Flask, partner: Partner) -> None:
    many = lines(*(record(f"course-{number}") for number in range(250)))
    source = approved(partner.say("/all.jsonl", many), "jsonl")
    before = everything()
    made = tried(app, source, partner)
    assert everything() == before
    assert (len(made.records), made.counts[Outcome.NEW]) == (20, 250)


def test_words_that_are_none_of_ours_are_listed(app: Flask, partner: Partner) -> None:
    told = lines(record("water", subjects=["housing", "underwater basket weaving"]))
    source = approved(partner.say("/all.jsonl", told), "jsonl")
    made = tried(app, source, partner)
    assert made.unmapped == {"underwater basket weaving": 1}
    assert [term.code for term in made.records[0].terms] == ["housing"]


def test_a_trial_of_what_is_no_feed_says_why(app: Flask, partner: Partner) -> None:
    page = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    source = approved(partner.say("/all.jsonl", page), "jsonl")
    before = everything()
    made = tried(app, source, partner)
    assert everything() == before
    assert (made.code, made.records) == ("html", [])


def test_a_trial_of_an_address_that_is_not_there_says_so(app: Flask, partner: Partner) -> None:
    source = approved(f"{partner.url}/missing", "jsonl")
    made = tried(app, source, partner)
    assert (made.code, made.details["status"]) == ("http-status", "404")
