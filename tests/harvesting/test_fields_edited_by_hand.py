"""What people edited a harvest leaves as it is; what the source says there is kept beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from academy.db import db
from academy.errors import Missing
from courses.catalogue.models import LanguageRole, Level
from courses.editing.models import OfferVersion, VersionSource
from courses.harvesting.models import FieldOrigin
from tests.harvesting.edited_by_hand import (
    FULL,
    LATER,
    edit,
    follow,
    form,
    noted_upstream,
    texts,
)
from tests.harvesting.harvested import CATALOGUE, harvest, harvest_at, lines, offer, prints
from tests.making import make_person
from tests.taking_part import enrol

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


def test_an_edited_edition_stays_as_a_whole_and_the_other_follows() -> None:
    runs = [{"starts": "2027-03-01", "ends": "2027-04-01"}, {"starts": "2027-09-01"}]
    harvest(lines(FULL | {"runs": runs}))
    references = [run.reference for run in offer().runs]
    told_form = form()
    told_form["runs"][0]["starts_at"] = "2027-03-08T00:00"
    edit({"runs": told_form["runs"]})
    moved = [{"starts": "2027-03-15", "ends": "2027-04-15"}, {"starts": "2027-10-01"}]
    outcome = harvest(lines(FULL | {"runs": moved}))
    after = offer().runs
    assert [run.reference for run in after] == references
    assert [f"{run.starts_at:%m-%d}" for run in after] == ["03-08", "10-01"]
    assert outcome.report.locked == 1
    [noted] = noted_upstream().values()
    assert noted[f"runs.{references[0]}.starts_at"] == "2027-03-15T00:00"


def test_an_edition_that_people_removed_does_not_come_back() -> None:
    runs = [{"starts": "2027-03-01"}, {"starts": "2027-09-01"}]
    harvest(lines(FULL | {"runs": runs}))
    kept = form()["runs"][1:]
    edit({"runs": kept})
    harvest(lines(FULL | {"runs": runs, "provider": "Lake School"}))
    assert [f"{run.starts_at:%m-%d}" for run in offer().runs] == ["09-01"]


def test_people_in_an_edited_edition_keep_their_places() -> None:
    harvest(lines(FULL | {"runs": [{"starts": "2027-03-01", "capacity": 10}]}))
    told_form = form()
    edit({"runs": [told_form["runs"][0] | {"capacity": "5"}]})
    [run] = offer().runs
    reference, starts_at = run.reference, run.starts_at
    enrol(make_person("ana@example.org"), reference)
    harvest(lines(FULL | {"runs": [{"starts": "2027-05-01", "capacity": 1}]}))
    [after] = offer().runs
    assert (after.reference, after.taken, after.capacity) == (reference, 1, 5)
    assert after.starts_at == starts_at


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


def test_taking_the_sources_word_releases_the_field() -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    harvest(lines(FULL | {"title": "Upstream"}))
    before = len(db.session.scalars(select(OfferVersion)).all())
    follow("texts.en.title", now=NEXT_DAY)
    assert title() == "Upstream"
    versions = db.session.scalars(select(OfferVersion).order_by(OfferVersion.id)).all()
    assert len(versions) == before + 1
    assert versions[-1].source is VersionSource.HARVEST
    assert versions[-1].changes == {"texts.en.title": ["Water, our way", "Upstream"]}
    outcome = harvest(lines(FULL | {"title": "Upstream again"}))
    assert (title(), outcome.report.locked) == ("Upstream again", 0)


def test_a_released_field_that_is_edited_again_is_locked_again() -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    follow("texts.en.title", now=LATER + timedelta(minutes=1))
    assert title() == "About water"
    edit(texts(title="Once more"), now=NEXT_DAY)
    harvest(lines(FULL | {"title": "Upstream"}))
    assert title() == "Once more"


def test_following_an_edition_keeps_meetings_and_people() -> None:
    hour = {"starts": "2027-03-01T10:00Z", "ends": "2027-03-01T11:00Z"}
    later = {"starts": "2027-03-02T10:00Z", "ends": "2027-03-02T11:00Z"}
    told = FULL | {"kind": "webinar", "runs": [{"starts": "2027-03-01", "meetings": [hour]}]}
    harvest(lines(told))
    told_form = form()
    told_form["runs"][0]["meetings"][0] |= {
        "starts": "12:00",
        "ends": "13:00",
        "join_link": "https://meet.example.org/x",
    }
    edit({"runs": told_form["runs"]})
    [run] = offer().runs
    reference = run.reference
    enrol(make_person("ana@example.org"), reference)
    harvest(lines(told | {"runs": [{"starts": "2027-03-02", "meetings": [later]}]}))
    [before] = offer().runs[0].meetings
    uid = before.uid
    assert f"{before.starts_at:%d %H}" == "01 12"
    follow(f"runs.{reference}", now=NEXT_DAY)
    [after] = offer().runs[0].meetings
    assert (after.uid, f"{after.starts_at:%d %H}") == (uid, "02 10")
    assert (after.join_link, offer().runs[0].taken) == ("https://meet.example.org/x", 1)


def test_following_one_field_changes_no_other() -> None:
    harvest(lines(FULL | {"workload": "2 hours", "subtitles": ["es"]}))
    edit({"provider": "Ours", "level": "advanced"})
    harvest(lines(FULL | {"provider": "Theirs", "level": "Intermediate", "workload": "3 hours"}))
    follow("provider", now=NEXT_DAY)
    assert (offer().provider, offer().level, offer().workload) == (
        "Theirs",
        Level.ADVANCED,
        "3 hours",
    )
    assert sorted(term.code for term in offer().terms) == ["mooc", "staff", "water"]


@pytest.mark.parametrize("field", ["texts.en.title", "provider", "nonsense", "runs.x", "state"])
def test_a_field_that_nobody_edited_cannot_be_given_back(field: str) -> None:
    harvest(lines(FULL))
    with pytest.raises(Missing):
        follow(field, now=NEXT_DAY)


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
