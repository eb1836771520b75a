"""A mapping that changes describes what is stored anew: no feed is asked for that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.editing.models import OfferVersion, VersionSource
from courses.harvesting.models import SourceRecord
from courses.harvesting.words import retagging
from courses.harvesting.words.mapping import (
    Meaning,
    count_words,
    coverage,
    set_mapping,
    stored_words,
)
from courses.harvesting.words.retagging import BATCH, Retagged, retag, retag_waiting
from courses.search.backlog import StaleOffer
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.harvesting.edited_by_hand import FULL, edit, noted_upstream
from tests.harvesting.harvested import (
    counts,
    harvest,
    lines,
    offer,
    offers,
    prints,
    record,
    source,
)
from tests.making import NOW

pytestmark = pytest.mark.usefixtures("app")
LATER = NOW + timedelta(minutes=1)
ISSUE, METHODOLOGY, AUDIENCE = Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.AUDIENCE


def say(word: str, code: str | None, vocabulary: Vocabulary = ISSUE, minute: int = 0) -> int:
    """Map a word, and leave what is stored as it is."""
    source_id = source()
    with unit_of_work():
        term = vocabularies().by_code[vocabulary, code] if code else None
        found = db.session.get_one(Source, source_id)
        meant, now = Meaning(word, vocabulary, term), NOW + timedelta(minutes=minute)
        set_mapping(found, meant, person=None, now=now)
    return source_id


def remap(word: str, code: str | None, vocabulary: Vocabulary = ISSUE) -> Retagged:
    """Map a word, and describe anew what is stored."""
    return retag(say(word, code, vocabulary), word, now=LATER)


def codes(name: str = "water") -> list[str]:
    return sorted(term.code for term in offer(name).terms)


def many(count: int) -> list[dict[str, Any]]:
    return [record(f"n{number}", subjects=["Ceramics"]) for number in range(count)]


def test_a_mapping_describes_stored_offers_without_a_feed() -> None:
    content = lines(record("water", subjects=["Ceramics"]), record("heat", subjects=["Poetry"]))
    harvest(content)
    assert remap("ceramics", "culture") == Retagged(1, True)
    assert (codes("water"), codes("heat")) == (["culture"], [])
    before = prints()
    assert counts(harvest(content).report) == (2, 0, 0, 2, 0)
    assert prints() == before


def test_the_history_says_that_the_feed_did_it_and_the_index_hears_of_that_offer_alone() -> None:
    harvest(lines(record("water", subjects=["Ceramics"]), record("heat", subjects=["Poetry"])))
    with unit_of_work():
        db.session.query(StaleOffer).delete()
    remap("ceramics", "culture")
    [version] = db.session.scalars(select(OfferVersion)).all()
    assert (version.source, version.changes) == (
        VersionSource.HARVEST,
        {"issues": [None, ["culture"]]},
    )
    assert set(db.session.scalars(select(StaleOffer.offer_id))) == {version.offer_id}
    assert version.offer_id == offer("water").id


def test_a_mapping_taken_back_takes_its_term_away() -> None:
    content = lines(record("water", subjects=["Ceramics", "Housing"]))
    harvest(content)
    remap("ceramics", "culture")
    assert codes() == ["culture", "housing"]
    assert remap("ceramics", None) == Retagged(1, True)
    assert codes() == ["housing"]
    assert counts(harvest(content).report) == (1, 0, 0, 1, 0)


def test_saying_the_same_again_changes_nothing() -> None:
    harvest(lines(record("water", subjects=["Ceramics"])))
    remap("ceramics", "culture")
    tables = ("offers", "offer_terms", "source_records", "offer_versions", "word_mappings")
    before = prints(tables)
    assert remap("CERAMICS", "culture") == Retagged(0, True)
    assert prints(tables) == before


@pytest.mark.parametrize(
    ("told", "word", "vocabulary", "code"),
    [
        ({"subjects": ["Housing, Ceramics"]}, "Ceramics", ISSUE, "culture"),
        ({"subjects": ["Glass-Blowing"]}, "glass blowing", METHODOLOGY, "webinar"),
        ({"terms": {"audience": ["Glass blowers"]}}, "glass blowers", AUDIENCE, "staff"),
        ({"terms": {"issue": ["pottery-9"]}}, "pottery 9", ISSUE, "culture"),
    ],
)
def test_a_word_is_found_wherever_it_stands(
    told: dict[str, Any], word: str, vocabulary: Vocabulary, code: str
) -> None:
    content = lines(record("water", **told))
    harvest(content)
    remap(word, code, vocabulary)
    assert code in codes()
    assert counts(harvest(content).report) == (1, 0, 0, 1, 0)


def test_only_offers_that_use_the_word_are_loaded() -> None:
    harvest(lines(record("water", subjects=["Ceramics"]), *(record(f"o{n}") for n in range(5))))
    source_id, loaded = say("ceramics", "culture"), list[int]()

    def listen(found: Offer, _context: object) -> None:
        loaded.append(found.id)

    event.listen(Offer, "load", listen, propagate=True)
    try:
        retag(source_id, "ceramics", now=LATER)
    finally:
        event.remove(Offer, "load", listen)
    assert loaded == [offer("water").id]


def test_many_records_are_described_some_at_a_time_and_go_on_where_they_were() -> None:
    content = lines(*many(BATCH + 5))
    harvest(content)
    source_id = say("ceramics", "culture")
    assert retag(source_id, "ceramics", now=LATER, limit=BATCH) == Retagged(BATCH, False)
    with_term = sum(bool(found.terms) for found in offers().values())
    assert with_term == BATCH
    assert retag_waiting(now=LATER) == 5
    assert all([term.code for term in found.terms] == ["culture"] for found in offers().values())
    assert retag_waiting(now=LATER) == 0
    assert counts(harvest(content).report) == (BATCH + 5, 0, 0, BATCH + 5, 0)


def test_what_is_stopped_in_the_middle_of_a_batch_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    harvest(lines(*many(5)))
    say("ceramics", "culture")

    def stop(*_told: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(retagging, "record_versions", stop)
        with pytest.raises(KeyboardInterrupt):
            retag_waiting(now=LATER)
    db.session.rollback()
    assert [found.terms for found in offers().values()] == [[]] * 5
    assert retag_waiting(now=LATER) == 5


def test_a_mapping_changed_meanwhile_is_still_to_be_done() -> None:
    harvest(lines(record("water", subjects=["Ceramics"])))
    source_id = say("ceramics", "culture")
    retag(source_id, "ceramics", now=LATER)
    say("ceramics", "housing", minute=5)
    assert (codes(), retag_waiting(now=LATER), codes()) == (["culture"], 1, ["housing"])


def test_issues_that_people_chose_stay_and_the_new_ones_are_noted() -> None:
    told = {key: value for key, value in FULL.items() if key != "terms"}
    harvest(lines(told | {"subjects": ["Ceramics", "water"]}))
    edit({"issues": ["housing"]})
    remap("ceramics", "culture")
    assert "culture" not in codes()
    assert "housing" in codes()
    assert noted_upstream() == {"issues": {"issues": ["culture", "water"]}} or noted_upstream() == {
        "issues": {"issues": ["water", "culture"]}
    }


def test_a_record_from_before_its_codes_were_kept_waits_for_the_next_harvest() -> None:
    content = lines(record("water", subjects=["Ceramics"]))
    harvest(content)
    with unit_of_work():
        db.session.query(SourceRecord).update({"fingerprint": ""})
    assert remap("ceramics", "culture") == Retagged(0, True)
    assert counts(harvest(content).report) == (1, 0, 1, 0, 0)
    assert codes() == ["culture"]


def covered() -> int | None:
    """Tell what is kept of how many words of the source are known."""
    db.session.rollback()
    [share] = coverage([db.session.get_one(Source, source())]).values()
    return share


def test_coverage_counts_the_uses_of_words_that_are_known() -> None:
    harvest(
        lines(
            record("a", subjects=["Water", "Ceramics"]),
            record("b", subjects=["Ceramics", "Poetry, Housing"]),
            record("c", terms={"section": ["africa"]}),
        )
    )
    found = stored_words(db.session.get_one(Source, source()))
    assert (found.uses, found.known) == ({"": 5}, {"": 2})
    remap("poetry", None)
    assert covered() == 60


def test_a_source_without_words_has_no_coverage_and_nearly_all_is_not_all() -> None:
    harvest(lines(record("water")))
    assert covered() is None
    harvest(
        lines(
            *(record(f"n{n}", subjects=["Water"]) for n in range(250)),
            record("odd", subjects=["Ceramics"]),
        )
    )
    mine = source()
    count_words(mine)
    assert covered() == 99
