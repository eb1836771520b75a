"""What people edited a harvest leaves as it is; what the source says there is kept beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from academy.db import db
from courses.catalogue.models import Level
from courses.catalogue.texts import LanguageRole
from courses.editing.models import OfferVersion, VersionSource
from courses.harvesting.models import FieldOrigin
from tests.harvesting.edited_by_hand import (
    FULL,
    LATER,
    edit,
    noted_upstream,
    texts,
)
from tests.harvesting.harvested import CATALOGUE, harvest, harvest_at, lines, offer, prints

pytestmark = pytest.mark.usefixtures("app")
NEXT_DAY = LATER + timedelta(days=1)
KEPT = (*CATALOGUE, "field_origins", "offer_versions")


def title() -> str:
    return offer().titles["en"]


def test_an_edited_title_stays_and_what_the_source_says_is_kept_beside_it() -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    outcome = harvest(lines(FULL | {"title": "Water, upstream", "provider": "Lake School"}))
    assert (title(), offer().provider) == ("Water, our way", "Lake School")
    assert noted_upstream() == {"texts.en.title": {"texts.en.title": "Water, upstream"}}
    assert (outcome.report.updated, outcome.report.locked) == (1, 1)


def test_a_feed_that_says_nothing_new_of_an_edited_field_writes_no_row() -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    before = prints(KEPT)
    assert harvest(lines(FULL)).report.locked == 0
    assert prints(KEPT) == before
    harvest(lines(FULL | {"level": "Advanced"}))
    assert (noted_upstream(), title(), offer().level) == ({}, "Water, our way", Level.ADVANCED)
    harvest(lines(FULL | {"title": "Upstream"}))
    before = prints(KEPT)
    harvest(lines(FULL | {"title": "Upstream"}))
    assert prints(KEPT) == before


def test_the_same_word_from_the_source_is_noted_once_and_a_new_one_again() -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    harvest_at(NEXT_DAY, FULL | {"title": "Upstream"})
    harvest_at(NEXT_DAY + timedelta(days=1), FULL | {"title": "Upstream", "level": "Advanced"})
    [row] = db.session.scalars(select(FieldOrigin)).all()
    assert row.told_at == NEXT_DAY
    harvest_at(NEXT_DAY + timedelta(days=2), FULL | {"title": "Upstream again"})
    [row] = db.session.scalars(select(FieldOrigin)).all()
    assert row.told_at == NEXT_DAY + timedelta(days=2)


def test_what_a_harvest_changed_is_no_edit_of_people() -> None:
    harvest(lines(FULL))
    harvest(lines(FULL | {"title": "Water, second"}))
    harvest(lines(FULL | {"title": "Water, third"}))
    assert (title(), noted_upstream()) == ("Water, third", {})


@pytest.mark.parametrize(
    ("edited", "upstream", "name", "value"),
    [
        ({"provider": "Ours"}, {"provider": "Theirs"}, "provider", "Ours"),
        ({"level": "advanced"}, {"level": "Intermediate"}, "level", Level.ADVANCED),
        ({"level": ""}, {"level": "Intermediate"}, "level", None),
        (
            {"address": "https://example.org/ours"},
            {"url": "https://school.example/new"},
            "address",
            "https://example.org/ours",
        ),
        (
            {"audience": {"en": "Mayors"}},
            {"audience": {"en": "Clerks"}},
            "audience",
            {"en": "Mayors"},
        ),
        ({"kind": "webinar"}, {"kind": "course", "provider": "New"}, "kind", "webinar"),
    ],
)
def test_each_edited_field_stays(
    edited: dict[str, Any], upstream: dict[str, Any], name: str, value: Any
) -> None:
    harvest(lines(FULL))
    edit(edited)
    harvest(lines(FULL | upstream | {"description": "Something new."}))
    assert getattr(offer(), name) == value
    assert offer().texts[0].summary == "Something new."


def test_edited_issues_stay_and_other_terms_follow() -> None:
    harvest(lines(FULL))
    edit({"issues": ["housing"]})
    terms = {"issue": ["water", "culture"], "methodology": ["mooc", "webinar"]}
    harvest(lines(FULL | {"terms": terms}))
    assert sorted(term.code for term in offer().terms) == ["housing", "mooc", "staff", "webinar"]
    assert sorted(noted_upstream()["issues"]["issues"]) == ["culture", "water"]


def test_edited_languages_stay_by_role() -> None:
    harvest(lines(FULL))
    edit({"languages": {"taught": ["en", "fr"]}})
    harvest(lines(FULL | {"subtitles": ["es"], "provider": "Lake School"}))
    found = {(one.code, one.role) for one in offer().languages}
    taught = {("en", LanguageRole.TAUGHT), ("fr", LanguageRole.TAUGHT)}
    assert found == taught | {("es", LanguageRole.SUBTITLES)}


def test_a_language_that_people_removed_does_not_come_back() -> None:
    french = {"fr": {"title": "L'eau", "description": "Tout."}}
    harvest(lines(FULL | {"texts": french}))
    edit(texts())
    harvest(lines(FULL | {"texts": french, "provider": "Lake School"}))
    assert offer().titles == {"en": "About water"}


def test_who_completes_a_held_draft_locks_only_what_was_completed() -> None:
    harvest(lines(FULL | {"url": None}))
    edit({"address": "https://example.org/water"})
    harvest(lines(FULL | {"title": "Water, upstream", "url": "https://school.example/other"}))
    assert (title(), offer().address) == ("Water, upstream", "https://example.org/water")
    db.session.rollback()
    first = db.session.scalars(select(OfferVersion).order_by(OfferVersion.number)).first()
    assert first is not None
    assert (first.source, first.changes["texts.en.title"]) == (
        VersionSource.HARVEST,
        [None, "About water"],
    )


def test_an_unchanged_feed_asks_for_no_locks_and_a_changed_one_once_a_batch() -> None:
    harvest(lines(FULL))
    asked: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM offer_versions" in statement and "changes" in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        harvest(lines(FULL))
        assert asked == []
        harvest(lines(FULL | {"title": "New"}))
        assert len(asked) == 1
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
