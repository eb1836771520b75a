"""Questions to the catalogue by chance, and what their words match when one looks without index."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select

from academy.db import db
from academy.institutions.models import Institution
from academy.text import plain_text
from courses.catalogue.models import Offer, OfferText
from courses.search.analyzers import alternatives, tokens, words
from courses.search.engine import Counts
from courses.search.params import FACETS, SearchParams

UNHEARD_OF = "qwertzuiop"


def titles() -> list[str]:
    """Every title of the catalogue, in a fixed order."""
    return list(db.session.scalars(select(OfferText.title).order_by(OfferText.id)))


def questions(
    chance: random.Random, counts: Counts, known: Sequence[str], *, number: int
) -> Iterator[SearchParams]:
    """Make questions of up to three words from titles and values in up to four facets.

    `counts` are those of the whole catalogue; now and then a value or word is one nobody has.
    """
    for _ in range(number):
        chosen = {}
        for facet in chance.sample(FACETS, chance.choice((0, 0, 1, 1, 2, 3, 4))):
            values = [*_often(chance, counts[facet]), UNHEARD_OF]
            wanted = chance.choice((1, 1, 1, 2, 3))
            chosen[facet] = tuple(sorted(set(values[:wanted] if len(values) > wanted else values)))
        yield SearchParams(_words(chance, known), chosen)


def _often(chance: random.Random, values: dict[str, int]) -> list[str]:
    """Shuffle values so that frequent ones come first more often."""
    names = sorted(values)
    drawn = chance.choices(names, [values[name] for name in names], k=6) if names else []
    return list(dict.fromkeys(drawn))


def _words(chance: random.Random, known: Sequence[str]) -> str:
    wanted = chance.choice((0, 1, 1, 1, 2, 3))
    found = words(chance.choice(known))
    return " ".join(chance.sample(found, min(wanted, len(found))))


class Words:
    """Which visible or hidden offer holds which token, read from the database alone."""

    def __init__(self) -> None:
        self._holders: dict[str, set[int]] = defaultdict(set)
        self._offers: set[int] = set()
        for offer, text, language in self._texts():
            self._offers.add(offer)
            for token in tokens(text, language):
                self._holders[token].add(offer)

    @staticmethod
    def _texts() -> Iterator[tuple[int, str, str]]:
        text = OfferText
        rows = select(text.offer_id, text.language, text.title, text.summary, text.description)
        for offer, language, *parts, markup in db.session.execute(rows):
            yield from ((offer, part, language) for part in (*parts, plain_text(markup)))
        of_offer = select(Offer.id, Offer.provider, Offer.language, Institution.name)
        for offer, provider, language, names in db.session.execute(of_offer.join(Institution)):
            yield offer, provider, language
            yield from ((offer, name, written_in) for written_in, name in names.items())

    def match(self, question: str) -> set[int]:
        """Give the offers that match every word; marks alone match nothing."""
        asked = words(question)
        found = set() if question and not asked else self._offers
        for word in asked:
            found = found & self._any(alternatives(word))
        return found

    def _any(self, ways: Iterable[Sequence[str]]) -> set[int]:
        each = (
            set.intersection(*(self._holders.get(token, set()) for token in way)) for way in ways
        )
        return set().union(*each)
