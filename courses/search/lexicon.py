"""What the academy knows of words: labels that name terms, and the names a place has."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

from sqlalchemy import func, select

from academy.db import db
from academy.i18n import base_language
from courses.search.analyzers import SNOWBALL, Phrase, stems, words
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import vocabularies

PLACES = Path(__file__).resolve().parent.parent / "data" / "places.toml"
LONGEST_LABEL = 5
"""Words of the longest label, or name of a place, that is looked for in a query."""

LONG_ENOUGH = 5
"""Letters a stem needs to name a term in a language that nobody said the query is in."""

Key = tuple[str, Phrase]
"""A language and the stems of a label in it; no language, and its words as they are."""


@dataclass(frozen=True)
class Lexicon:
    """Facet values such as "issue=housing" by label, and the other names of a place by name."""

    terms: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    places: Mapping[Phrase, frozenset[Phrase]] = field(default_factory=dict)

    def named(self, phrase: Phrase) -> frozenset[str]:
        """Give the terms that words name, inflected in whatever language."""
        if len(phrase) > LONGEST_LABEL:
            return frozenset()
        keys = [("", phrase), *((code, stems(phrase, code)) for code in SNOWBALL)]
        return frozenset().union(*(self.terms.get(key, ()) for key in keys))

    def said(self, text: Phrase, language: str) -> Iterator[str]:
        """Give the terms whose labels a text in a language says, as often as it says them."""
        base = base_language(language)
        as_stems = stems(text, base) if base in SNOWBALL else text
        for start, (word, stemmed) in enumerate(zip(text, as_stems, strict=True)):
            if word not in self._first and stemmed not in self._first:
                continue
            for end in range(start + 1, min(start + LONGEST_LABEL, len(text)) + 1):
                yield from self.terms.get(("", text[start:end]), ())
                if text[start:end] != as_stems[start:end]:
                    yield from self.terms.get((base, as_stems[start:end]), ())

    @cached_property
    def _first(self) -> frozenset[str]:
        """The words, and the stems, that a label begins with: most words begin none."""
        return frozenset(phrase[0] for _, phrase in self.terms)


@dataclass
class _Kept:
    stamp: object = None
    lexicon: Lexicon = field(default_factory=Lexicon)


_kept = _Kept()
_one_makes = Lock()


def lexicon() -> Lexicon:
    """Give what is known of words; made anew once a steward has changed a term."""
    stamp = db.session.execute(select(func.count(), func.max(Term.changed_at))).one()
    known = db.engine.url, tuple(stamp)
    with _one_makes:
        if _kept.stamp != known:
            _kept.lexicon = Lexicon(_terms(), _places())
            _kept.stamp = known
        return _kept.lexicon


def _terms() -> dict[Key, frozenset[str]]:
    found: dict[Key, set[str]] = defaultdict(set)
    vocabulary = vocabularies(Vocabulary.SDG)
    for kind in (Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.SDG):
        for term in vocabulary.of(kind):
            for key in _keys(term):
                found[key].add(f"{kind.value}={term.code}")
    return {key: frozenset(terms) for key, terms in found.items()}


def _keys(term: Term) -> Iterator[Key]:
    for language, label in _labels(term):
        phrase = tuple(words(label))
        if not 0 < len(phrase) <= LONGEST_LABEL:
            continue
        yield "", phrase
        base = base_language(language)
        stemmed = stems(phrase, base) if base in SNOWBALL else ()
        # Short stems are those of too many words: "kind" would be German for children.
        if stemmed and all(len(one) >= LONG_ENOUGH for one in stemmed):
            yield base, stemmed


def _labels(term: Term) -> Iterable[tuple[str, str]]:
    yield from term.labels.items()
    for language, others in term.alternatives.items():
        yield from ((language, other) for other in others)


@cache
def _places() -> dict[Phrase, frozenset[Phrase]]:
    if not PLACES.is_file():
        return {}
    found: dict[Phrase, frozenset[Phrase]] = {}
    for place in tomllib.loads(PLACES.read_text(encoding="utf-8"))["places"]:
        names = frozenset(tuple(words(name)) for name in place["names"])
        found.update({name: names - {name} for name in names})
    return found
