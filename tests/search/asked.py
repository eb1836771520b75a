"""Questions to the catalogue by chance, and their answers when one looks without an index."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from sqlalchemy import select

from academy.db import db
from academy.institutions.models import Institution
from academy.text import plain_text
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.catalogue.texts import OfferLanguage, OfferText
from courses.search.analyzers import Phrase, title_token, tokens, words
from courses.search.concepts import glossary
from courses.search.engine import Counts
from courses.search.lexicon import lexicon
from courses.search.params import CHOICES, FACETS, SearchParams
from courses.search.plain.facets import condition, wanted
from courses.search.query import Group, TextQuery, text_query
from courses.search.weights import FEW
from courses.vocabularies.files import region_above, regions_below
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.making import NOW

UNHEARD_OF = "qwertzuiop"


@dataclass(frozen=True)
class Answer:
    """How many offers answer a question, and how many each value of each facet would show."""

    total: int
    counts: Counts


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


class Truth:
    """What the tables say, read once by SQL and then counted by hand, one offer at a time.

    It shares with the engines how a text becomes tokens and how a query is read, and nothing else.
    """

    def __init__(self) -> None:
        self._all = set(db.session.scalars(select(Offer.id).where(visible())))
        self._carrying = {facet: dict(self._values(facet)) for facet in FACETS}
        self._crosses = {
            facet: {value: _crosses(offers) for value, offers in carrying.items()}
            for facet, carrying in self._carrying.items()
        }
        self._holders: dict[str, set[int]] = defaultdict(set)
        self._said: dict[int, list[list[str]]] = defaultdict(list)
        for offer, text, language in _texts():
            if offer in self._all:
                self._said[offer].append(words(text))
                for token in tokens(text, language):
                    self._holders[token].add(offer)
        for offer, title, _, _ in _own_texts():
            self._holders[title_token(words(title))].add(offer)
        for offer, beginning, language in _beginnings():
            for term in lexicon().terms.said(beginning[:50], language):
                self._holders[f"?{term}"].add(offer)
            for concept in glossary().said(beginning, language):
                self._holders[f"*{concept}"].add(offer)

    def _values(self, facet: str) -> Iterator[tuple[str, set[int]]]:
        """Give every value of a facet that an offer has, with the offers that have it."""
        for value in _codes(facet):
            has = select(Offer.id).join(Institution).where(visible())
            offers = set(db.session.scalars(has.where(condition(facet, (value,), NOW))))
            if offers:
                yield value, offers

    def answer(self, params: SearchParams) -> Answer:
        """Count by hand."""
        matching = _crosses(self._matching(text_query(params.q, lexicon())))
        chosen = {
            facet: reduce(or_, (self._crosses[facet].get(value, 0) for value in values), 0)
            for facet, values in wanted(params).items()
        }
        counts: Counts = {}
        for facet, carrying in self._crosses.items():
            others = (offers for name, offers in chosen.items() if name != facet)
            seen = reduce(and_, others, matching)
            shared = {value: (offers & seen).bit_count() for value, offers in carrying.items()}
            counts[facet] = Counter({value: number for value, number in shared.items() if number})
        return Answer(reduce(and_, chosen.values(), matching).bit_count(), counts)

    def _matching(self, query: TextQuery) -> set[int]:
        if not query.asked:
            return self._all
        if not query.groups:
            return set()
        allowed = self._allowed(query)
        exact = [self._having(group, loosely=False) & allowed for group in query.groups]
        every = set.intersection(*exact)
        if len(every) >= FEW:
            return every
        covered = Counter(
            offer for group in query.groups for offer in self._having(group, loosely=True) & allowed
        )
        return set(covered)

    def _allowed(self, query: TextQuery) -> set[int]:
        if not query.phrases and not query.left_out:
            return self._all
        return {offer for offer in self._all if self._may(offer, query)}

    def _may(self, offer: int, query: TextQuery) -> bool:
        """Tell whether an offer says the phrases, and nothing that is to be left out.

        Nothing is left out of an offer whose title is just what was typed.
        """
        said = all(self._says(offer, phrase) for phrase in query.phrases)
        if offer in self._holding(query.title):
            return said
        return said and not any(self._says(offer, phrase) for phrase in query.left_out)

    def _says(self, offer: int, phrase: Phrase) -> bool:
        return any(_within(phrase, text) for text in self._said[offer])

    def _having(self, group: Group, *, loosely: bool) -> set[int]:
        found: set[int] = set()
        for way in group.asked(loosely=loosely):
            found |= set.intersection(*map(self._holding, way.tokens))
        return found

    def _holding(self, token: str) -> set[int]:
        """Give the offers that hold a token; one such as "#issue=water" is a value they carry."""
        if not token.startswith("#"):
            return self._holders.get(token, set())
        facet, _, code = token[1:].partition("=")
        if facet in self._carrying:
            return self._carrying[facet].get(code, set())
        carry = select(Offer.id).where(condition(facet, (code,), NOW))
        return set(db.session.scalars(carry))


def _crosses(offers: set[int]) -> int:
    """Cross offers off a list: one bit stands for each, so that counting takes no time."""
    row = bytearray(max(offers, default=0) // 8 + 1)
    for offer in offers:
        row[offer // 8] |= 1 << offer % 8
    return int.from_bytes(row, "little")


def _within(phrase: Sequence[str], text: list[str]) -> bool:
    size = len(phrase)
    return any(tuple(text[at : at + size]) == tuple(phrase) for at in range(len(text) - size + 1))


def _codes(facet: str) -> Iterable[str]:
    """Name every value that a facet may have."""
    if facet in CHOICES:
        return [value.value for value in CHOICES[facet]]
    if facet == "region":
        return [*region_above(), *regions_below()]
    if facet == "institution":
        return list(db.session.scalars(select(Institution.slug)))
    if facet == "language":
        return list(db.session.scalars(select(OfferLanguage.base).distinct()))
    return [term.code for term in vocabularies().of(Vocabulary(facet))]


def _own_texts() -> Iterator[tuple[int, str, str, str]]:
    """Give the title and the body of every text of an offer, and its language."""
    text = OfferText
    rows = select(text.offer_id, text.language, text.title, text.summary, text.description)
    for offer, language, title, summary, markup in db.session.execute(rows):
        body = plain_text(markup)
        said = body.startswith(summary[:60].rstrip("…"))
        yield offer, title, body if said else f"{summary} {body}", language


def _beginnings() -> Iterator[tuple[int, Phrase, str]]:
    """Give what an offer says first: two hundred words of its title and of its body."""
    for offer, *texts, language in _own_texts():
        yield from ((offer, tuple(words(said)[:200]), language) for said in texts)


def _texts() -> Iterator[tuple[int, str, str]]:
    """Give every text by which an offer can be found, with its language."""
    for offer, title, body, language in _own_texts():
        yield from ((offer, said, language) for said in (title, body))
    place = Institution
    of_offer = select(Offer.id, Offer.provider, Offer.language, place.name, place.city)
    for offer, provider, language, names, city in db.session.execute(of_offer.join(place)):
        yield from ((offer, one, language) for one in (provider, city))
        yield from ((offer, name, written_in) for written_in, name in names.items())
