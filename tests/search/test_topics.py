"""Issues that offers' words suggest: kept with the index, until people decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.operations import withdraw
from courses.catalogue.queries import whole
from courses.editing.topics import confirm, refuse
from courses.search.find import index_folder
from courses.search.guiding.topics import TopicState
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import terms_coded
from tests.making import NOW, make_offer, make_person
from tests.search.indexed import drained, indexed, look
from tests.suggested import decided, make_untagged, suggested

HOMES = "housing-and-transport"
TEXT = "Housing and transport"


@pytest.fixture
def folder(app: Flask) -> Path:
    """The index of an academy with one offer that nobody has described."""
    make_untagged(TEXT, summary="On housing, and again on housing.")
    return indexed(app)


def held(slug: str = HOMES) -> Offer:
    """Load the offer in the unit of work that is open."""
    return db.session.scalars(select(Offer).options(*whole()).where(Offer.slug == slug)).one()


def deciding(act: str, *codes: str, person: Person | None = None) -> int:
    """Let somebody decide; tells on how many."""
    key = (person or make_person("decides@example.org")).id
    with unit_of_work():
        by = db.session.get_one(Person, key)
        return {"confirm": confirm, "refuse": refuse}[act](held(), codes, person=by, now=NOW)


def rewrite(title: str, summary: str = "") -> None:
    """Let the offer say something else."""
    with unit_of_work():
        [text] = held().texts
        text.title, text.summary = title, summary


def test_an_offer_without_an_issue_has_those_its_words_name_the_strongest_first(
    folder: Path,
) -> None:
    assert suggested(HOMES) == ["housing", "mobility"]


def test_what_people_have_described_has_no_suggestion(app: Flask) -> None:
    slug = make_offer("Housing", issues=("water",)).slug
    indexed(app)
    assert decided(slug) == []


def test_three_are_enough(app: Flask) -> None:
    slug = make_untagged("Housing, transport, migration, culture, sanitation").slug
    indexed(app)
    assert len(suggested(slug)) == 3


def test_draining_does_as_building_anew(app: Flask) -> None:
    folder = indexed(app)
    slug = make_untagged(TEXT).slug
    assert suggested(slug) == []
    drained(folder)
    assert suggested(slug) == ["housing", "mobility"]


def test_another_text_has_others_and_keeps_what_was_decided(folder: Path) -> None:
    assert deciding("refuse", "mobility") == 1
    rewrite("Migration and transport")
    drained(folder)
    assert decided(HOMES) == [
        ("migration", TopicState.SUGGESTED),
        ("mobility", TopicState.REFUSED),
    ]


def test_what_was_refused_does_not_come_back_with_a_new_index(app: Flask, folder: Path) -> None:
    deciding("refuse", "housing", "mobility")
    indexed(app)
    assert suggested(HOMES) == []


def test_what_was_confirmed_describes_the_offer_and_leaves_the_rest_to_decide(
    folder: Path,
) -> None:
    assert look(folder, issue="housing").total == 0
    assert deciding("confirm", "housing") == 1
    drained(folder)
    assert look(folder, issue="housing").total == 1
    assert suggested(HOMES) == ["mobility"]


def test_facets_do_not_count_suggestions_and_count_what_is_confirmed(folder: Path) -> None:
    assert dict(look(folder).counts["issue"]) == {}
    deciding("confirm", "housing")
    drained(folder)
    assert dict(look(folder).counts["issue"]) == {"housing": 1}


def test_who_describes_it_by_hand_is_not_asked_any_more(folder: Path) -> None:
    with unit_of_work():
        offer = held()
        offer.terms.extend(terms_coded(Vocabulary.ISSUE, {"culture"}))
    drained(folder)
    assert suggested(HOMES) == []


def test_of_two_who_decide_the_first_is_heard(folder: Path) -> None:
    ana, bo = make_person("ana@example.org"), make_person("bo@example.org")
    assert deciding("confirm", "housing", person=ana) == 1
    assert deciding("refuse", "housing", person=bo) == 0
    assert deciding("confirm", "housing", person=bo) == 0
    assert decided(HOMES) == [
        ("housing", TopicState.CONFIRMED),
        ("mobility", TopicState.SUGGESTED),
    ]


def test_only_what_is_suggested_can_be_confirmed(folder: Path) -> None:
    assert deciding("confirm", "culture", "nothing", "") == 0
    assert [term.code for term in held().terms if term.vocabulary is Vocabulary.ISSUE] == []


def test_what_is_withdrawn_is_forgotten_but_for_what_was_decided(app: Flask, folder: Path) -> None:
    deciding("refuse", "mobility")
    with unit_of_work():
        withdraw(held(), now=NOW)
    drained(folder)
    assert decided(HOMES) == [("mobility", TopicState.REFUSED)]


def test_a_new_index_forgets_what_nobody_can_see(app: Flask, folder: Path) -> None:
    with unit_of_work():
        withdraw(held(), now=NOW)
    indexed(app)
    assert decided(HOMES) == []


def test_an_offer_that_is_deleted_takes_its_suggestions_with_it(app: Flask, folder: Path) -> None:
    with unit_of_work():
        db.session.delete(held())
    assert drained(index_folder(app)) > 0
    assert decided(HOMES) == []
