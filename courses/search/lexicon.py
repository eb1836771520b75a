"""What the academy knows of words: labels of terms, names of regions, the names a place has."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock

from academy.memory import give_back
from courses.search.analyzers import Phrase, words
from courses.search.names import Meanings
from courses.vocabularies.kept import stamp
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import vocabularies

PLACES = Path(__file__).resolve().parent.parent / "data" / "places.toml"
REGIONS = PLACES.with_name("region-names.csv")
"""The names of countries and regions of the world, as the Unicode CLDR has them (version 47)."""

NAMED = (Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.SDG)
"""The vocabularies whose labels, told by stewards, are looked for in texts and queries."""

LONGEST_PLACE = 5
"""Words of the longest name of a place that is looked for in a query."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What labels mean, as facet values such as "issue=housing", and the names of places."""

    terms: Meanings = field(default_factory=Meanings)
    places: Mapping[Phrase, frozenset[Phrase]] = field(default_factory=dict)
    """All names of the place that a name is of, itself among them."""


@dataclass
class _Kept:
    stamp: object = None
    lexicon: Lexicon = field(default_factory=Lexicon)


_kept = _Kept()
_one_makes = Lock()


def lexicon() -> Lexicon:
    """Give what is known of words; made anew once a steward has changed a term."""
    known = stamp()
    with _one_makes:
        if _kept.stamp != known:
            _kept.lexicon = Lexicon(Meanings(_terms()), _places())
            _kept.stamp = known
            give_back()
        return _kept.lexicon


def _terms() -> Iterator[tuple[str, str, str]]:
    vocabulary = vocabularies(Vocabulary.SDG)
    for kind in NAMED:
        for term in vocabulary.of(kind):
            for language, label in _labels(term):
                yield f"{kind.value}={term.code}", language, label
    with REGIONS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code = row.pop("code")
            yield from ((f"region={code}", language, name) for language, name in row.items())


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
        found.update(dict.fromkeys(names, names))
    return found
