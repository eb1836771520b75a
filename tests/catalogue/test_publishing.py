"""Putting offers into the catalogue: what may be listed, revised and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from academy.db import db, unit_of_work
from academy.errors import Invalid, Missing
from courses.catalogue import operations as catalogue
from courses.catalogue import queries
from courses.catalogue.content import (
    LanguageContent,
    MeetingContent,
    OfferContent,
    RunContent,
    TextContent,
)
from courses.catalogue.models import Cost, Kind, Offer, State, Webinar
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.making import NOW, content, make_institution, make_offer

pytestmark = pytest.mark.usefixtures("app")
LATER = NOW + timedelta(days=1)


def added(told: OfferContent, *, address: str = "water") -> Offer:
    """Put an offer into the catalogue as a draft."""
    make_institution()
    with unit_of_work():
        return catalogue.add_offer(make_institution(), told, address=address, now=NOW)


def loaded(slug: str = "water-for-all") -> Offer:
    """Load an offer whole, as the database has it, visible or not."""
    db.session.rollback()
    db.session.expunge_all()
    found = select(Offer).options(*queries.whole()).where(Offer.slug == slug)
    return db.session.scalars(found).one()


def revised(told: OfferContent, *, slug: str = "water-for-all") -> Offer:
    """Revise an offer a day later and load it anew."""
    with unit_of_work():
        catalogue.revise(loaded_inside(slug), told, now=LATER)
    return loaded(slug)


def loaded_inside(slug: str) -> Offer:
    return db.session.scalars(
        select(Offer).options(*queries.whole()).where(Offer.slug == slug)
    ).one()


def test_a_new_offer_is_a_draft_that_nobody_sees() -> None:
    added(content())
    assert loaded("water").state is State.DRAFT
    with pytest.raises(Missing):
        queries.offer_by_slug("water")


def test_a_published_offer_is_found_by_its_address() -> None:
    make_offer()
    found = queries.offer_by_slug("water-for-all")
    assert (found.state, found.published_at, found.titles) == (
        *(State.PUBLISHED, NOW),
        {"en": "Water for all"},
    )


@pytest.mark.parametrize(
    ("lacking", "change"),
    [
        ("title", {"texts": [TextContent("en", " ")]}),
        ("language", {"languages": []}),
        ("language", {"languages": [LanguageContent("en", LanguageRole.SUBTITLES)]}),
        ("issue", {"issues": ()}),
        ("methodology", {"methodologies": ()}),
        ("cost", {"cost": None}),
        ("contact", {"contact": None}),
    ],
)
def test_publishing_by_hand_names_what_is_missing(lacking: str, change: Mapping[str, Any]) -> None:
    of_terms = {name: change[name] for name in change if name in {"issues", "methodologies"}}
    others = {name: change[name] for name in change if name not in of_terms}
    offer = added(replace(content(**of_terms), **others))
    with pytest.raises(Invalid) as refused, unit_of_work():
        catalogue.publish(loaded_inside(offer.slug), now=NOW)
    assert list(refused.value.fields) == [lacking]
    assert loaded("water").state is State.DRAFT


def test_publishing_twice_keeps_the_first_date() -> None:
    make_offer()
    with unit_of_work():
        catalogue.publish(loaded_inside("water-for-all"), now=LATER)
    assert loaded().published_at == NOW


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({}, []),
        ({"address": ""}, ["address"]),
        ({"address": "javascript:alert(1)"}, ["address"]),
        ({"languages": []}, ["language"]),
        ({"languages": [LanguageContent("en", LanguageRole.SUBTITLES)]}, ["language"]),
        ({"texts": [], "languages": []}, ["title", "language"]),
    ],
)
def test_listing_a_harvested_offer_needs_title_language_and_address(
    change: Mapping[str, Any], lacking: list[str]
) -> None:
    told = replace(content(address="https://school.example/1", issues=(), cost=None), **change)
    added(told)
    with unit_of_work():
        assert catalogue.list_harvested(loaded_inside("water"), now=NOW) == lacking
    assert loaded("water").state is (State.DRAFT if lacking else State.PUBLISHED)


def test_listing_does_not_bring_back_what_was_withdrawn() -> None:
    make_offer(address="https://school.example/1")
    with unit_of_work():
        catalogue.withdraw(loaded_inside("water-for-all"), now=LATER)
    with unit_of_work():
        assert catalogue.list_harvested(loaded_inside("water-for-all"), now=LATER) == []
    assert loaded().state is State.ARCHIVED
    with pytest.raises(Missing):
        queries.offer_by_slug("water-for-all")


def test_what_a_revision_does_not_say_stays() -> None:
    make_offer(description="<p>All of it</p>", provider="City", workload="2 hours")
    silent = OfferContent(Kind.COURSE, "en", [TextContent("en", "Rain")], [])
    found = revised(silent)
    [text] = found.texts
    assert (text.title, text.description, text.summary) == ("Rain", "<p>All of it</p>", "All of it")
    assert (found.provider, found.workload, found.cost) == ("City", "2 hours", Cost.FREE)
    assert {term.code for term in found.terms} == {"water", "self-paced"}
    assert [one.code for one in found.languages] == ["en"]
    assert found.changed_at == LATER


def test_a_title_is_never_blanked() -> None:
    make_offer()
    assert revised(content("  ")).titles == {"en": "Water for all"}


def test_a_summary_is_drawn_from_the_description_unless_there_is_one() -> None:
    make_offer(description="<p>Where it <b>comes</b> from</p>")
    assert loaded().texts[0].summary == "Where it comes from"
    assert revised(content(summary="In short")).texts[0].summary == "In short"


def test_a_text_in_another_language_stands_beside_the_original() -> None:
    make_offer()
    told = content()
    found = revised(replace(told, texts=[*told.texts, TextContent("fr", "L'eau")]))
    assert found.titles == {"en": "Water for all", "fr": "L'eau"}


def test_a_corrected_language_takes_the_text_along() -> None:
    make_offer("Gestión del agua", language="pt")
    found = revised(content("Gestión del agua", language="es"), slug="gestion-del-agua")
    assert (found.language, found.titles) == ("es", {"es": "Gestión del agua"})
    assert [one.code for one in found.languages] == ["es"]


def test_a_translation_is_not_overwritten_by_a_corrected_language() -> None:
    told = content("Water", language="en")
    make_offer("Water")
    both = replace(told, texts=[*told.texts, TextContent("fr", "Eau")])
    revised(both, slug="water")
    found = revised(content("Eau potable", language="fr"), slug="water")
    assert found.titles == {"fr": "Eau potable", "en": "Water"}


def test_languages_follow_the_last_word_with_their_origin() -> None:
    make_offer()
    languages = [
        LanguageContent("fr", origin=LanguageOrigin.GUESSED),
        LanguageContent("pt-BR", LanguageRole.SUBTITLES),
    ]
    found = revised(content(languages=languages))
    assert sorted(
        (one.code, one.base, one.role.value, one.origin.value) for one in found.languages
    ) == [
        ("fr", "fr", "taught", "guessed"),
        ("pt-BR", "pt", "subtitles", "declared"),
    ]


def test_terms_at_hand_take_the_place_of_their_keys() -> None:
    make_offer()
    with unit_of_work():
        term = vocabularies().by_code[Vocabulary.ISSUE, "housing"]
        catalogue.revise(
            loaded_inside("water-for-all"),
            replace(content(), term_ids=None),
            now=LATER,
            terms=[term],
        )
    assert [term.code for term in loaded().terms] == ["housing"]


def test_a_course_becomes_a_webinar_and_is_loaded_as_one() -> None:
    make_offer()
    found = revised(content(kind=Kind.WEBINAR))
    assert (found.kind, isinstance(found, Webinar)) == (Kind.WEBINAR, True)


def test_addresses_are_made_of_titles_and_taken_ones_get_an_ending() -> None:
    make_offer()
    first, second, third = catalogue.free_slugs(["Water for all", "Água", "Água"])
    assert (first[:14], len(first)) == ("water-for-all-", 20)
    assert second == "agua"
    assert (third[:5], len(third)) == ("agua-", 11)


def test_runs_and_meetings_are_written_with_their_zone() -> None:
    hour = MeetingContent(NOW, NOW + timedelta(hours=1), {"en": "First"})
    run = RunContent(NOW, LATER, zone="Africa/Nairobi", capacity=3, meetings=[hour])
    make_offer(runs=[run])
    [found] = loaded().runs
    [meeting] = found.meetings
    assert (found.starts_at, found.ends_at, found.capacity) == (NOW, LATER, 3)
    assert (meeting.starts_at, meeting.zone, meeting.sequence) == (NOW, "Africa/Nairobi", 0)


def test_a_meeting_counts_how_often_it_moved() -> None:
    def at(hours: int) -> RunContent:
        start = NOW + timedelta(hours=hours)
        return RunContent(NOW, meetings=[MeetingContent(start, start + timedelta(hours=1))])

    make_offer(runs=[at(0)])
    sequences = [
        revised(content(runs=[at(hours)])).runs[0].meetings[0].sequence for hours in (0, 1, 1, 2)
    ]
    assert sequences == [0, 1, 1, 2]
