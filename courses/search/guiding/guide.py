"""What a process keeps of titles, labels and names, to help people while they type.

It is read from the database in the background when the index has moved: until it is there, the
one before it answers. In the beginning there is none: who asks first waits a moment for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread
from time import monotonic

from flask import Flask, current_app
from sqlalchemy import func, select

from academy.db import db, utcnow
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed
from courses.catalogue.texts import OfferText
from courses.catalogue.together import offering
from courses.search.guiding.spelling import Spelling
from courses.search.guiding.suggesting import Entry, Suggestions
from courses.search.params import SearchParams
from courses.search.plain.facets import condition, wanted
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import vocabularies

log = logging.getLogger(__name__)
READ_AGAIN_AFTER = 30.0
"""Seconds between two readings, at least: while much is published, none is worth more."""

AT_REST = 50
"""How many times as long as a reading took nothing is read: it holds up whoever is answered."""

FIRST_WAIT = 0.25
"""Seconds that somebody waits at most for the first guide of a process."""


@dataclass(frozen=True)
class Guide:
    """The texts as of one moment."""

    suggestions: Suggestions
    spelling: Spelling


EMPTY = Guide(Suggestions({}), Spelling(()))


def read_guide(*, now: datetime) -> Guide:
    """Read the titles of what is not over, the labels of terms, and the names of who teaches."""
    titles = list(_titles(now))
    terms = {kind.value: list(_labels(kind)) for kind in TERMS}
    entries = {**terms, "institution": list(_names()), "title": titles}
    told = (entry.text for found in (*terms.values(), titles) for entry in found)
    return Guide(Suggestions(entries), Spelling(told))


TERMS = (Vocabulary.ISSUE, Vocabulary.METHODOLOGY)


def _titles(now: datetime) -> Iterator[Entry]:
    conditions = [condition(*chosen, now) for chosen in wanted(SearchParams()).items()]
    rows = (
        select(OfferText.title, OfferText.language)
        .join(Offer)
        .where(listed(), *conditions)
        .order_by(Offer.review_count.desc(), Offer.published_at.desc(), OfferText.id)
    )
    for title, language in db.session.execute(rows):
        yield Entry(title, language)


def _labels(kind: Vocabulary) -> Iterator[Entry]:
    for term in vocabularies().of(kind):
        yield from _of_term(term)


def _of_term(term: Term) -> Iterator[Entry]:
    """Give the names of a term, in each language its label first."""
    for language, label in term.labels.items():
        yield Entry(label, language, term.code)
    for language, others in term.alternatives.items():
        yield from (Entry(other, language, term.code) for other in others)


def _names() -> Iterator[Entry]:
    """Give the names of institutions, first those that offer most."""
    told = offering().subquery()
    rows = (
        select(Institution)
        .join(told, told.c.institution_id == Institution.id)
        .join(Offer, Offer.id == told.c.offer_id)
        .where(listed())
        .group_by(Institution.id)
        .order_by(func.count().desc(), Institution.id)
    )
    for institution in db.session.scalars(rows):
        for language, name in institution.name.items():
            yield Entry(name, language, institution.slug)


class Guides:
    """Gives the newest guide of this process, and has it read anew."""

    def __init__(self) -> None:
        self._guide = EMPTY
        self._stamp: object = None
        self._read_next_at = 0.0
        self._one_reads = Lock()
        self._reader: Thread | None = None

    def newest(self, stamp: object) -> Guide:
        """Give the guide there is; when the stamp is another, one is read in the background.

        While the first is being read it is `EMPTY`. The application context is open.
        """
        aged = monotonic() >= self._read_next_at
        if stamp != self._stamp and aged and self._one_reads.acquire(blocking=False):
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
            reader = Thread(target=self._in_background, args=(app, stamp), daemon=True)
            reader.start()
            self._reader = reader
        if self._guide is EMPTY and self._reader:
            self._reader.join(FIRST_WAIT)
        return self._guide

    def finish(self) -> None:
        """Wait until what is being read has been read."""
        if self._reader:
            self._reader.join()

    def read(self, stamp: object, *, now: datetime) -> None:
        """Read the guide here and now."""
        self._guide, self._stamp = read_guide(now=now), stamp

    def _in_background(self, app: Flask, stamp: object) -> None:
        started = monotonic()
        try:
            with app.app_context():
                self.read(stamp, now=utcnow())
        except Exception:
            # People type on without it; the next look tries again.
            log.exception("suggestions could not be read")
        finally:
            ended = monotonic()
            self._read_next_at = ended + max(READ_AGAIN_AFTER, AT_REST * (ended - started))
            self._one_reads.release()
