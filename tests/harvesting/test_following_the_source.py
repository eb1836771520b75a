"""Giving a field back to its source: one field alone, with a version, until it is edited again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.db import db
from academy.errors import Missing
from courses.catalogue.models import Level
from courses.editing.models import OfferVersion, VersionSource
from tests.harvesting.edited_by_hand import (
    FULL,
    LATER,
    edit,
    follow,
    form,
    texts,
)
from tests.harvesting.harvested import CATALOGUE, harvest, lines, offer
from tests.making import make_person
from tests.taking_part import enrol

pytestmark = pytest.mark.usefixtures("app")
NEXT_DAY = LATER + timedelta(days=1)
KEPT = (*CATALOGUE, "field_origins", "offer_versions")


def title() -> str:
    return offer().titles["en"]


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
