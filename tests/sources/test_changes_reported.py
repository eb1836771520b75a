"""What a reading changed is named in its report, and what is unknown or unsaid is not invented."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.harvesting.models import HarvestState, WordMapping
from courses.harvesting.sentences import FINDINGS
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from tests.harvesting.harvested import lines, record, table
from tests.harvesting.partner import Partner, approved, partner_serving, read
from tests.invited import make_steward
from tests.read_sources import make_harvest, make_source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"


@pytest.fixture
def partner() -> Iterator[Partner]:
    """A partner's web server."""
    with partner_serving() as serving:
        yield serving


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def desk(app: Flask, editor: Person) -> Visitor:
    """An editor at the browser."""
    return Visitor(app, editor)


def named(page: str, heading: str) -> list[str]:
    """List what a report names under a heading: title and where it leads."""
    parts = re.split(r"<h2[^>]*>", html.unescape(page))
    under = next((part for part in parts if part.startswith(heading)), "")
    return re.findall(r'<li><a href="[^"]+/offers/([^/"]+)"', under)


def test_a_report_names_what_was_added_updated_and_is_no_longer_there(
    app: Flask, desk: Visitor, partner: Partner
) -> None:
    many = [record(f"topic-{number:02}") for number in range(7)]
    source = approved(partner.say("/feed.jsonl", lines(*many)), "jsonl")
    first = read(app, source, partner).reference
    changed = {**many[0], "title": "About something else"}
    partner.say("/feed.jsonl", lines(changed, *many[1:6]))
    second = read(app, source, partner).reference
    reference = db.session.get_one(Source, source).reference
    path = f"{DESK}/sources/{reference}/harvests"

    one, two = desk.page(f"{path}/{first}"), desk.page(f"{path}/{second}")
    every = desk.page(f"{path}/{first}?what=added")

    slugs = [f"about-topic-{number:02}" for number in range(7)]
    assert named(one, "Added") == slugs[:5]
    assert "2 more" in one
    assert named(every, "Added") == slugs
    assert (named(two, "Added"), named(two, "Updated")) == ([], slugs[:1])
    assert named(two, "No longer there") == slugs[6:]
    assert f"/offers/{slugs[0]}/history" in two
    assert "Title" in two[two.index("Updated") : two.index("No longer there")]


def test_a_finding_leads_to_the_offer_that_was_kept(
    app: Flask, desk: Visitor, partner: Partner
) -> None:
    strange = record("water", url="")
    source = approved(partner.say("/feed.jsonl", lines(strange)), "jsonl")
    made = read(app, source, partner).reference
    reference = db.session.get_one(Source, source).reference
    page = desk.page(f"{DESK}/sources/{reference}/harvests/{made}")
    assert f'<a href="{DESK}/offers/about-water"><bdi>school:water</bdi></a>' in page


@pytest.mark.parametrize(
    ("state", "figures", "said"),
    [
        (HarvestState.FAILED, {}, False),
        (HarvestState.ABORTED, {"read": 2, "added": 2}, False),
        (HarvestState.RUNNING, {"pages": 37}, False),
        (HarvestState.QUEUED, {}, False),
        (HarvestState.DONE, {}, False),
        (HarvestState.DONE, {"read": 2, "added": 2}, True),
    ],
)
def test_only_a_reading_that_came_to_its_end_says_that_nothing_was_wrong(
    desk: Visitor, editor: Person, state: HarvestState, figures: dict[str, Any], said: bool
) -> None:
    reference = make_source(editor)
    made = make_harvest(reference, state, code="empty" if state == "failed" else "", **figures)
    page = desk.page(f"{DESK}/sources/{reference}/harvests/{made}")
    assert ("Nothing was wrong with any record." in page) is said
    assert ("0 read" in page) is (state is HarvestState.DONE and not figures)
    assert ("37 pages fetched so far" in page) is (state is HarvestState.RUNNING)


def test_a_feed_of_news_that_was_read_well_is_not_called_half_read(
    desk: Visitor, editor: Person
) -> None:
    for adapter, sentence in (
        ("feed", "This format tells what is new, never what is gone"),
        ("csv", "Not all of the source was read"),
    ):
        reference = make_source(editor, name=adapter, adapter=adapter)
        made = make_harvest(reference, read=2, added=2)
        page = desk.page(f"{DESK}/sources/{reference}/harvests/{made}")
        assert [one in page for one in ("This format tells", "Not all of the source")] == [
            sentence.startswith(one) for one in ("This format tells", "Not all of the source")
        ]


def test_words_that_were_explained_since_are_unknown_no_more(desk: Visitor, editor: Person) -> None:
    reference = make_source(editor)
    unknown = {"Poterie": 7, "Eau vive": 2, "audience:Potiers": 3}
    made = make_harvest(reference, unmapped=unknown, read=9, added=9)
    with unit_of_work():
        of = db.session.scalars(select(Source).where(Source.reference == reference)).one()
        for vocabulary, word in ((Vocabulary.ISSUE, "poterie"), (Vocabulary.AUDIENCE, "potiers")):
            db.session.add(WordMapping(source_id=of.id, vocabulary=vocabulary, word=word))
    page = desk.page(f"{DESK}/sources/{reference}/harvests/{made}")
    assert "1 word of this source means nothing to us yet." in page
    assert [word in page for word in ("Eau vive", "Poterie", "Potiers")] == [True, False, False]


def test_a_table_saved_anew_still_tells_what_was_wrong_with_its_rows(
    app: Flask, desk: Visitor, partner: Partner
) -> None:
    row = {"Name": "Heat", "Link": "", "Language": "en"}
    source = approved(partner.say("/courses.csv", table(row)), "csv")
    read(app, source, partner)
    partner.say("/courses.csv", table(row) + b"\n")
    again = read(app, source, partner)
    reference = db.session.get_one(Source, source).reference
    page = desk.page(f"{DESK}/sources/{reference}/harvests/{again.reference}")
    assert (again.read, again.unchanged) == (1, 1)
    assert str(FINDINGS["no-address"]) in page
    assert "How we read the columns" in page


def test_a_held_reading_says_how_much_came_and_how_much_there_was(
    app: Flask, partner: Partner, editor: Person
) -> None:
    visitor, steward = Visitor(app, editor), Visitor(app, make_steward())
    many = [record(f"topic-{number:02}") for number in range(10)]
    source = approved(partner.say("/feed.jsonl", lines(*many)), "jsonl")
    read(app, source, partner)
    partner.say("/feed.jsonl", lines(*many[:4]))
    readings = [read(app, source, partner) for _twice in range(2)]
    assert [one.state for one in readings] == [HarvestState.DONE, HarvestState.HELD]
    reference, held = db.session.get_one(Source, source).reference, readings[1].reference
    sentence = "4 records came, 10 offers were listed before, 6 would be unlisted"
    for page in (
        visitor.page(f"{DESK}/sources/{reference}/harvests/{held}"),
        steward.page(f"/en/secretariat/harvests/{held}"),
        steward.page("/en/secretariat/sources"),
    ):
        assert (sentence in page, "0 read" in page) == (True, False)
