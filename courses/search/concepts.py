"""Concepts: everyday words that mean the same, in twenty languages, so that a query meets a text.

The glossary is `data/concepts`, a table a subject: a row is a concept, a column a language, a cell
the words of that language for it, the usual one first. It joins "ciclovía" and "bike lane", and
"rubbish" and "waste"; unlike a term of a vocabulary a concept describes no offer, and nobody
chooses it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from academy.memory import give_back
from courses.search.names import Meanings

GLOSSARY = Path(__file__).resolve().parent.parent / "data" / "concepts"
NARROWER = GLOSSARY.with_name("narrower-concepts.csv")
GOING_ON = {"de": 5, "nl": 5, "tr": 5, "uk": 5, "fa": 4, "ko": 2}
"""Languages whose words go on after a name, as compounds or with endings that no stemmer takes off,
and how many letters the name then needs."""


@cache
def glossary() -> Meanings:
    """Give what names of concepts mean, read once."""
    found = Meanings(names(), going_on=GOING_ON)
    give_back()
    return found


@cache
def narrower() -> dict[str, tuple[str, ...]]:
    """Give, of a concept, those it takes in: who looks for waste may mean recycling."""
    with NARROWER.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: tuple(row["narrower"].split("|")) for row in csv.DictReader(lines)}


def tables() -> list[Path]:
    """Name the files of the glossary."""
    return sorted(GLOSSARY.glob("*.csv"))


def names() -> Iterator[tuple[str, str, str]]:
    """Give every name in the glossary, with the code of its concept and its language."""
    for table in tables():
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                code = row.pop("code")
                for language, cell in row.items():
                    yield from ((code, language, name) for name in cell.split("|") if name.strip())
