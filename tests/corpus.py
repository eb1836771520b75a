"""A large catalogue in which every facet is full: records harvested as they are, but for terms,
languages and institutions given to them by a seeded chance. Real records describe little of this.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from academy.db import unit_of_work, utcnow
from academy.institutions.operations import add_institution
from courses.harvesting.draft import Feed
from courses.harvesting.operations import ensure_source
from courses.harvesting.pipeline import Progress, Report
from courses.harvesting.running import run_harvest
from courses.harvesting.words.table import MOST_OF
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data"
"""A sample of real feeds that may stand beside the checkout; it is not part of the project."""

SEED = 20261122
INSTITUTIONS = 24
FURTHER_LANGUAGES = ("fr", "es", "ar", "pt-BR", "sw", "es-MX")

Record = dict[str, Any]


def sample_records(sample: Path, *, number: int | None = None) -> list[Record]:
    """Read the sample of real records, or so many of them from all over it."""
    lines = (sample / "courses.jsonl").read_text(encoding="utf-8").strip().split("\n")
    wanted = len(lines) if number is None else min(number, len(lines))
    return [json.loads(lines[turn * len(lines) // wanted]) for turn in range(wanted)]


def feeds(records: Sequence[Record]) -> dict[str, Feed]:
    """Deal the records out to institutions and describe them with our terms, the same each time.

    The application context is open.
    """
    chance = random.Random(SEED)
    vocabulary = vocabularies()
    codes = {name: [term.code for term in vocabulary.of(name)] for name in MOST_OF}
    lines: dict[str, list[str]] = {f"school-{number}": [] for number in range(INSTITUTIONS)}
    for record in records:
        told = record | {
            "terms": {
                name.value: _some(chance, codes[name], most=most) for name, most in MOST_OF.items()
            }
        }
        if chance.random() < 0.1:
            told["languages"] = [chance.choice(FURTHER_LANGUAGES)]
        # Few teach much and many teach little, as everywhere.
        number = min(int(chance.expovariate(0.2)), INSTITUTIONS - 1)
        lines[f"school-{number}"].append(json.dumps(told, ensure_ascii=False))
    return {slug: Feed("\n".join(told).encode()) for slug, told in lines.items() if told}


def _some(chance: random.Random, codes: Sequence[str], *, most: int) -> list[str]:
    """Choose up to so many codes, the first ones more often."""
    wanted = chance.randrange(most + 1)
    return [codes[min(int(chance.expovariate(0.15)), len(codes) - 1)] for _ in range(wanted)]


def add_institutions() -> dict[str, int]:
    """Add the institutions, in every section and in none, each with a source; give the sources."""
    sections = [term.code for term in vocabularies().of(Vocabulary.SECTION)]
    sources = {}
    with unit_of_work():
        for number in range(INSTITUTIONS):
            slug = f"school-{number}"
            name = {"en": f"School {number} of the river", "es": f"Escuela {number} del río"}
            place = add_institution(slug, name=name, now=utcnow())
            place.section = [*sections, None][number % (len(sections) + 1)]
            source = ensure_source(place, "jsonl", adapter="jsonl", zone="UTC", now=utcnow())
            sources[slug] = source.id
    return sources


def harvest(
    sources: dict[str, int], told: dict[str, Feed], *, progress: Progress = lambda _report: None
) -> Iterator[Report]:
    """Read every feed into the catalogue, one harvest after the other."""
    for slug, feed in told.items():
        outcome = run_harvest(sources[slug], feed, "jsonl", progress=progress)
        assert outcome.failure is None, outcome.failure
        yield outcome.report
