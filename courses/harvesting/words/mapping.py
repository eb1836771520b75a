"""Partners' words and our terms, over the records that are stored: coverage, what is unmapped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db, unit_of_work
from courses.catalogue.texts import OfferText
from courses.harvesting import queries
from courses.harvesting.models import SourceRecord, WordMapping
from courses.harvesting.words.table import (
    MAPPED,
    OF_SUBJECTS,
    Use,
    WordTable,
    folded_word,
    looked_in,
    parts_of,
)
from courses.sources.models import Source
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Term, Vocabulary

SAMPLES = 3
"""Offers that show how a word is used."""

AT_ONCE = 1_000
WHOLE = 100


@dataclass
class Heard:
    """A word of a source, what it means, and how often it is used. `among` is "" of subjects."""

    word: str
    among: str
    terms: tuple[Term, ...] | None = None
    """What it means; None where nobody knows it, and nothing where it is none of ours."""

    count: int = 0
    offer_ids: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@dataclass
class StoredWords:
    """The words of the records of a source: how often they are used, and what they mean.

    `table` is what the source starts with: words of its own are not among those that were heard.
    """

    table: WordTable
    uses: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    heard: dict[tuple[str, str], Heard] = field(default_factory=dict)

    def hear(self, use: Use, *, count: int, offer_ids: Sequence[int]) -> None:
        """Count a word as often as it is used so. What no mapping reaches is not counted."""
        folded = folded_word(use.word)
        if not folded or (use.among and use.among not in MAPPED):
            return
        self.uses[use.among] += count
        self.known[use.among] += count if use.terms is not None else 0
        if use.ours or self.table.is_own(use.among, use.word):
            return
        new = Heard(use.word.strip(), use.among, use.terms)
        found = self.heard.setdefault((use.among, folded), new)
        found.count += count
        found.offer_ids = list(dict.fromkeys((*found.offer_ids, *offer_ids)))[:SAMPLES]

    def coverage_of(self, among: str) -> int | None:
        """Tell how many of 100 uses in one place are of a known word; None where there is none."""
        return _percent(self.known[among], self.uses[among])

    def most_used(self, *, known: bool = False) -> list[Heard]:
        """List the words nobody knows, or those that we know unasked, the most frequent first."""
        wanted = [one for one in self.heard.values() if (one.terms is not None) is known]
        return sorted(wanted, key=lambda one: (-one.count, one.word.casefold()))


def _percent(known: int, uses: int) -> int | None:
    return known * WHOLE // uses if uses else None


def stored_words(source: Source) -> StoredWords:
    """Look through the words of all stored records of a source; no offer is loaded."""
    table = queries.word_table(source, kept_vocabularies())
    found = StoredWords(table)
    for (among, word), said in _said(source.id).items():
        table.told = partial(found.hear, count=said.count, offer_ids=said.offer_ids)
        if among:
            table.terms((), {among: [word]})
        else:
            table.terms([word], {})
    return found


def coverage(sources: Collection[Source]) -> dict[int, int | None]:
    """Tell for each of these sources how many of 100 uses of a word are of one that is known.

    Known is also what is known to be none of ours. What is nearly all is not called all.
    """
    return {one.id: _percent(one.words_covered, one.words_used) for one in sources}


def count_words(source_id: int) -> None:
    """Count anew how often records of a source use words, and known ones.

    Reads all of its records, so that the transaction it opens only keeps what came out.
    """
    words = stored_words(db.session.get_one(Source, source_id))
    with unit_of_work():
        source = db.session.get_one(Source, source_id)
        source.words_used, source.words_covered = words.uses.total(), words.known.total()


@dataclass(slots=True)
class _Said:
    count: int = 0
    offer_ids: list[int] = field(default_factory=list)


def _said(source_id: int) -> dict[tuple[str, str], _Said]:
    """Count each word of the source where it stands, with some offers that use it."""
    found: dict[tuple[str, str], _Said] = defaultdict(_Said)
    columns = SourceRecord.words, SourceRecord.codes, SourceRecord.offer_id
    rows = select(*columns).where(SourceRecord.source_id == source_id)
    for words, codes, offer_id in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        for among, given in (("", words), *codes.items()):
            for word in given:
                said = found[among, word]
                said.count += 1
                if len(said.offer_ids) < SAMPLES:
                    said.offer_ids.append(offer_id)
    return found


def with_titles(shown: Collection[Heard]) -> None:
    """Give words the titles of offers that use them."""
    wanted = {key for one in shown for key in one.offer_ids}
    rows = select(OfferText.offer_id, OfferText.title).where(OfferText.offer_id.in_(wanted))
    titles = {key: title for key, title in db.session.execute(rows.order_by(OfferText.id.desc()))}
    for one in shown:
        one.titles = [titles[key] for key in one.offer_ids if key in titles]


def said_words(source: Source) -> list[Heard]:
    """List the words of which something was said; among subjects a word is one, of two tables."""
    meant: dict[tuple[str, str], tuple[Term, ...]] = {}
    for row in queries.mappings_of(source):
        place = "" if row.vocabulary in OF_SUBJECTS else row.vocabulary.value, row.word
        meant[place] = meant.get(place, ()) + ((row.term,) if row.term else ())
    return [Heard(word, among, terms) for (among, word), terms in sorted(meant.items())]


@dataclass(frozen=True, slots=True)
class Said:
    """A word, among what it stands, and the term it means; None for none of ours.

    `among` is "" of subjects, or the name of a vocabulary; `as_before` when the word is to mean
    again what it means unasked.
    """

    word: str
    among: str
    term: Term | None = None
    as_before: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means among the terms of a vocabulary; without a term, it is none of ours."""

    word: str
    vocabulary: Vocabulary
    term: Term | None


def set_mapping(
    source: Source, said: Meaning, *, person: Person | None, now: datetime
) -> WordMapping:
    """Say what a word of the source means.

    The stored records wait to be described anew by it: see `retagging`. Saying the same again
    changes nothing.
    """
    folded, key = folded_word(said.word), said.term.id if said.term else None
    mapping = queries.mapping_of(source, said.vocabulary, folded)
    if mapping is not None and mapping.term_id == key and not mapping.withdrawn:
        return mapping
    if mapping is None:
        mapping = WordMapping(source_id=source.id, vocabulary=said.vocabulary, word=folded)
        db.session.add(mapping)
    mapping.term_id, mapping.changed_at, mapping.withdrawn = key, now, False
    db.session.flush()
    meant = [said.vocabulary.value, folded, *([said.term.code] if said.term else [])]
    note("word-mapped", f"source:{source.reference}", by=person, now=now, fields=meant)
    return mapping


def keep(source: Source, said: Said, *, person: Person | None, now: datetime) -> None:
    """Keep what is said of a word; among subjects it is then of one vocabulary alone.

    What it meant in another of them, it means no more.
    """
    table = queries.word_table(source, kept_vocabularies())
    for vocabulary in looked_in(said.among):
        if said.as_before:
            withdraw_mapping(source, said.word, vocabulary, person=person, now=now)
            continue
        mine = said.term is not None and said.term.vocabulary is vocabulary
        if mine or said.term is None or table.knows(vocabulary, said.word):
            meant = Meaning(said.word, vocabulary, said.term if mine else None)
            set_mapping(source, meant, person=person, now=now)


def withdraw_mapping(
    source: Source, word: str, vocabulary: Vocabulary, *, person: Person | None, now: datetime
) -> None:
    """Let a word mean again what it means unasked; the stored records wait for it as for a new one.

    Of a word of which nothing was said, nothing is withdrawn.
    """
    mapping = queries.mapping_of(source, vocabulary, folded_word(word))
    if mapping is None or mapping.withdrawn:
        return
    mapping.withdrawn, mapping.changed_at = True, now
    about = f"source:{source.reference}"
    note("word-withdrawn", about, by=person, now=now, fields=[vocabulary.value, mapping.word])


def words_said(words: Collection[str], codes: dict[str, list[str]]) -> set[str]:
    """Give every word of a record, folded, and the parts of those that are several."""
    said = [*words, *(code for given in codes.values() for code in given)]
    return {folded_word(one) for word in said for one in (word, *parts_of(word))}
