"""What a later harvest may change of an offer, and what it must leave as it is."""

from __future__ import annotations

from typing import Any

import pytest

from academy.db import unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Cost, Course, Delivery, Kind, Level, State, Webinar
from courses.catalogue.texts import LanguageOrigin
from tests.harvesting.harvested import counts, harvest, lines, noted, offer, record
from tests.making import NOW

pytestmark = pytest.mark.usefixtures("app")
FULL = record(
    "water",
    provider="City of Rivers",
    level="Beginner",
    mode="online",
    cost="free",
    workload="2 hours",
    subtitles=["es"],
    terms={"issue": ["water"]},
    texts={"fr": {"title": "L'eau", "summary": "Bref", "description": "Tout sur l'eau."}},
)


def state_of_all() -> dict[str, Any]:
    """Give everything an offer says."""
    found = offer()
    names = ("provider", "address", "level", "delivery", "cost", "workload", "language", "kind")
    texts = {one.language: (one.title, one.summary, one.description) for one in found.texts}
    return {name: getattr(found, name) for name in names} | {
        "texts": texts,
        "languages": sorted((one.code, one.role.value) for one in found.languages),
    }


def test_everything_a_record_says_arrives() -> None:
    harvest(lines(FULL))
    told = state_of_all()
    assert (told["provider"], told["level"]) == ("City of Rivers", Level.INTRODUCTORY)
    assert (told["delivery"], told["cost"]) == (Delivery.ONLINE, Cost.FREE)
    assert (told["workload"], told["kind"]) == ("2 hours", Kind.COURSE)
    assert told["languages"] == [("en", "taught"), ("es", "subtitles")]
    assert told["texts"] == {
        "en": (
            "About water",
            "Everything a city needs to know about water.",
            "<p>Everything a city needs to know about water.</p>",
        ),
        "fr": ("L'eau", "Bref", "<p>Tout sur l'eau.</p>"),
    }
    assert [term.code for term in offer().terms] == ["water"]


@pytest.mark.parametrize(
    "name",
    ["description", "provider", "level", "mode", "cost", "workload", "url", "language", "texts"],
)
@pytest.mark.parametrize("gone", [None, ""])
def test_a_field_that_a_partner_withdraws_stays_as_it_was(name: str, gone: str | None) -> None:
    harvest(lines(FULL))
    before = state_of_all()
    outcome = harvest(lines(FULL | {name: gone}))
    assert counts(outcome.report) == (1, 0, 1, 0, 0)
    assert state_of_all() == before
    assert offer().state is State.PUBLISHED


@pytest.mark.parametrize("markup", ["<p> </p>", "<script>alert(1)</script>", "&nbsp;", "<br>"])
def test_a_description_that_shows_nothing_blanks_nothing(markup: str) -> None:
    harvest(lines(FULL))
    before = state_of_all()
    harvest(lines(FULL | {"description": markup}))
    assert state_of_all() == before


def test_an_address_that_turns_bad_does_not_replace_a_good_one() -> None:
    harvest(lines(FULL))
    outcome = harvest(lines(FULL | {"url": "javascript:alert(1)"}))
    assert offer().address == "https://school.example/water"
    assert noted(outcome) == [(1, "url", "unusable-address", "repaired")]


def test_what_a_record_says_anew_replaces_what_it_said() -> None:
    harvest(lines(FULL))
    harvest(lines(FULL | {"level": "Advanced", "description": "Less.", "provider": "Lake School"}))
    told = state_of_all()
    assert (told["level"], told["provider"]) == (Level.ADVANCED, "Lake School")
    assert told["texts"]["en"] == ("About water", "Less.", "<p>Less.</p>")


def test_a_guess_yields_to_what_was_once_said() -> None:
    spanish = {"title": "Gestión del agua", "description": "Cómo se gestiona el agua en la ciudad."}
    harvest(lines(record(language="gl", **spanish)))
    outcome = harvest(lines(record(language=None, **spanish, provider="City of Rivers")))
    [language] = offer().languages
    assert (language.code, language.origin) == ("gl", LanguageOrigin.DECLARED)
    assert list(offer().titles) == ["gl"]
    assert noted(outcome) == []


def test_what_is_said_replaces_a_guess_and_its_text_moves_along() -> None:
    spanish = {"title": "Gestión del agua", "description": "Cómo se gestiona el agua en la ciudad."}
    outcome = harvest(lines(record(language=None, **spanish)))
    assert noted(outcome) == [(1, "language", "guessed-language", "noted")]
    [guessed] = offer().languages
    assert (guessed.code, guessed.origin) == ("es", LanguageOrigin.GUESSED)
    outcome = harvest(lines(record(language="es-AR", **spanish)))
    [said] = offer().languages
    assert (said.code, said.base, said.origin) == ("es-AR", "es", LanguageOrigin.DECLARED)
    assert (offer().language, offer().titles) == ("es-AR", {"es-AR": "Gestión del agua"})
    assert noted(outcome) == []


def test_a_text_so_far_stays_in_its_language_when_another_is_told_without_one() -> None:
    harvest(lines(record("water", description="All of it in English.", summary=None)))
    french = record("water", language="fr", title="Au fil de l'eau", summary=None)
    harvest(lines(french | {"description": ""}))
    told = state_of_all()
    assert (told["language"], told["languages"]) == ("fr", [("fr", "taught")])
    assert told["texts"] == {
        "en": ("About water", "All of it in English.", "<p>All of it in English.</p>"),
        "fr": ("Au fil de l'eau", "", ""),
    }


def test_a_language_that_is_corrected_takes_its_text_along() -> None:
    harvest(lines(record("water", description="Tout sur l'eau.", summary=None)))
    harvest(lines(record("water", language="fr", description="", summary=None)))
    text = ("About water", "Tout sur l'eau.", "<p>Tout sur l'eau.</p>")
    assert state_of_all()["texts"] == {"fr": text}


def test_a_language_that_a_program_found_is_marked_as_a_guess() -> None:
    outcome = harvest(lines(record(language="en", lang_src="detected")))
    assert offer().languages[0].origin is LanguageOrigin.GUESSED
    assert noted(outcome) == [(1, "language", "guessed-language", "noted")]


def test_a_course_may_turn_out_to_be_a_webinar() -> None:
    harvest(lines(record(kind="course")))
    assert isinstance(offer(), Course)
    harvest(lines(record(kind="webinar")))
    assert isinstance(offer(), Webinar)
    assert counts(harvest(lines(record(kind="webinar"))).report) == (1, 0, 0, 1, 0)


def test_a_harvest_does_not_bring_back_what_was_withdrawn() -> None:
    harvest(lines(FULL))
    with unit_of_work():
        catalogue.withdraw(offer(), now=NOW)
    outcome = harvest(lines(FULL | {"title": "Water, revised"}))
    assert offer().state is State.ARCHIVED
    assert offer().titles["en"] == "Water, revised"
    assert outcome.report.held == 0


def test_a_slug_outlives_a_new_title() -> None:
    harvest(lines(FULL))
    slug = offer().slug
    harvest(lines(FULL | {"title": "Rivers and lakes"}))
    assert offer().slug == slug == "about-water"


def test_first_publication_is_remembered() -> None:
    harvest(lines(FULL))
    first = offer().published_at
    harvest(lines(FULL | {"title": "Water, revised"}))
    assert offer().published_at == first
