"""By which terms an offer is described: the words of its record, and what people said of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from courses.catalogue.models import Offer
from courses.catalogue.queries import terms_by_id
from courses.vocabularies.models import Term, Vocabulary

Speaks = Callable[[Vocabulary], bool]
"""Tells whether a record has a word from which a term of the vocabulary could come."""


def terms_at_hand(wanted: Iterable[Term]) -> dict[int, Term]:
    """Load terms in this transaction, by their keys."""
    return {term.id: term for term in terms_by_id({term.id for term in wanted})}


def described(said: Iterable[Term], speaks_of: Speaks, before: Iterable[Term]) -> list[Term]:
    """Give the terms of a record, and those from before of which it says nothing."""
    kept = (term for term in before if not speaks_of(term.vocabulary))
    return [*said, *kept]


def with_confirmed(
    terms: Sequence[Term], offer: Offer, confirmed: Mapping[int, Collection[int]]
) -> list[Term]:
    """Keep the issues that people confirmed and the offer still has: a feed does not know them."""
    by_people = confirmed.get(offer.id, ())
    own = [term for term in offer.terms if term.id in by_people and term not in terms]
    return [*terms, *own]
