"""Made records, where no sample of real ones is at hand: titles of words of the vocabularies."""

from __future__ import annotations

import random

from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.corpus import Record

MOST = 24_000
SEED = 7


def made_records(number: int) -> list[Record]:
    """Make records in every language that our issues and methods are named in; always the same.

    The application context is open.
    """
    chance = random.Random(SEED)
    words = _words()
    return [_record(chance, words, turn) for turn in range(number)]


def _words() -> dict[str, list[str]]:
    """Gather the labels of terms by language."""
    found: dict[str, list[str]] = {}
    for vocabulary in (Vocabulary.ISSUE, Vocabulary.METHODOLOGY):
        for term in vocabularies().of(vocabulary):
            for language, label in term.labels.items():
                found.setdefault(language, []).append(label)
            for language, labels in term.alternatives.items():
                found.setdefault(language, []).extend(labels)
    return found


def _record(chance: random.Random, words: dict[str, list[str]], turn: int) -> Record:
    language = chance.choice(sorted(words))
    title = " – ".join(chance.sample(words[language], 2))
    sentences = [" ".join(chance.choices(words[language], k=6)) for _ in range(chance.randrange(5))]
    return {
        "source": "made",
        "source_id": str(turn),
        "title": f"{title} {turn % 900}",
        "description": ". ".join(sentences),
        "language": language,
        "lang_src": "declared",
        "kind": chance.choice(("course", "course", "course", "webinar")),
        "url": f"https://learning.example.org/{turn}",
        "subjects": [],
    }
