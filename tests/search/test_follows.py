"""The index follows what changes around an offer: recordings, stewards' words, and the clock."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import whole
from courses.editing.links import set_links
from courses.jobs import each_minute
from courses.search import indexing
from courses.search.answering.snapshots import Reader
from courses.search.backlog import StaleOffer, waiting
from courses.search.engine import Question
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.operations import edit_words
from courses.vocabularies.queries import terms_coded
from tests.making import NOW, make_offer, make_person
from tests.search.indexed import ask, drained, indexed, look
from tests.suggested import make_untagged

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def stale() -> list[int]:
    return list(db.session.scalars(select(StaleOffer.offer_id).order_by(StaleOffer.offer_id)))


def runs(*hours: float) -> list[RunContent]:
    """Give editions that begin in so many hours, and go on for half an hour each."""
    starts = [NOW + hour * HOUR for hour in hours]
    return [RunContent(starts_at=start, ends_at=start + HOUR / 2) for start in starts]


def test_a_recording_that_is_set_by_itself_is_found(app: Flask) -> None:
    start = NOW - timedelta(days=2)
    met = MeetingContent(start, start + HOUR, {"en": "The harbour"})
    held = RunContent(starts_at=start, ends_at=start + HOUR, meetings=[met])
    number = make_offer("Harbour", kind=Kind.WEBINAR, runs=[held]).id
    folder = indexed(app)
    assert look(folder).total == look(folder, when="recorded").total == 0
    person = make_person()

    with unit_of_work():
        offer = db.session.scalars(select(Offer).options(*whole())).one()
        links = {"join_link": "", "recording": "https://example.org/harbour"}
        set_links(offer, offer.runs[0].meetings[0].uid, links, person=person, now=NOW)

    drained(folder)
    assert look(folder).numbers == look(folder, when="recorded").numbers == [number]


def test_a_steward_who_adds_a_word_has_all_texts_read_again_for_it(app: Flask) -> None:
    number = make_untagged("About qanats").id
    hidden = make_offer("Old qanats").id
    folder = indexed(app)
    with unit_of_work():
        db.session.get_one(Offer, hidden).canonical_id = number
    drained(folder)
    assert look(folder, "agua").total == 0
    person = make_person()

    with unit_of_work():
        for term in terms_coded(Vocabulary.ISSUE, ["water", "housing"]):
            word = "qanats" if term.code == "water" else "yurts"
            term.alternatives = {**term.alternatives, "en": [word]}

    assert stale() == [number]
    drained(folder)
    assert look(folder, "agua").numbers == [number]
    with unit_of_work():
        [term] = terms_coded(Vocabulary.ISSUE, ["water"])
        edit_words(term, {"en": "Water"}, {"en": []}, by=person, now=NOW)
    drained(folder)
    assert look(folder, "agua").total == 0


def test_the_name_of_a_language_is_in_no_document(app: Flask) -> None:
    make_offer()
    drained(indexed(app))
    person = make_person()
    with unit_of_work():
        [term] = terms_coded(Vocabulary.LANGUAGE, ["en"])
        edit_words(term, {"en": "Anglian"}, {}, by=person, now=NOW)
    assert waiting() == 0


def test_an_offer_with_a_third_run_is_not_over_after_the_second(app: Flask) -> None:
    make_offer("Harbour", kind=Kind.WEBINAR, runs=runs(1, 2, 5))
    folder = indexed(app)
    assert dict(look(folder).counts["when"]) == {"upcoming": 1}
    later = NOW + 3 * HOUR

    each_minute(now=later)

    assert indexing.drain(folder, now=later) == 1
    found = ask(Reader(folder).snapshot(), SearchParams(), now=later)
    assert (found.total, dict(found.counts["when"])) == (1, {"upcoming": 1})
    assert found.counts == Plain().search(Question(SearchParams(), later)).counts


def test_every_minute_is_looked_at_once_and_none_is_left_out(app: Flask) -> None:
    first, second = make_offer("Harbour", runs=runs(1)).id, make_offer("Bridges", runs=runs(2)).id
    make_offer("Always open")
    seconds = timedelta(seconds=40)
    third = make_offer("Late", runs=[RunContent(starts_at=NOW + HOUR + MINUTE + seconds)]).id
    drained(indexed(app))

    def told(hours: float, and_: timedelta = timedelta()) -> list[int]:
        each_minute(now=NOW + hours * HOUR + and_)
        found = stale()
        with unit_of_work():
            db.session.query(StaleOffer).delete()
        return found

    assert told(0) == []
    assert told(1, -MINUTE) == []
    assert told(1) == [first]
    # What begins within this minute has begun: the index knows no seconds.
    assert told(1, MINUTE) == [third]
    assert told(1, MINUTE + seconds) == []
    # The worker was away when the first ended, and when the second began and ended.
    assert told(9) == [first, second]
    assert told(9) == []


def test_hidden_offers_and_clocks_set_back_leave_no_row(app: Flask) -> None:
    kept = make_offer("Harbour", runs=runs(1)).id
    hidden = make_offer("Bridges", runs=runs(1)).id
    folder = indexed(app)
    with unit_of_work():
        db.session.get_one(Offer, hidden).canonical_id = kept
    drained(folder)
    each_minute(now=NOW + 9 * HOUR)
    assert stale() == [kept]
    drained(folder)
    each_minute(now=NOW)
    assert stale() == []
    each_minute(now=NOW + HOUR)
    assert stale() == [kept]
